/* Single leads: insert, find, update, who is whose duplicate, counting. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/lead.h"

#include "fixture.h"

static void set_up_references(struct fixture *fixture)
{
    ck_assert_int_eq(
        db_execute(fixture->session->db,
                   "INSERT INTO organization (id, name, created_us) VALUES (2, 'Second', 1);"
                   "INSERT INTO lead_type (id, organization_id, name, created_us, modified_us) VALUES (3, 1, "
                   "'T', 1, 1);"
                   "INSERT INTO representative (id, organization_id, name, created_us) VALUES (4, 1, 'R', 1);"
                   "INSERT INTO ingestion_config (id, organization_id, uuid, version, document, created_us, "
                   "modified_us)"
                   " VALUES (5, 1, '00000000-0000-4000-8000-000000000000', 1, '{}', 1, 1)"),
        ERR_OK);
}

static enum err update_lead(struct fixture *fixture, const struct lead *lead)
{
    return IN_TRANSACTION(fixture->session, store_lead_update(fixture->session, lead));
}

static struct lead full_lead(void)
{
    return (struct lead){
        .organization_id = 1,
        .email = SLICE("Ann@Example.com"),
        .email_key = SLICE("ann@example.com"),
        .phone_number = SLICE("+15415550100"),
        .metadata = SLICE("{\"a\":\"\xC3\xA9\"}"),
        .modified_us = 11,
        .created_us = 12,
        .received_us = 13,
        .status = LEAD_STATUS_CALLBACK_TO_TRANSFER,
        .status_sub_type = LEAD_STATUS_SUB_TYPE_warm_transfer,
        .status_reason = LEAD_STATUS_REASON_CHAT,
        .lead_type_id = 3,
        .representative_id = 4,
        .next_call_us = -14,
        .next_call_reason = LEAD_NEXT_CALL_REASON_RETRY,
        .external_id = SLICE("ext"),
        .us_state = SLICE("OR"),
        .lead_source = SLICE(""),
        .reengagements_count = 15,
        .last_reengagement_us = 16,
        .call_schedule_start_us = 17,
        .sms_dnc = true,
        .ingestion_config_id = 5,
    };
}

static void assert_same_text(struct slice a, struct slice b)
{
    ck_assert(slice_is_null(a) == slice_is_null(b));
    ck_assert(slice_equal(a, b));
}

static void assert_same(const struct lead *a, const struct lead *b)
{
    ck_assert_int_eq(a->id, b->id);
    ck_assert_int_eq(a->organization_id, b->organization_id);
    assert_same_text(a->email, b->email);
    assert_same_text(a->email_key, b->email_key);
    assert_same_text(a->phone_number, b->phone_number);
    assert_same_text(a->metadata, b->metadata);
    assert_same_text(a->external_id, b->external_id);
    assert_same_text(a->us_state, b->us_state);
    assert_same_text(a->lead_source, b->lead_source);
    ck_assert_int_eq(a->modified_us, b->modified_us);
    ck_assert_int_eq(a->created_us, b->created_us);
    ck_assert_int_eq(a->received_us, b->received_us);
    ck_assert_int_eq(a->status, b->status);
    ck_assert_int_eq(a->status_sub_type, b->status_sub_type);
    ck_assert_int_eq(a->status_reason, b->status_reason);
    ck_assert_int_eq(a->lead_type_id, b->lead_type_id);
    ck_assert_int_eq(a->representative_id, b->representative_id);
    ck_assert_int_eq(a->next_call_us, b->next_call_us);
    ck_assert_int_eq(a->next_call_reason, b->next_call_reason);
    ck_assert_int_eq(a->reengagements_count, b->reengagements_count);
    ck_assert_int_eq(a->last_reengagement_us, b->last_reengagement_us);
    ck_assert_int_eq(a->call_schedule_start_us, b->call_schedule_start_us);
    ck_assert_int_eq(a->sms_dnc, b->sms_dnc);
    ck_assert_int_eq(a->call_dnc, b->call_dnc);
    ck_assert_int_eq(a->ingestion_config_id, b->ingestion_config_id);
}

START_TEST(every_column_comes_back)
{
    struct fixture fixture;
    fixture_init(&fixture);
    set_up_references(&fixture);
    struct lead leads[] = {full_lead(), sample_lead(NULL, NULL), sample_lead("+15415550101", NULL)}, found;
    leads[2].call_dnc = true;
    for (size_t i = 0; i < ARRAY_LENGTH(leads); i++) {
        leads[i].id = insert_lead(fixture.session, &leads[i]);
        ck_assert_int_gt(leads[i].id, 0);
        ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, leads[i].id, &found), ERR_OK);
        assert_same(&found, &leads[i]);
    }
    struct lead changed = full_lead();
    changed.id = leads[1].id;
    changed.phone_number = SLICE("+15415550199");
    ck_assert_int_eq(update_lead(&fixture, &changed), ERR_OK);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, changed.id, &found), ERR_OK);
    changed.created_us = leads[1].created_us; /* the one time that never changes */
    assert_same(&found, &changed);
    fixture_done(&fixture);
}
END_TEST

