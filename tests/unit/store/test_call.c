/* Calls and leases: kept, found by lease, counted by number; and leads found in the order in which they are due. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/call.h"

#include "fixture.h"

#define PHONE     "+12125550123"
#define LEASE     "0b1d6a0e-0000-4000-8000-00000000000a"
#define DAY_US    INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)

/* A call to LEAD_ID at AT_US; a lease until then when LEASE_ID is given. */
static struct call_record record_of(int64_t lead_id, int64_t at_us, enum call_outcome outcome,
                                    const char *lease_id)
{
    return (struct call_record){.organization_id = 1,
                                .lead_id = lead_id,
                                .phone_number = SLICE(PHONE),
                                .at_us = at_us,
                                .outcome = outcome,
                                .lease_id = slice_from(lease_id),
                                .lease_until_us = lease_id ? at_us + MINUTE_US : TIME_NONE,
                                .created_us = at_us};
}

static int64_t insert_call(struct fixture *fixture, struct call_record record)
{
    ck_assert_int_eq(IN_TRANSACTION(fixture->session, store_call_insert(fixture->session, &record)), ERR_OK);
    ck_assert_int_gt(record.id, 0);
    return record.id;
}

static int64_t some_lead(struct fixture *fixture, const char *phone, int64_t next_call_us)
{
    static int count;
    char email[40];
    snprintf(email, sizeof(email), "p%d@example.com", ++count);
    struct lead lead = sample_lead(phone, email);
    lead.next_call_us = next_call_us;
    int64_t id = 0;
    ck_assert_int_eq(IN_TRANSACTION(fixture->session, store_lead_insert(fixture->session, &lead, &id, NULL)),
                     ERR_OK);
    return id;
}

