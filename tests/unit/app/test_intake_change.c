/* Changing leads, and the metadata of new ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "intake_test.h"

/* One change of a lead. */
struct change {
    struct intake_test *test;
    int64_t organization_id, id;
};

static enum err run_change(struct session *session, void *context)
{
    struct change *change = context;
    return intake_change(session, &change->test->dial, &change->test->place.arena, change->organization_id,
                         change->id, &change->test->input, &change->test->lead);
}

/* Changes the lead ID of organization 1 by the test's input. */
static enum err change_lead(struct intake_test *test, int64_t id)
{
    struct change change = {.test = test, .organization_id = 1, .id = id};
    return place_run(&test->place, run_change, &change);
}

/* A store with one lead, and an input that changes nothing. */
static int64_t begin(struct intake_test *test, const struct lead *lead)
{
    intake_init(test);
    test->input = (struct lead_input){.unknown = {.kind = VALUE_OBJECT}};
    return intake_store(test, lead);
}

START_TEST(what_was_not_sent_stays)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    lead.metadata = SLICE("{\"a\":1}");
    lead.status = LEAD_STATUS_OPEN;
    lead.status_reason = LEAD_STATUS_REASON_CHAT;
    lead.external_id = SLICE("x");
    lead.lead_type_id = STORED_TYPE;
    lead.call_schedule_start_us = 9;
    int64_t id = begin(&test, &lead);
    ck_assert_int_eq(change_lead(&test, id), ERR_OK);
    assert_text(test.lead.email, "Ann@Example.com");
    assert_text(test.lead.phone_number, PHONE);
    assert_text(test.lead.metadata, "{\"a\":1}");
    assert_text(test.lead.external_id, "x");
    ck_assert_int_eq(test.lead.status, LEAD_STATUS_OPEN);
    ck_assert_int_eq(test.lead.status_reason, LEAD_STATUS_REASON_CHAT);
    ck_assert_int_eq(test.lead.lead_type_id, STORED_TYPE);
    ck_assert_int_eq(test.lead.call_schedule_start_us, 9);
    ck_assert_int_eq(test.lead.received_us, 1000000);
    ck_assert_int_eq(test.lead.reengagements_count, 0);
    ck_assert_int_gt(test.lead.modified_us, 1000000);
    intake_done(&test);
}
END_TEST

START_TEST(null_and_blank_are_written)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    lead.metadata = SLICE("{\"a\":1}");
    lead.external_id = SLICE("x");
    lead.lead_source = SLICE("y");
    lead.us_state = SLICE("OR");
    lead.lead_type_id = STORED_TYPE;
    lead.representative_id = PERSON;
    lead.call_schedule_start_us = 9;
    lead.status_reason = LEAD_STATUS_REASON_CHAT;
    int64_t id = begin(&test, &lead);
    test.input.email.presence = GIVEN_NULL;
    test.input.external_id = given(SLICE(""));
    test.input.lead_source.presence = GIVEN_NULL;
    test.input.us_state = (struct optional_choice){GIVEN, 0};
    test.input.lead_type.presence = GIVEN_NULL;
    test.input.representative.presence = GIVEN_NULL;
    test.input.call_schedule_start_time.presence = GIVEN_NULL;
    test.input.metadata.presence = GIVEN_NULL;
    test.input.status_reason.presence = GIVEN_NULL;
    ck_assert_int_eq(change_lead(&test, id), ERR_OK);
    assert_text(test.lead.email, NULL);
    assert_text(test.lead.email_key, "");
    assert_text(test.lead.external_id, "");
    assert_text(test.lead.lead_source, NULL);
    assert_text(test.lead.us_state, "");
    assert_text(test.lead.metadata, NULL);
    ck_assert_int_eq(test.lead.lead_type_id, 0);
    ck_assert_int_eq(test.lead.representative_id, 0);
    ck_assert_int_eq(test.lead.call_schedule_start_us, TIME_NONE);
    ck_assert_int_eq(test.lead.status_reason, LEAD_STATUS_REASON_NULL);
    intake_done(&test);
}
END_TEST

