/* Leads that are due: handed out oldest first, to one dialer at a time, and only if they may be called at that moment. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "dial_test.h"

static int64_t person_lead(struct dial_test *test, int64_t lead_type, const char *phone, const char *state)
{
    static int count;
    char email[40];
    snprintf(email, sizeof(email), "person%d@example.com", ++count);
    struct person person = {.lead_type = lead_type, .phone = phone, .email = email, .state = state};
    return dial_lead(test, &person).id;
}

START_TEST(the_oldest_come_first)
{
    struct dial_test test;
    int64_t ids[3];
    dial_init(&test, "2026-11-23T15:00:00Z");
    for (size_t i = 0; i < ARRAY_LENGTH(ids); i++) {
        char phone[20];
        snprintf(phone, sizeof(phone), "+1212555012%zu", i);
        ids[i] = person_lead(&test, CALLED, phone, "NY");
        test.now_us += MINUTE_US;
    }
    struct leasing peek = {.limit = 10, .peek = true};
    ck_assert_int_eq(dial_at_once(&test, dial_due, &peek), ERR_OK);
    ck_assert_uint_eq(peek.due.count, 3);
    ck_assert(slice_is_null(peek.due.items[0].lease_id));
    struct due_leads first = dial_lease(&test, 2), second = dial_lease(&test, 2);
    ck_assert_uint_eq(first.count, 2);
    ck_assert_uint_eq(second.count, 1);
    ck_assert_int_eq(first.items[0].lead.id, ids[0]);
    ck_assert_int_eq(first.items[1].lead.id, ids[1]);
    ck_assert_int_eq(second.items[0].lead.id, ids[2]);
    ck_assert_int_eq(first.items[0].lease_until_us, test.now_us + 5 * MINUTE_US);
    ck_assert_int_eq(first.items[0].lead.next_call_us, instant("2026-11-23T15:00:00Z"));
    ck_assert(!slice_equal(first.items[0].lease_id, first.items[1].lease_id));
    ck_assert_uint_eq(dial_lease(&test, 10).count, 0);
    /* When the leases have ended, all are due again, in the old order. */
    test.now_us += 5 * MINUTE_US;
    first = dial_lease(&test, 10);
    ck_assert_uint_eq(first.count, 3);
    for (size_t i = 0; i < ARRAY_LENGTH(ids); i++)
        ck_assert_int_eq(first.items[i].lead.id, ids[i]);
    dial_done(&test);
}
END_TEST

START_TEST(a_window_that_has_closed_is_noticed)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    int64_t new_york = person_lead(&test, CALLED, "+12125550120", "NY");
    int64_t california = person_lead(&test, CALLED, "+12135550120", "CA");
    test.now_us = instant("2026-11-24T03:00:00Z");
    struct leasing peek = {.limit = 10, .peek = true};
    ck_assert_int_eq(dial_at_once(&test, dial_due, &peek), ERR_OK);
    ck_assert_uint_eq(peek.due.count, 1);
    ck_assert_int_eq(dial_stored(&test, new_york).next_call_us, instant("2026-11-23T15:00:00Z"));
    struct due_leads due = dial_lease(&test, 10);
    ck_assert_uint_eq(due.count, 1);
    ck_assert_int_eq(due.items[0].lead.id, california);
    struct lead lead = dial_stored(&test, new_york);
    ck_assert_int_eq(lead.next_call_us, instant("2026-11-24T13:00:00Z"));
    ck_assert_int_eq(lead.next_call_reason, LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT);
    ck_assert_int_eq(lead.modified_us, test.now_us);
    dial_done(&test);
}
END_TEST

static enum err stop_calling(struct session *session, struct dial_test *test, void *context)
{
    struct lead_type type = {.id = CALLED,
                             .organization_id = 1,
                             .name = SLICE("Campaign"),
                             .min_reengagement_days = REENGAGEMENT_UNSET};
    (void)context;
    TRY(store_lead_type_update(session, &type));
    test->directory = directory_unref(test->directory);
    TRY(directory_build(session, &test->directory));
    test->dial.directory = test->directory;
    return ERR_OK;
}

START_TEST(a_lead_type_that_is_called_no_more_is_noticed)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    int64_t id = person_lead(&test, CALLED, "+12125550120", "NY");
    ck_assert_int_eq(dial_at_once(&test, stop_calling, NULL), ERR_OK);
    ck_assert_uint_eq(dial_lease(&test, 10).count, 0);
    ck_assert_int_eq(dial_stored(&test, id).next_call_us, TIME_NONE);
    dial_done(&test);
}
END_TEST

