/* Taking leads in: who is created, who reengages, what a reengagement writes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "intake_test.h"

/* ---- who reengages: the first value that somebody gave decides ---- */

#define UNSET REENGAGEMENT_UNSET
#define NEVER REENGAGEMENT_NEVER

struct days_case {
    int64_t request, config, sent_type, stored_type, server; /* days; UNSET: nobody said */
    int64_t age_days;
    int64_t early_us; /* this much less than age_days has passed */
    enum intake_outcome expected;
};

static enum err insert_stored(struct session *session, void *context)
{
    const struct days_case *c = context;
    struct lead lead = stored_lead(session_now_us(session) - c->age_days * DAY_US + c->early_us);
    lead.lead_type_id = c->stored_type != UNSET ? STORED_TYPE : 0;
    int64_t id;
    return store_lead_insert(session, &lead, &id, NULL);
}

static int64_t days_of(const void *context, int64_t lead_type_id)
{
    const struct days_case *c = context;
    ck_assert_int_eq(lead_type_id, STORED_TYPE);
    return c->stored_type;
}

static void check_days(const struct days_case *c, size_t index)
{
    struct intake_test test;
    struct days_case copy = *c;
    intake_init(&test);
    ck_assert_int_eq(place_run(&test.place, insert_stored, &copy), ERR_OK);
    test.source.config_min_days = c->config;
    test.source.lead_type_min_days = c->sent_type;
    test.source.default_min_days = c->server;
    test.source.min_days_of = days_of;
    test.source.context = c;
    if (c->request != UNSET)
        test.input.min_reengagement_days = (struct optional_integer){GIVEN, c->request};
    if (c->sent_type != UNSET)
        test.input.lead_type = (struct optional_integer){GIVEN, SENT_TYPE};
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_msg(test.outcome == c->expected, "case %zu: outcome %d", index, (int)test.outcome);
    intake_done(&test);
}

START_TEST(the_first_value_given_decides)
{
    static const struct days_case cases[] = {
        {UNSET, UNSET, UNSET, UNSET, 0, 0, 0, INTAKE_REENGAGED},
        {UNSET, UNSET, UNSET, UNSET, NEVER, 4000, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, UNSET, UNSET, 30, 29, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, UNSET, UNSET, 30, 31, 0, INTAKE_REENGAGED},
        {0, 30, 30, 30, NEVER, 1, 0, INTAKE_REENGAGED},
        {30, 0, 0, 0, 0, 1, 0, INTAKE_DUPLICATE},
        {NEVER, 0, 0, 0, 0, 4000, 0, INTAKE_DUPLICATE},
        {UNSET, 0, 30, 30, NEVER, 1, 0, INTAKE_REENGAGED},
        {UNSET, NEVER, 0, 0, 0, 4000, 0, INTAKE_DUPLICATE},
        {UNSET, 10, 0, 0, 0, 9, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, 0, NEVER, NEVER, 1, 0, INTAKE_REENGAGED},
        {UNSET, UNSET, NEVER, 0, 0, 4000, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, UNSET, 5, NEVER, 6, 0, INTAKE_REENGAGED},
        {UNSET, UNSET, UNSET, 5, 0, 4, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, UNSET, NEVER, 0, 4000, 0, INTAKE_DUPLICATE},
        {UNSET, UNSET, 5, NEVER, 0, 6, 0, INTAKE_REENGAGED},
        /* Days are 24 hours to the microsecond; a minute is what a slow machine may take. */
        {10, UNSET, UNSET, UNSET, 0, 10, 0, INTAKE_REENGAGED},
        {10, UNSET, UNSET, UNSET, 0, 10, 60000000, INTAKE_DUPLICATE},
        {INT64_MAX / 2, UNSET, UNSET, UNSET, 0, 4000, 0, INTAKE_DUPLICATE},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check_days(&cases[i], i);
}
END_TEST

/* The wait begins anew with every reengagement. */
START_TEST(the_later_of_both_times_counts)
{
    struct intake_test test;
    intake_init(&test);
    struct lead lead = stored_lead(1000000);
    lead.last_reengagement_us = clock_now_us() - 2 * DAY_US;
    intake_store(&test, &lead);
    test.input.min_reengagement_days = (struct optional_integer){GIVEN, 3};
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_DUPLICATE);
    test.input.min_reengagement_days.value = 2;
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_REENGAGED);
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_DUPLICATE);
    intake_done(&test);
}
END_TEST