START_TEST(metadata_is_replaced_and_unknown_keys_merge)
{
    static const struct {
        const char *stored, *metadata, *unknown, *expected; /* stored, metadata NULL: null, not sent */
    } cases[] = {
        {"{\"a\":1}", "{\"b\":2}", "{}", "{\"b\":2}"},
        {"{\"a\":1}", "{}", "{}", "{}"},
        {"{\"a\":1}", NULL, "{\"b\":2}", "{\"a\":1,\"b\":2}"},
        {"{\"a\":1,\"b\":1}", NULL, "{\"a\":{\"c\":2}}", "{\"a\":{\"c\":2},\"b\":1}"},
        {"{\"a\":1}", "{\"b\":2,\"c\":3}", "{\"b\":4,\"d\":5}", "{\"b\":2,\"d\":5,\"c\":3}"},
        {NULL, NULL, "{\"b\":2}", "{\"b\":2}"},
        {NULL, NULL, "{}", NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct intake_test test;
        struct lead lead = stored_lead(1000000);
        lead.metadata = slice_from(cases[i].stored);
        int64_t id = begin(&test, &lead);
        if (cases[i].metadata)
            intake_metadata_of(&test, cases[i].metadata);
        intake_unknown(&test, cases[i].unknown);
        ck_assert_int_eq(change_lead(&test, id), ERR_OK);
        assert_text(test.lead.metadata, cases[i].expected);
        intake_done(&test);
    }
}
END_TEST

START_TEST(unknown_keys_merge_into_a_metadata_that_becomes_null)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    lead.metadata = SLICE("{\"a\":1}");
    int64_t id = begin(&test, &lead);
    test.input.metadata.presence = GIVEN_NULL;
    intake_unknown(&test, "{\"b\":2}");
    ck_assert_int_eq(change_lead(&test, id), ERR_OK);
    assert_text(test.lead.metadata, "{\"b\":2}");
    intake_done(&test);
}
END_TEST

START_TEST(a_lead_whose_type_is_not_called_has_no_next_call)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    lead.lead_type_id = STORED_TYPE;
    lead.next_call_us = 77; /* since when its type had calling */
    lead.next_call_reason = LEAD_NEXT_CALL_REASON_RETRY;
    int64_t id = begin(&test, &lead);
    test.input.sms_dnc = (struct optional_boolean){GIVEN, true};
    ck_assert_int_eq(change_lead(&test, id), ERR_OK);
    ck_assert_int_eq(test.lead.next_call_us, TIME_NONE);
    ck_assert_int_eq(test.lead.next_call_reason, LEAD_NEXT_CALL_REASON_NULL);
    ck_assert(test.lead.sms_dnc && !test.lead.call_dnc);
    intake_done(&test);
}
END_TEST

START_TEST(a_lead_cannot_become_anothers_duplicate)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    begin(&test, &lead);
    lead.phone_number = SLICE("+18042221112");
    int64_t other = intake_store(&test, &lead);
    test.input.phone_number = given(SLICE(PHONE));
    test.input.external_id = given(SLICE("x"));
    ck_assert_int_eq(change_lead(&test, other), ERR_CONFLICT);
    test.input.email = given(SLICE("bo@example.com"));
    ck_assert_int_eq(change_lead(&test, other), ERR_OK);
    assert_text(test.lead.external_id, "x");
    intake_done(&test);
}
END_TEST

START_TEST(only_leads_of_the_organization_can_be_changed)
{
    struct intake_test test;
    struct lead lead = stored_lead(1000000);
    int64_t id = begin(&test, &lead);
    struct change change = {.test = &test, .organization_id = 2, .id = id};
    ck_assert_int_eq(place_run(&test.place, run_change, &change), ERR_NOT_FOUND);
    ck_assert_int_eq(change_lead(&test, id + 1), ERR_NOT_FOUND);
    ck_assert_int_eq(change_lead(&test, 0), ERR_NOT_FOUND);
    intake_done(&test);
}
END_TEST