START_TEST(other_organizations_leads_do_not_exist)
{
    struct fixture fixture;
    fixture_init(&fixture);
    set_up_references(&fixture);
    struct lead lead = sample_lead("+1", "a@b.c"), found;
    lead.id = insert_lead(fixture.session, &lead);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 2, lead.id, &found), ERR_NOT_FOUND);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, lead.id + 1, &found),
                     ERR_NOT_FOUND);
    ck_assert_int_eq(
        store_lead_duplicate(fixture.session, &fixture.arena, 2, lead.phone_number, lead.email_key, &found),
        ERR_NOT_FOUND);
    lead.organization_id = 2;
    ck_assert_int_eq(update_lead(&fixture, &lead), ERR_NOT_FOUND);
    ck_assert_int_gt(insert_lead(fixture.session, &lead), 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(duplicates_are_held_by_phone_and_email)
{
    static const struct {
        const char *phone, *email;
        bool deleted, duplicate; /* of the lead before it was deleted */
    } rows[] = {
        {"+1", "a", false, false},  {"+1", "a", false, true},   {"+1", "b", false, false},
        {"+2", "a", false, false},  {"+1", NULL, false, false}, {"+1", NULL, false, true},
        {NULL, "a", false, false},  {NULL, "a", false, true},   {NULL, NULL, false, false},
        {NULL, NULL, false, false}, {"+1", "a", true, false},   {"+1", "a", false, true},
        {NULL, "a", true, false},   {"+1", NULL, true, false},
    };
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        if (rows[i].deleted)
            ck_assert_int_eq(db_execute(fixture.session->db, "UPDATE lead SET deleted_us = 1"), ERR_OK);
        struct lead lead = sample_lead(rows[i].phone, rows[i].email), found;
        enum err held = store_lead_duplicate(fixture.session, &fixture.arena, 1, lead.phone_number,
                                             lead.email_key, &found);
        ck_assert_msg(held == (rows[i].duplicate ? ERR_OK : ERR_NOT_FOUND), "row %zu", i);
        int64_t id = insert_lead(fixture.session, &lead);
        ck_assert_msg((id == 0) == rows[i].duplicate, "row %zu", i);
        if (held == ERR_OK) {
            assert_same_text(found.phone_number, lead.phone_number);
            assert_same_text(found.email_key, lead.email_key);
        }
    }
    fixture_done(&fixture);
}
END_TEST

