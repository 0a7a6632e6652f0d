/* Keeps calls and leases, and finds leads that are due. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/call.h"

#include "lead_row.h"
#include "rows.h"
#include "session.h"

#define DAY_US INT64_C(86400000000)

enum err store_call_insert(struct session *session, struct call_record *record)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_CALL_INSERT, &statement));
    db_bind_integer(statement, 1, record->organization_id);
    db_bind_integer(statement, 2, record->lead_id);
    db_bind_text(statement, 3, record->phone_number);
    db_bind_integer(statement, 4, record->at_us);
    db_bind_text(statement, 5, vocabulary_text(&call_outcomes, (int)record->outcome));
    db_bind_text(statement, 6, record->lease_id);
    db_bind_integer_or_null(statement, 7, record->lease_until_us, TIME_NONE);
    db_bind_integer(statement, 8, record->created_us);
    return session_run(statement, NULL, &record->id);
}

static enum err read_record(const struct db_statement *statement, struct arena *arena,
                            struct call_record *record)
{
    record->organization_id = db_column_integer(statement, 0);
    record->lead_id = db_column_integer(statement, 1);
    record->at_us = db_column_integer(statement, 3);
    record->outcome = (enum call_outcome)vocabulary_find(&call_outcomes, db_column_bytes(statement, 4));
    record->lease_until_us = db_column_integer_or(statement, 6, TIME_NONE);
    record->created_us = db_column_integer(statement, 7);
    record->id = db_column_integer(statement, 8);
    TRY(arena_copy(arena, db_column_bytes(statement, 2), &record->phone_number));
    return arena_copy(arena, db_column_bytes(statement, 5), &record->lease_id);
}

enum err store_call_by_lease(struct session *session, struct arena *arena, int64_t organization_id,
                             struct slice lease_id, struct call_record *ret_record)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    bool row;
    TRY(session_query(session, QUERY_CALL_BY_LEASE, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, lease_id);
    TRY(db_step(statement, &row));
    return row ? read_record(statement, arena, ret_record) : ERR_NOT_FOUND;
}

enum err store_call_report(struct session *session, const struct call_record *record)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_CALL_REPORT, &statement));
    db_bind_integer(statement, 1, record->organization_id);
    db_bind_integer(statement, 2, record->id);
    db_bind_text(statement, 3, vocabulary_text(&call_outcomes, (int)record->outcome));
    db_bind_integer(statement, 4, record->at_us);
    return db_post(statement);
}

enum err store_call_list(struct session *session, struct arena *arena, int64_t organization_id,
                         int64_t lead_id, int64_t limit, int64_t offset, struct call_record **ret_records,
                         size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    struct rows rows;
    bool row;
    rows_init(&rows, arena, sizeof(struct call_record));
    TRY(session_query(session, QUERY_CALL_LIST, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, lead_id);
    db_bind_integer(statement, 3, limit);
    db_bind_integer(statement, 4, offset);
    TRY(db_step(statement, &row));
    while (row) {
        struct call_record *record = rows_add(&rows);
        if (!record)
            return ERR_MEMORY;
        TRY(read_record(statement, arena, record));
        TRY(db_step(statement, &row));
    }
    *ret_records = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}

enum err store_call_count(struct session *session, int64_t organization_id, int64_t lead_id,
                          int64_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_CALL_COUNT, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, lead_id);
    return session_run(statement, NULL, ret_count);
}

enum err store_call_attempts(struct session *session, struct arena *arena, int64_t organization_id,
                             struct slice phone_number, int64_t now_us, int64_t limit,
                             struct calling_attempt **ret_attempts, size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    struct rows rows;
    bool row;
    rows_init(&rows, arena, sizeof(struct calling_attempt));
    TRY(session_query(session, QUERY_CALL_ATTEMPTS, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, phone_number);
    db_bind_integer(statement, 3, now_us - DAY_US);
    db_bind_integer(statement, 4, now_us);
    db_bind_integer(statement, 5, limit);
    TRY(db_step(statement, &row));
    while (row) {
        struct calling_attempt *attempt = rows_add(&rows);
        if (!attempt)
            return ERR_MEMORY;
        bool reported = !db_column_is_null(statement, 1);
        attempt->at_us = db_column_integer(statement, 0);
        attempt->lease_until_us = reported ? TIME_NONE : db_column_integer(statement, 2);
        TRY(db_step(statement, &row));
    }
    *ret_attempts = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}

/* The column of next_call_us in LEAD_KEYS. A lead that must not be called has none any more once it was read, but its row does,
 * and stands where that says. */
#define NEXT_CALL_COLUMN 11

enum err store_due_leads(struct session *session, struct arena *arena, int64_t organization_id, bool locked,
                         int64_t limit, struct due_place *place, struct lead **ret_leads, size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    struct rows rows;
    bool row;
    rows_init(&rows, arena, sizeof(struct lead));
    TRY(session_query(session, locked ? QUERY_LEAD_DUE_LOCKED : QUERY_LEAD_DUE, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, session_now_us(session));
    db_bind_integer(statement, 3, place->next_call_us);
    db_bind_integer(statement, 4, place->id);
    db_bind_integer(statement, 5, limit);
    TRY(db_step(statement, &row));
    while (row) {
        struct lead *lead = rows_add(&rows);
        if (!lead)
            return ERR_MEMORY;
        TRY(lead_row_read(statement, arena, lead));
        *place = (struct due_place){db_column_integer(statement, NEXT_CALL_COLUMN), lead->id};
        TRY(db_step(statement, &row));
    }
    *ret_leads = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}

enum err store_dialer_lock(struct session *session, int64_t organization_id)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_DIALER_LOCK, &statement));
    db_bind_integer(statement, 1, organization_id);
    return session_run(statement, NULL, NULL);
}

enum err store_lead_lease(struct session *session, int64_t organization_id, int64_t lead_id, int64_t until_us)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_LEASE, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, lead_id);
    db_bind_integer(statement, 3, until_us);
    return db_post(statement);
}

enum err store_lead_called(struct session *session, const struct lead *lead, int64_t ended_lease_us)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_CALLED, &statement));
    db_bind_integer(statement, 1, lead->organization_id);
    db_bind_integer(statement, 2, lead->id);
    db_bind_integer(statement, 3, lead->modified_us);
    db_bind_text(statement, 4, vocabulary_text(&lead_statuses, (int)lead->status));
    db_bind_integer_or_null(statement, 5, lead->next_call_us, TIME_NONE);
    db_bind_text(statement, 6, vocabulary_text(&lead_next_call_reasons, (int)lead->next_call_reason));
    db_bind_integer(statement, 7, lead->call_attempts);
    db_bind_integer_or_null(statement, 8, lead->last_call_us, TIME_NONE);
    db_bind_integer(statement, 9, lead->call_dnc);
    db_bind_integer_or_null(statement, 10, ended_lease_us, TIME_NONE);
    return db_post(statement);
}
