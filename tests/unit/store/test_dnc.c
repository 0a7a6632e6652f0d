/* Do not contact: what a number's owner asked for, and that it comes to all leads with the number. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/dnc.h"

#include "fixture.h"

static void assert_dnc(struct fixture *fixture, int64_t organization_id, bool calls, bool messages)
{
    struct dnc dnc = {!calls, !messages};
    ck_assert_int_eq(store_dnc_get(fixture->session, organization_id, SLICE("+1"), &dnc), ERR_OK);
    ck_assert(dnc.calls == calls && dnc.messages == messages);
}

static enum err set(struct fixture *fixture, bool calls, bool messages)
{
    struct dnc dnc = {calls, messages};
    return IN_TRANSACTION(fixture->session, store_dnc_set(fixture->session, 1, SLICE("+1"), &dnc));
}

START_TEST(it_is_remembered_by_number_and_organization)
{
    static const struct dnc rows[] = {{true, false}, {true, true}, {false, true}, {false, false}};
    struct fixture fixture;
    fixture_init(&fixture);
    assert_dnc(&fixture, 1, false, false);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ck_assert_int_eq(set(&fixture, rows[i].calls, rows[i].messages), ERR_OK);
        assert_dnc(&fixture, 1, rows[i].calls, rows[i].messages);
        assert_dnc(&fixture, 2, false, false);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(what_is_read_to_be_changed_is_the_same)
{
    struct fixture fixture;
    fixture_init(&fixture);
    for (int i = 0; i < 3; i++) {
        struct dnc dnc = {true, true};
        ck_assert_int_eq(
            IN_TRANSACTION(fixture.session, store_dnc_get_locked(fixture.session, 1, SLICE("+1"), &dnc)),
            ERR_OK);
        ck_assert(dnc.calls == (i > 1) && dnc.messages == (i > 1));
        assert_dnc(&fixture, 1, i > 1, i > 1);
        if (i == 1)
            ck_assert_int_eq(set(&fixture, true, true), ERR_OK);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(it_comes_to_all_leads_of_the_number)
{
    struct fixture fixture;
    fixture_init(&fixture);
    static const char *const phones[] = {"+1", "+1", "+2", NULL};
    static const char *const emails[] = {"a", "b", "a", "a"};
    for (size_t i = 0; i < ARRAY_LENGTH(phones); i++) {
        struct lead lead = sample_lead(phones[i], emails[i]);
        lead.next_call_us = 5;
        lead.next_call_reason = LEAD_NEXT_CALL_REASON_RETRY;
        insert_lead(fixture.session, &lead);
    }
    ck_assert_int_eq(set(&fixture, true, false), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM lead WHERE call_dnc = 1 AND sms_dnc = 0"
                                              " AND next_call_us IS NULL AND next_call_reason IS NULL"
                                              " AND phone_number = '+1'"),
                     2);
    ck_assert_int_eq(
        fixture_number(&fixture, "SELECT count(*) FROM lead WHERE call_dnc = 0 AND next_call_us = 5"), 2);
    ck_assert_int_eq(set(&fixture, false, true), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM lead WHERE call_dnc = 0 AND sms_dnc = 1"),
                     2);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("dnc", it_is_remembered_by_number_and_organization, what_is_read_to_be_changed_is_the_same,
          it_comes_to_all_leads_of_the_number)