/* Values alone, and each of the indexed columns by itself: both ways of updating write everything. */
START_TEST(every_kind_of_update_writes_everything)
{
    struct fixture fixture;
    fixture_init(&fixture);
    set_up_references(&fixture);
    struct lead lead = full_lead(), found;
    lead.id = insert_lead(fixture.session, &lead);
    for (int step = 0; step < 9; step++) {
        lead.modified_us++;
        lead.email = step % 2 ? SLICE("ANN@example.com") : SLICE_NULL;
        lead.status = (enum lead_status)(LEAD_STATUS_NEW + step % 3);
        if (step == 2 || step == 3)
            lead.phone_number = step == 2 ? SLICE_NULL : SLICE("+15415550177");
        if (step == 4)
            lead.email_key = SLICE("");
        if (step == 5 || step == 6)
            lead.external_id = step == 5 ? SLICE_NULL : SLICE("other");
        if (step == 7)
            lead.representative_id = 0;
        ck_assert_int_eq(update_lead(&fixture, &lead), ERR_OK);
        ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, lead.id, &found), ERR_OK);
        assert_same(&found, &lead);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_update_cannot_make_a_duplicate)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct lead first = sample_lead("+1", "a"), second = sample_lead("+1", "b"), found;
    insert_lead(fixture.session, &first);
    second.id = insert_lead(fixture.session, &second);
    second.email = second.email_key = SLICE("a");
    ck_assert_int_eq(update_lead(&fixture, &second), ERR_CONFLICT);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, second.id, &found), ERR_OK);
    assert_slice(found.email_key, "b");
    ck_assert_int_eq(db_execute(fixture.session->db, "UPDATE lead SET deleted_us = 1 WHERE email_key = 'b'"),
                     ERR_OK);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, second.id, &found), ERR_NOT_FOUND);
    ck_assert_int_eq(update_lead(&fixture, &second), ERR_NOT_FOUND);
    fixture_done(&fixture);
}
END_TEST

START_TEST(references_must_exist)
{
    struct fixture fixture;
    fixture_init(&fixture);
    int64_t id = -1;
    struct lead lead = sample_lead("+1", "a");
    lead.lead_type_id = 77;
    ck_assert_int_eq(store_lead_insert(fixture.session, &lead, &id, NULL), ERR_CONFLICT);
    lead.lead_type_id = 0;
    lead.representative_id = 77;
    ck_assert_int_eq(store_lead_insert(fixture.session, &lead, &id, NULL), ERR_CONFLICT);
    ck_assert_int_eq(id, -1);
    lead.representative_id = 0;
    lead.id = insert_lead(fixture.session, &lead);
    lead.representative_id = 77;
    ck_assert_int_eq(update_lead(&fixture, &lead), ERR_CONFLICT);
    fixture_done(&fixture);
}
END_TEST

static int64_t count_all(struct fixture *fixture, int64_t organization_id)
{
    struct lead_filter filter = {.organization_id = organization_id};
    int64_t count = -1;
    ck_assert_int_eq(store_lead_count(fixture->session, &filter, &count), ERR_OK);
    return count;
}