START_TEST(metadata_of_a_new_lead)
{
    static const struct {
        const char *metadata, *unknown, *expected; /* metadata NULL: not sent */
    } cases[] = {
        {NULL, "{}", NULL},
        {NULL, "{\"a\":1}", "{\"a\":1}"},
        {"{}", "{}", "{}"},
        {"{\"a\":1}", "{\"a\":2,\"b\":3}", "{\"a\":1,\"b\":3}"},
        {"{\"r\":0.1,\"n\":123456789012345678901234567890,\"z\":\"\\u0000\",\"s\":\"\\ud800\"}", "{}",
         "{\"r\":0.1,\"n\":\"123456789012345678901234567890\",\"z\":\"\\u0000\",\"s\":\"\\ud800\"}"},
    };
    struct intake_test test;
    intake_init(&test);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct slice json;
        test.input = (struct lead_input){0};
        if (cases[i].metadata)
            intake_metadata_of(&test, cases[i].metadata);
        intake_unknown(&test, cases[i].unknown);
        ck_assert_int_eq(intake_metadata(&test.place.arena, &test.input, &json), ERR_OK);
        assert_text(json, cases[i].expected);
    }
    intake_done(&test);
}
END_TEST

/* {"KEY": "xxx…"} of nine million bytes: twice that is more than a lead may collect. */
static void set_large_metadata(struct intake_test *test, const char *key)
{
    const size_t size = 9000000;
    char *text = arena_alloc(&test->place.arena, size);
    struct value_member *member = ARENA_NEW(&test->place.arena, struct value_member);
    ck_assert(text && member);
    memset(text, 'x', size);
    *member = (struct value_member){slice_from(key), value_string(slice_of(text, size))};
    test->input.unknown = (struct value){.kind = VALUE_OBJECT, .object = {.members = member, .count = 1}};
}

/* {"KEY": [0, 0, …]} of 150,000 zeros. */
static void set_many_values(struct intake_test *test, const char *key)
{
    const size_t count = 150000;
    struct value *items = ARENA_ARRAY(&test->place.arena, struct value, count);
    struct value_member *member = ARENA_NEW(&test->place.arena, struct value_member);
    ck_assert(items && member);
    for (size_t i = 0; i < count; i++)
        items[i].kind = VALUE_INTEGER;
    *member = (struct value_member){slice_from(key),
                                    {.kind = VALUE_ARRAY, .array = {.items = items, .count = count}}};
    test->input.unknown = (struct value){.kind = VALUE_OBJECT, .object = {.members = member, .count = 1}};
}

START_TEST(metadata_does_not_grow_to_any_number_of_values)
{
    struct intake_test test;
    intake_init(&test);
    set_many_values(&test, "a");
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    set_many_values(&test, "b");
    ck_assert_int_eq(intake_run(&test), ERR_LIMIT);
    set_many_values(&test, "a");
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_REENGAGED);
    intake_done(&test);
}
END_TEST

START_TEST(metadata_does_not_grow_without_bound)
{
    struct intake_test test;
    intake_init(&test);
    set_large_metadata(&test, "a");
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_CREATED);
    int64_t id = test.lead.id;
    set_large_metadata(&test, "b");
    ck_assert_int_eq(intake_run(&test), ERR_LIMIT);
    ck_assert_int_eq(change_lead(&test, id), ERR_LIMIT);
    set_large_metadata(&test, "a");
    ck_assert_int_eq(intake_run(&test), ERR_OK);
    ck_assert_int_eq(test.outcome, INTAKE_REENGAGED);
    ck_assert_int_eq(test.lead.reengagements_count, 1);
    intake_done(&test);
}
END_TEST

UNIT_MAIN("intake_change", what_was_not_sent_stays, null_and_blank_are_written,
          metadata_is_replaced_and_unknown_keys_merge, unknown_keys_merge_into_a_metadata_that_becomes_null,
          a_lead_whose_type_is_not_called_has_no_next_call, a_lead_cannot_become_anothers_duplicate,
          only_leads_of_the_organization_can_be_changed, metadata_of_a_new_lead,
          metadata_does_not_grow_without_bound, metadata_does_not_grow_to_any_number_of_values)