/* ---- creation ---- */

START_TEST(a_new_lead_has_its_first_values)
{
    struct intake_test test;
    intake_init(&test);
    test.input.lead_source = given(SLICE(""));
    test.source.received_us = 5000000;
    test.source.default_lead_type_id = SENT_TYPE;
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_CREATED);
    const struct lead *lead = &test.lead;
    ck_assert_int_gt(lead->id, 0);
    assert_text(lead->email, "Ann@Example.com");
    assert_text(lead->email_key, "ann@example.com");
    assert_text(lead->phone_number, PHONE);
    assert_text(lead->metadata, NULL);
    assert_text(lead->external_id, NULL);
    assert_text(lead->lead_source, "");
    assert_text(lead->us_state, NULL);
    ck_assert_int_eq(lead->status, LEAD_STATUS_NEW);
    ck_assert_int_eq(lead->status_reason, LEAD_STATUS_REASON_NULL);
    ck_assert_int_eq(lead->lead_type_id, SENT_TYPE);
    ck_assert_int_eq(lead->received_us, 5000000);
    ck_assert_int_eq(lead->created_us, lead->modified_us);
    ck_assert_int_eq(lead->last_reengagement_us, TIME_NONE);
    ck_assert_int_eq(lead->next_call_us, TIME_NONE);
    ck_assert_int_eq(lead->reengagements_count, 0);
    ck_assert(!lead->sms_dnc && !lead->call_dnc);
    intake_done(&test);
}
END_TEST

START_TEST(received_time_is_never_after_created_time)
{
    struct intake_test test;
    intake_init(&test);
    test.source.received_us = clock_now_us() + DAY_US;
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.lead.received_us, test.lead.created_us);
    intake_done(&test);
}
END_TEST

START_TEST(other_numbers_mails_and_organizations_are_other_leads)
{
    static const struct {
        const char *phone, *email; /* email NULL: null */
        int64_t organization_id;
        enum intake_outcome expected;
    } cases[] = {
        {PHONE, "Ann@Example.com", 1, INTAKE_CREATED},
        {PHONE, " ANN@EXAMPLE.COM", 1, INTAKE_REENGAGED},
        {PHONE, "ann2@example.com", 1, INTAKE_CREATED},
        {PHONE, NULL, 1, INTAKE_CREATED},
        {PHONE, "", 1, INTAKE_REENGAGED},
        {"+18042221112", "ann@example.com", 1, INTAKE_CREATED},
        {PHONE, "ann@example.com", 2, INTAKE_CREATED},
        {PHONE, NULL, 2, INTAKE_CREATED},
        {PHONE,
         "a@b\xC3\xBC"
         "cher.de",
         1, INTAKE_CREATED},
        {PHONE, "a@xn--bcher-kva.de", 1, INTAKE_REENGAGED},
    };
    struct intake_test test;
    intake_init(&test);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        test.source.organization_id = cases[i].organization_id;
        test.input.phone_number = given(slice_from(cases[i].phone));
        test.input.email = cases[i].email ? given(slice_from(cases[i].email))
                                          : (struct optional_text){.presence = GIVEN_NULL};
        ck_assert_int_eq(intake_run(&test), ERR_OK);
        ck_assert_msg(test.outcome == cases[i].expected, "case %zu: outcome %d", i, (int)test.outcome);
    }
    intake_done(&test);
}
END_TEST

/* ---- what a reengagement writes ---- */