START_TEST(a_call_comes_back_as_it_was_kept)
{
    struct fixture fixture;
    struct call_record *records;
    size_t count;
    fixture_init(&fixture);
    int64_t lead_id = some_lead(&fixture, PHONE, TIME_NONE);
    int64_t old = insert_call(&fixture, record_of(lead_id, 1000, CALL_OUTCOME_voicemail, NULL));
    int64_t new = insert_call(&fixture, record_of(lead_id, 2000, CALL_OUTCOME_dnc, NULL));
    insert_call(&fixture, record_of(lead_id, 3000, CALL_OUTCOME_NULL, LEASE)); /* no call yet */
    ck_assert_int_eq(store_call_list(fixture.session, &fixture.arena, 1, lead_id, 10, 0, &records, &count),
                     ERR_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(records[0].id, new);
    ck_assert_int_eq(records[1].id, old);
    ck_assert_int_eq(records[1].lead_id, lead_id);
    ck_assert_int_eq(records[1].at_us, 1000);
    ck_assert_int_eq(records[1].outcome, CALL_OUTCOME_voicemail);
    ck_assert_int_eq(records[1].lease_until_us, TIME_NONE);
    assert_slice(records[1].lease_id, NULL);
    assert_slice(records[1].phone_number, PHONE);
    ck_assert_int_eq(store_call_list(fixture.session, &fixture.arena, 1, lead_id, 1, 1, &records, &count),
                     ERR_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(records[0].id, old);
    int64_t total = 0;
    ck_assert_int_eq(store_call_count(fixture.session, 1, lead_id, &total), ERR_OK);
    ck_assert_int_eq(total, 2);
    ck_assert_int_eq(store_call_count(fixture.session, 2, lead_id, &total), ERR_OK);
    ck_assert_int_eq(total, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_lease_is_found_and_reported)
{
    struct fixture fixture;
    struct call_record record;
    fixture_init(&fixture);
    int64_t lead_id = some_lead(&fixture, PHONE, TIME_NONE);
    int64_t id = insert_call(&fixture, record_of(lead_id, 1000, CALL_OUTCOME_NULL, LEASE));
    struct session *session = fixture.session;
    ck_assert_int_eq(store_call_by_lease(session, &fixture.arena, 2, SLICE(LEASE), &record), ERR_NOT_FOUND);
    ck_assert_int_eq(store_call_by_lease(session, &fixture.arena, 1, SLICE("no"), &record), ERR_NOT_FOUND);
    ck_assert_int_eq(store_call_by_lease(session, &fixture.arena, 1, SLICE(LEASE), &record), ERR_OK);
    ck_assert_int_eq(record.id, id);
    ck_assert_int_eq(record.outcome, CALL_OUTCOME_NULL);
    ck_assert_int_eq(record.lease_until_us, 1000 + MINUTE_US);
    record.outcome = CALL_OUTCOME_answered;
    record.at_us = 5000;
    ck_assert_int_eq(IN_TRANSACTION(session, store_call_report(session, &record)), ERR_OK);
    ck_assert_int_eq(store_call_by_lease(session, &fixture.arena, 1, SLICE(LEASE), &record), ERR_OK);
    ck_assert_int_eq(record.outcome, CALL_OUTCOME_answered);
    ck_assert_int_eq(record.at_us, 5000);
    fixture_done(&fixture);
}
END_TEST

START_TEST(attempts_are_those_that_count)
{
    struct fixture fixture;
    struct calling_attempt *attempts;
    size_t count;
    int64_t now_us = 10 * DAY_US;
    fixture_init(&fixture);
    int64_t lead_id = some_lead(&fixture, PHONE, TIME_NONE);
    int64_t other_id = some_lead(&fixture, PHONE, TIME_NONE);
    const struct call_record records[] = {
        record_of(lead_id, now_us - DAY_US, CALL_OUTCOME_no_answer, NULL), /* a day ago: over */
        record_of(lead_id, now_us - DAY_US + 1, CALL_OUTCOME_no_answer, NULL),
        record_of(other_id, now_us - 5, CALL_OUTCOME_answered, NULL),
        record_of(other_id, now_us - 4, CALL_OUTCOME_NULL, LEASE),
        record_of(lead_id, now_us - MINUTE_US, CALL_OUTCOME_NULL, "over"), /* ends now */
        record_of(lead_id, now_us - 2 * MINUTE_US, CALL_OUTCOME_failed, "reported"),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(records); i++)
        insert_call(&fixture, records[i]);
    ck_assert_int_eq(
        store_call_attempts(fixture.session, &fixture.arena, 1, SLICE(PHONE), now_us, 10, &attempts, &count),
        ERR_OK);
    ck_assert_uint_eq(count, 4);
    ck_assert_int_eq(attempts[0].at_us, now_us - 4);
    ck_assert_int_eq(attempts[0].lease_until_us, now_us - 4 + MINUTE_US);
    ck_assert_int_eq(attempts[1].at_us, now_us - 5);
    ck_assert_int_eq(attempts[1].lease_until_us, TIME_NONE);
    ck_assert_int_eq(attempts[2].at_us, now_us - 2 * MINUTE_US);
    ck_assert_int_eq(attempts[2].lease_until_us, TIME_NONE);
    ck_assert_int_eq(attempts[3].at_us, now_us - DAY_US + 1);
    ck_assert_int_eq(
        store_call_attempts(fixture.session, &fixture.arena, 1, SLICE(PHONE), now_us, 2, &attempts, &count),
        ERR_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(store_call_attempts(fixture.session, &fixture.arena, 1, SLICE("+12125550124"), now_us,
                                         10, &attempts, &count),
                     ERR_OK);
    ck_assert_uint_eq(count, 0);
    fixture_done(&fixture);
}
END_TEST

static size_t due(struct fixture *fixture, bool locked, int64_t limit, struct due_place *place,
                  struct lead **ret_leads)
{
    size_t count = 0;
    ck_assert_int_eq(
        IN_TRANSACTION(fixture->session, store_due_leads(fixture->session, &fixture->arena, 1, locked, limit,
                                                         place, ret_leads, &count)),
        ERR_OK);
    return count;
}

START_TEST(due_leads_come_in_their_order)
{
    struct fixture fixture;
    struct lead *leads;
    fixture_init(&fixture);
    session_start_job(fixture.session);
    int64_t now_us = session_now_us(fixture.session);
    int64_t second = some_lead(&fixture, "+12125550101", now_us - 5);
    int64_t third = some_lead(&fixture, "+12125550102", now_us - 5);
    int64_t first = some_lead(&fixture, "+12125550103", now_us - 6);
    int64_t last = some_lead(&fixture, "+12125550104", now_us);
    int64_t leased = some_lead(&fixture, "+12125550105", now_us - 6);
    some_lead(&fixture, "+12125550106", now_us + 1);
    some_lead(&fixture, "+12125550107", TIME_NONE);
    ck_assert_int_eq(
        IN_TRANSACTION(fixture.session, store_lead_lease(fixture.session, 1, leased, now_us + 1)), ERR_OK);
    for (int locked = 0; locked <= 1; locked++) {
        struct due_place place = DUE_START;
        ck_assert_uint_eq(due(&fixture, locked, 2, &place, &leads), 2);
        ck_assert_int_eq(leads[0].id, first);
        ck_assert_int_eq(leads[1].id, second < third ? second : third);
        ck_assert_uint_eq(due(&fixture, locked, 10, &place, &leads), 2);
        ck_assert_int_eq(leads[0].id, second < third ? third : second);
        ck_assert_int_eq(leads[1].id, last);
        ck_assert_uint_eq(due(&fixture, locked, 10, &place, &leads), 0);
    }
    /* A lease that has ended is none. */
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_lead_lease(fixture.session, 1, leased, now_us)),
                     ERR_OK);
    struct due_place place = DUE_START;
    ck_assert_uint_eq(due(&fixture, true, 10, &place, &leads), 5);
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_number_that_said_stop_does_not_hold_up_the_search)
{
    struct fixture fixture;
    struct lead *leads;
    struct due_place place = DUE_START;
    fixture_init(&fixture);
    session_start_job(fixture.session);
    int64_t now_us = session_now_us(fixture.session);
    int64_t silent = some_lead(&fixture, PHONE, now_us - 2);
    int64_t other = some_lead(&fixture, "+12125550124", now_us - 1);
    /* As if the lead had been written while the number said so. */
    fixture_execute(
        &fixture, "INSERT INTO do_not_contact (organization_id, phone_number, call_dnc, sms_dnc, modified_us)"
                  " VALUES (1, '" PHONE "', 1, 0, 1)");
    ck_assert_uint_eq(due(&fixture, true, 1, &place, &leads), 1);
    ck_assert_int_eq(leads[0].id, silent);
    ck_assert(leads[0].call_dnc);
    ck_assert_uint_eq(due(&fixture, true, 1, &place, &leads), 1);
    ck_assert_int_eq(leads[0].id, other);
    ck_assert_uint_eq(due(&fixture, true, 1, &place, &leads), 0);
    fixture_done(&fixture);
}
END_TEST

static int64_t lease_of(struct fixture *fixture, int64_t id)
{
    char sql[100];
    snprintf(sql, sizeof(sql), "SELECT call_lease_until_us FROM lead WHERE id = %lld", (long long)id);
    return fixture_number(fixture, sql);
}

START_TEST(a_call_ends_its_own_lease_only)
{
    struct fixture fixture;
    struct lead lead;
    fixture_init(&fixture);
    int64_t id = some_lead(&fixture, PHONE, 5);
    struct session *session = fixture.session;
    ck_assert_int_eq(IN_TRANSACTION(session, store_lead_lease(session, 1, id, 900)), ERR_OK);
    ck_assert_int_eq(store_lead_by_id(session, &fixture.arena, 1, id, &lead), ERR_OK);
    lead.next_call_us = 77;
    lead.next_call_reason = LEAD_NEXT_CALL_REASON_RETRY;
    lead.status = LEAD_STATUS_LOST;
    lead.call_attempts = 4;
    lead.last_call_us = 66;
    lead.modified_us = 55;
    lead.call_dnc = true;
    static const int64_t ended[] = {TIME_NONE, 800, 900}, left[] = {900, 900, 0};
    for (size_t i = 0; i < ARRAY_LENGTH(ended); i++) {
        ck_assert_int_eq(IN_TRANSACTION(session, store_lead_called(session, &lead, ended[i])), ERR_OK);
        ck_assert_int_eq(lease_of(&fixture, id), left[i]);
    }
    lead.call_dnc = false;
    ck_assert_int_eq(IN_TRANSACTION(session, store_lead_called(session, &lead, TIME_NONE)), ERR_OK);
    ck_assert_int_eq(store_lead_by_id(session, &fixture.arena, 1, id, &lead), ERR_OK);
    ck_assert_int_eq(lead.next_call_us, 77);
    ck_assert_int_eq(lead.next_call_reason, LEAD_NEXT_CALL_REASON_RETRY);
    ck_assert_int_eq(lead.status, LEAD_STATUS_LOST);
    ck_assert_int_eq(lead.call_attempts, 4);
    ck_assert_int_eq(lead.last_call_us, 66);
    ck_assert_int_eq(lead.modified_us, 55);
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_update_writes_the_next_call)
{
    struct fixture fixture;
    struct lead lead;
    fixture_init(&fixture);
    int64_t id = some_lead(&fixture, PHONE, 5);
    struct session *session = fixture.session;
    static const int64_t times[] = {6, TIME_NONE, 7, 7};
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        ck_assert_int_eq(store_lead_by_id(session, &fixture.arena, 1, id, &lead), ERR_OK);
        lead.next_call_us = times[i];
        if (i == 2) /* now with a column of another index */
            lead.external_id = SLICE("x");
        ck_assert_int_eq(IN_TRANSACTION(session, store_lead_update(session, &lead)), ERR_OK);
        ck_assert_int_eq(store_lead_by_id(session, &fixture.arena, 1, id, &lead), ERR_OK);
        ck_assert_int_eq(lead.next_call_us, times[i]);
    }
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("call", a_call_comes_back_as_it_was_kept, a_lease_is_found_and_reported,
          attempts_are_those_that_count, due_leads_come_in_their_order,
          a_number_that_said_stop_does_not_hold_up_the_search, a_call_ends_its_own_lease_only,
          an_update_writes_the_next_call)
