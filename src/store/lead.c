/* Inserts, finds and updates single leads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/lead.h"

#include "lead_row.h"
#include "session.h"

/* What the bound LEAD_INSERT has to tell, on engines where it returns it. */
static enum err insert_returning(struct db_statement *statement, int64_t *ret_id, struct dnc *ret_dnc)
{
    int64_t id = 0, flags = 0;
    bool row;
    TRY(db_step(statement, &row));
    while (row) {
        id = db_column_integer(statement, 0);
        flags = db_column_integer_or(statement, 1, 0);
        TRY(db_step(statement, &row));
    }
    *ret_id = id;
    *ret_dnc = (struct dnc){.calls = flags & DNC_CALLS, .messages = flags & DNC_MESSAGES};
    return ERR_OK;
}

/* The same where asking again costs less than returning. */
static enum err insert_asking(struct session *session, struct db_statement *statement,
                              const struct lead *lead, int64_t *ret_id, struct dnc *ret_dnc)
{
    TRY(session_run(statement, NULL, NULL));
    *ret_id = db_inserted_id(session->db);
    *ret_dnc = (struct dnc){false, false};
    if (*ret_id == 0 || slice_is_null(lead->phone_number))
        return ERR_OK;
    return store_dnc_get(session, lead->organization_id, lead->phone_number, ret_dnc);
}

enum err store_lead_insert(struct session *session, const struct lead *lead, int64_t *ret_id,
                           struct dnc *ret_dnc)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    struct dnc dnc;
    int64_t id;
    TRY(session_query(session, QUERY_LEAD_INSERT, &statement));
    lead_row_bind(statement, lead);
    db_bind_integer(statement, LEAD_ROW_NEXT, lead->created_us);
    if (session->db->driver->inserted_id)
        TRY(insert_asking(session, statement, lead, &id, &dnc));
    else
        TRY(insert_returning(statement, &id, &dnc));
    if (id != 0)
        TRY(lead_counter_add(session, lead->organization_id));
    *ret_id = id;
    if (ret_dnc)
        *ret_dnc = dnc;
    return ERR_OK;
}

static enum err find_by_id(struct session *session, enum query_id query, struct arena *arena,
                           int64_t organization_id, int64_t id, struct lead *ret_lead)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, query, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, id);
    return lead_row_find(statement, arena, ret_lead);
}

enum err store_lead_by_id(struct session *session, struct arena *arena, int64_t organization_id, int64_t id,
                          struct lead *ret_lead)
{
    return find_by_id(session, QUERY_LEAD_BY_ID, arena, organization_id, id, ret_lead);
}

enum err store_lead_by_id_locked(struct session *session, struct arena *arena, int64_t organization_id,
                                 int64_t id, struct lead *ret_lead)
{
    return find_by_id(session, QUERY_LEAD_BY_ID_LOCKED, arena, organization_id, id, ret_lead);
}

static enum err find_by_email_alone(struct session *session, struct arena *arena, int64_t organization_id,
                                    struct slice email_key, struct lead *ret_lead)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    if (email_key.n == 0)
        return ERR_NOT_FOUND; /* with neither it is nobody's duplicate */
    TRY(session_query(session, QUERY_LEAD_BY_EMAIL_ALONE, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, email_key);
    return lead_row_find(statement, arena, ret_lead);
}

enum err store_lead_duplicate(struct session *session, struct arena *arena, int64_t organization_id,
                              struct slice phone_number, struct slice email_key, struct lead *ret_lead)
{
    if (slice_is_null(phone_number))
        return find_by_email_alone(session, arena, organization_id, email_key, ret_lead);
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_BY_PHONE_EMAIL, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, phone_number);
    db_bind_text(statement, 3, slice_is_null(email_key) ? SLICE("") : email_key);
    return lead_row_find(statement, arena, ret_lead);
}

/* *RET_VALUE: what the statement returns of the row. */
static enum err update_with(struct session *session, enum query_id id, const struct lead *lead,
                            bool *ret_found, int64_t *ret_value)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, id, &statement));
    lead_row_bind(statement, lead);
    db_bind_integer(statement, LEAD_ROW_NEXT, lead->id);
    return session_run(statement, ret_found, ret_value);
}

static enum err set_next_call(struct session *session, const struct lead *lead)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_SET_NEXT_CALL, &statement));
    db_bind_integer(statement, 1, lead->organization_id);
    db_bind_integer(statement, 2, lead->id);
    db_bind_integer_or_null(statement, 3, lead->next_call_us, TIME_NONE);
    return db_post(statement);
}

enum err store_lead_update(struct session *session, const struct lead *lead)
{
    bool found = false;
    int64_t stays = 0;
    TRY(update_with(session, QUERY_LEAD_UPDATE_VALUES, lead, &found, &stays));
    if (found)
        return stays ? ERR_OK : set_next_call(session, lead);
    /* It may turn out to be another lead's duplicate: the job goes on, and says so. */
    TRY(session_guard(session));
    TRY(session_unguard(session, update_with(session, QUERY_LEAD_UPDATE, lead, &found, NULL)));
    return found ? ERR_OK : ERR_NOT_FOUND;
}