START_TEST(a_reengagement_overwrites_what_was_sent)
{
    struct intake_test test;
    intake_init(&test);
    struct lead lead = stored_lead(1000000);
    lead.external_id = SLICE("old");
    lead.lead_source = SLICE("first");
    lead.us_state = SLICE("OR");
    lead.metadata = SLICE("{\"a\":1,\"b\":{\"x\":1}}");
    lead.representative_id = PERSON;
    intake_store(&test, &lead);
    test.input.email = given(SLICE("ANN@example.com"));
    test.input.external_id = given(SLICE("new"));
    test.input.lead_source = given(SLICE("second"));
    test.input.us_state = (struct optional_choice){GIVEN, vocabulary_find(&us_states, SLICE("CA"))};
    test.input.lead_type = (struct optional_integer){GIVEN, SENT_TYPE};
    test.input.call_schedule_start_time = (struct optional_time){GIVEN, 77};
    intake_metadata_of(&test, "{\"b\":{\"y\":2},\"c\":3}");
    intake_unknown(&test, "{\"c\":4,\"d\":5}");
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_REENGAGED);
    assert_text(test.lead.email, "Ann@Example.com");
    assert_text(test.lead.external_id, "new");
    assert_text(test.lead.lead_source, "first");
    assert_text(test.lead.us_state, "CA");
    assert_text(test.lead.metadata, "{\"a\":1,\"b\":{\"y\":2},\"c\":3,\"d\":5}");
    ck_assert_int_eq(test.lead.lead_type_id, SENT_TYPE);
    ck_assert_int_eq(test.lead.representative_id, PERSON);
    ck_assert_int_eq(test.lead.call_schedule_start_us, 77);
    ck_assert_int_eq(test.lead.received_us, 1000000);
    ck_assert_int_eq(test.lead.reengagements_count, 1);
    ck_assert_int_eq(test.lead.status, LEAD_STATUS_OPEN);
    ck_assert_int_eq(test.lead.status_reason, LEAD_STATUS_REASON_REENGAGEMENT);
    ck_assert_int_eq(test.lead.last_reengagement_us, test.lead.modified_us);
    intake_done(&test);
}
END_TEST

START_TEST(null_and_blank_overwrite_nothing)
{
    struct intake_test test;
    intake_init(&test);
    struct lead lead = stored_lead(1000000);
    lead.external_id = SLICE("old");
    lead.lead_source = SLICE("");
    lead.us_state = SLICE("OR");
    lead.lead_type_id = STORED_TYPE;
    lead.representative_id = PERSON;
    lead.call_schedule_start_us = 5;
    intake_store(&test, &lead);
    test.input.external_id = given(SLICE(""));
    test.input.lead_source = given(SLICE("later"));
    test.input.us_state = (struct optional_choice){GIVEN, 0};
    test.input.lead_type.presence = GIVEN_NULL;
    test.input.representative.presence = GIVEN_NULL;
    test.input.call_schedule_start_time.presence = GIVEN_NULL;
    test.input.metadata.presence = GIVEN_NULL;
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_REENGAGED);
    assert_text(test.lead.external_id, "old");
    assert_text(test.lead.lead_source, "later");
    assert_text(test.lead.us_state, "OR");
    ck_assert_int_eq(test.lead.lead_type_id, STORED_TYPE);
    ck_assert_int_eq(test.lead.representative_id, PERSON);
    ck_assert_int_eq(test.lead.call_schedule_start_us, 5);
    assert_text(test.lead.metadata, "{}");
    intake_done(&test);
}
END_TEST

START_TEST(a_refused_duplicate_stays_as_it_was)
{
    struct intake_test test;
    intake_init(&test);
    struct lead lead = stored_lead(1000000);
    lead.metadata = SLICE("{\"a\":1}");
    intake_store(&test, &lead);
    test.input.min_reengagement_days = (struct optional_integer){GIVEN, NEVER};
    test.input.external_id = given(SLICE("new"));
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_DUPLICATE);
    assert_text(test.lead.external_id, NULL);
    assert_text(test.lead.metadata, "{\"a\":1}");
    ck_assert_int_eq(test.lead.reengagements_count, 0);
    ck_assert_int_eq(test.lead.modified_us, 1000000);
    intake_done(&test);
}
END_TEST

UNIT_MAIN("intake", the_first_value_given_decides, the_later_of_both_times_counts,
          a_new_lead_has_its_first_values, received_time_is_never_after_created_time,
          other_numbers_mails_and_organizations_are_other_leads, a_reengagement_overwrites_what_was_sent,
          null_and_blank_overwrite_nothing, a_refused_duplicate_stays_as_it_was)