START_TEST(leases_count_for_the_cap_of_a_number)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    for (int i = 0; i < 5; i++)
        person_lead(&test, CALLED, "+13055550120", "FL");
    struct due_leads due = dial_lease(&test, 10);
    ck_assert_uint_eq(due.count, 3);
    ck_assert_uint_eq(dial_lease(&test, 10).count, 0);
    /* The leases that nobody reported end; the call that was made counts on. */
    struct reporting reporting = {.report = {.lead_id = due.items[0].lead.id,
                                             .outcome = CALL_OUTCOME_no_answer,
                                             .at_us = TIME_NONE,
                                             .lease_id = due.items[0].lease_id}};
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    test.now_us += 5 * MINUTE_US;
    due = dial_lease(&test, 10);
    ck_assert_uint_eq(due.count, 2);
    dial_done(&test);
}
END_TEST

START_TEST(a_lead_that_is_out_stays_out)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    int64_t id = person_lead(&test, CALLED, "+12125550120", "NY");
    struct due_leads due = dial_lease(&test, 1);
    ck_assert_uint_eq(due.count, 1);
    /* Somebody else calls it by hand, and it comes back: it is due again, but somebody has it. */
    dial_called(&test, id, CALL_OUTCOME_failed);
    struct lead lead = dial_stored(&test, id);
    struct person person = {.lead_type = CALLED, .phone = "+12125550120"};
    char email[64];
    snprintf(email, sizeof(email), "%.*s", SLICE_ARG(lead.email));
    person.email = email;
    ck_assert_int_eq(dial_lead(&test, &person).next_call_us, test.now_us);
    ck_assert_uint_eq(dial_lease(&test, 1).count, 0);
    /* Until the one who has it reports. */
    struct reporting reporting = {.report = {.lead_id = id,
                                             .outcome = CALL_OUTCOME_no_answer,
                                             .at_us = TIME_NONE,
                                             .lease_id = due.items[0].lease_id}};
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    test.now_us = reporting.lead.next_call_us;
    ck_assert_int_lt(test.now_us, due.items[0].lease_until_us + HOUR_US);
    ck_assert_uint_eq(dial_lease(&test, 1).count, 1);
    dial_done(&test);
}
END_TEST

START_TEST(a_reported_lead_is_out_no_more)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    int64_t id = person_lead(&test, CALLED, "+12125550120", "NY");
    struct leasing long_lease = {.limit = 1, .lease_us = HOUR_US};
    ck_assert_int_eq(dial_at_once(&test, dial_due, &long_lease), ERR_OK);
    struct reporting reporting = {.report = {.lead_id = id,
                                             .outcome = CALL_OUTCOME_no_answer,
                                             .at_us = TIME_NONE,
                                             .lease_id = long_lease.due.items[0].lease_id}};
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    test.now_us += 30 * MINUTE_US; /* the lease would last another half hour */
    ck_assert_uint_eq(dial_lease(&test, 1).count, 1);
    dial_done(&test);
}
END_TEST

/* More leads than one request looks at, none of which may be called any more, stand before one that may. */
START_TEST(a_crowd_in_front_is_worked_off)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    for (int i = 0; i < 450; i++) {
        char phone[20];
        snprintf(phone, sizeof(phone), "+1212555%04d", i + 100);
        person_lead(&test, CALLED, phone, "NY");
    }
    int64_t id = person_lead(&test, CALLED, "+12135550120", "CA");
    test.now_us = instant("2026-11-24T03:00:00Z");
    size_t requests = 1;
    struct due_leads due = dial_lease(&test, 10);
    for (; due.count == 0 && requests < 5; requests++)
        due = dial_lease(&test, 10);
    ck_assert_uint_eq(requests, 2);
    ck_assert_uint_eq(due.count, 1);
    ck_assert_int_eq(due.items[0].lead.id, id);
    dial_done(&test);
}
END_TEST

UNIT_MAIN("due", the_oldest_come_first, a_window_that_has_closed_is_noticed,
          a_lead_type_that_is_called_no_more_is_noticed, leases_count_for_the_cap_of_a_number,
          a_lead_that_is_out_stays_out, a_reported_lead_is_out_no_more, a_crowd_in_front_is_worked_off)
