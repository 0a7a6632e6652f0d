/* Keeps what numbers asked for, and carries it to their leads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/dnc.h"

#include "session.h"

/* Runs a bound statement whose row, if there is one, has both flags. */
static enum err read_flags(struct db_statement *statement, struct dnc *ret_dnc)
{
    struct dnc dnc = {false, false};
    bool row;
    TRY(db_step(statement, &row));
    while (row) {
        dnc.calls = db_column_integer(statement, 0) != 0;
        dnc.messages = db_column_integer(statement, 1) != 0;
        TRY(db_step(statement, &row));
    }
    *ret_dnc = dnc;
    return ERR_OK;
}

enum err store_dnc_get(struct session *session, int64_t organization_id, struct slice phone_number,
                       struct dnc *ret_dnc)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_DNC_GET, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, phone_number);
    return read_flags(statement, ret_dnc);
}

enum err store_dnc_get_locked(struct session *session, int64_t organization_id, struct slice phone_number,
                              struct dnc *ret_dnc)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_DNC_GET_LOCKED, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, phone_number);
    db_bind_integer(statement, 3, session_now_us(session));
    return read_flags(statement, ret_dnc);
}

static enum err run(struct session *session, enum query_id query, int64_t organization_id,
                    struct slice phone_number, const struct dnc *dnc)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, query, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_text(statement, 2, phone_number);
    db_bind_integer(statement, 3, dnc->calls);
    db_bind_integer(statement, 4, dnc->messages);
    db_bind_integer(statement, 5, session_now_us(session));
    return db_post(statement);
}

enum err store_dnc_set(struct session *session, int64_t organization_id, struct slice phone_number,
                       const struct dnc *dnc)
{
    TRY(run(session, QUERY_DNC_SET, organization_id, phone_number, dnc));
    return run(session, QUERY_DNC_SPREAD, organization_id, phone_number, dnc);
}