START_TEST(the_counter_follows_inserts)
{
    struct fixture fixture;
    fixture_init(&fixture);
    set_up_references(&fixture);
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    ck_assert_int_eq(count_all(&fixture, 1), 0);
    struct lead lead = sample_lead("+1", "a");
    insert_lead(fixture.session, &lead);
    insert_lead(fixture.session, &lead); /* a duplicate does not count */
    ck_assert_int_eq(count_all(&fixture, 1), 1);
    lead.email = lead.email_key = SLICE("b");
    insert_lead(fixture.session, &lead);
    lead.organization_id = 2;
    insert_lead(fixture.session, &lead);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT CAST(sum(leads) AS BIGINT) FROM lead_count"), 1);
    ck_assert_int_eq(session_commit(fixture.session), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT CAST(sum(leads) AS BIGINT) FROM lead_count"), 3);
    ck_assert_int_eq(count_all(&fixture, 1), 2);
    ck_assert_int_eq(count_all(&fixture, 2), 1);
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_abandoned_transaction_counts_nothing)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    struct lead lead = sample_lead("+1", "a");
    insert_lead(fixture.session, &lead);
    ck_assert_int_eq(session_abandon(fixture.session), ERR_OK);
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    ck_assert_int_eq(session_commit(fixture.session), ERR_OK);
    ck_assert_int_eq(count_all(&fixture, 1), 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(more_organizations_than_the_counter_has_rows)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_eq(
        db_execute(fixture.session->db,
                   "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                   " INSERT INTO organization (id, name, created_us) SELECT i, 'o', 1 FROM n"),
        ERR_OK);
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    for (int64_t i = 0; i < 300; i++) {
        struct lead lead = sample_lead(NULL, NULL);
        lead.organization_id = 1 + i % 100;
        insert_lead(fixture.session, &lead);
    }
    ck_assert_int_eq(session_commit(fixture.session), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM lead_count WHERE leads = 3"), 100);
    fixture_done(&fixture);
}
END_TEST

/* Written by somebody else in the same instant: the flags of the number have not come to the lead's own row. */
START_TEST(what_the_number_asked_for_holds)
{
    static const struct {
        bool has_phone, said, call_dnc, sms_dnc; /* of the number, if something was said */
        bool shown_call, shown_sms;
    } rows[] = {
        {true, false, false, false, false, true}, {true, true, true, false, true, false},
        {true, true, false, true, false, true},   {true, true, true, true, true, true},
        {true, true, false, false, false, false}, {false, true, true, true, false, true},
    };
    struct fixture fixture;
    fixture_init(&fixture);
    set_up_references(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        fixture_execute(&fixture, "DELETE FROM lead; DELETE FROM do_not_contact");
        struct lead lead = full_lead(), found[3], *listed;
        size_t count;
        if (!rows[i].has_phone)
            lead.phone_number = SLICE_NULL;
        lead.id = insert_lead(fixture.session, &lead);
        char sql[256];
        snprintf(sql, sizeof(sql), "INSERT INTO do_not_contact VALUES (1, '+15415550100', %d, %d, 1)",
                 rows[i].call_dnc, rows[i].sms_dnc);
        if (rows[i].said)
            fixture_execute(&fixture, sql);
        fixture_execute(&fixture, "INSERT INTO do_not_contact VALUES (2, '+15415550100', 1, 1, 1)");
        struct lead_filter filter = {.organization_id = 1};
        ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, lead.id, &found[0]), ERR_OK);
        ck_assert_int_eq(store_lead_duplicate(fixture.session, &fixture.arena, 1, lead.phone_number,
                                              lead.email_key, &found[1]),
                         ERR_OK);
        ck_assert_int_eq(store_lead_list(fixture.session, &fixture.arena, &filter, 10, 0, &listed, &count),
                         ERR_OK);
        ck_assert_uint_eq(count, 1);
        found[2] = listed[0];
        lead.call_dnc = rows[i].shown_call;
        lead.sms_dnc = rows[i].shown_sms;
        if (lead.call_dnc) {
            lead.next_call_us = TIME_NONE;
            lead.next_call_reason = LEAD_NEXT_CALL_REASON_NULL;
        }
        for (size_t f = 0; f < ARRAY_LENGTH(found); f++)
            assert_same(&found[f], &lead);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_refused_update_leaves_the_transaction_usable)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct lead first = sample_lead("+1", "a"), second = sample_lead("+1", "b"), third, found;
    insert_lead(fixture.session, &first);
    second.id = insert_lead(fixture.session, &second);
    third = sample_lead("+1", "c");
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    insert_lead(fixture.session, &third);
    second.email = second.email_key = SLICE("a");
    ck_assert_int_eq(store_lead_update(fixture.session, &second), ERR_CONFLICT);
    second.email = second.email_key = SLICE("d");
    ck_assert_int_eq(store_lead_update(fixture.session, &second), ERR_OK);
    ck_assert_int_eq(session_commit(fixture.session), ERR_OK);
    ck_assert_int_eq(store_lead_by_id(fixture.session, &fixture.arena, 1, second.id, &found), ERR_OK);
    assert_slice(found.email_key, "d");
    ck_assert_int_eq(count_all(&fixture, 1), 3);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("lead", every_column_comes_back, what_the_number_asked_for_holds,
          a_refused_update_leaves_the_transaction_usable, other_organizations_leads_do_not_exist,
          duplicates_are_held_by_phone_and_email, every_kind_of_update_writes_everything,
          an_update_cannot_make_a_duplicate, references_must_exist, the_counter_follows_inserts,
          an_abandoned_transaction_counts_nothing, more_organizations_than_the_counter_has_rows)
