/* Writes, claims and purges receipts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt.h"

#include "inlet/base/clock.h"

/* Whoever looks for one gives up after less than a minute; the rest is for clocks that disagree. */
#define KEEP_US INT64_C(86400000000)

/* So many in one transaction: short enough to hold up nobody. */
#define PURGE_ROWS 10000

static struct slice id_slice(const struct receipt *receipt)
{
    return slice_of((const char *)receipt->id, sizeof(receipt->id));
}

enum err receipt_make(struct receipt *ret_receipt)
{
    return random_uuid7(clock_now_us(), ret_receipt->id);
}

enum err receipt_leave(struct session *session, const struct receipt *receipt)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_RECEIPT_INSERT, &statement));
    db_bind_blob(statement, 1, id_slice(receipt));
    db_bind_integer(statement, 2, session->now_us);
    return db_post(statement);
}

enum err receipt_claim(struct session *session, const struct receipt *receipt, bool *ret_there)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    bool claimed;
    TRY(session_query(session, QUERY_RECEIPT_CLAIM, &statement));
    db_bind_blob(statement, 1, id_slice(receipt));
    db_bind_integer(statement, 2, session->now_us);
    TRY(db_step(statement, &claimed));
    for (bool row = claimed; row;)
        TRY(db_step(statement, &row));
    *ret_there = !claimed;
    return ERR_OK;
}

static enum err purge_some(struct session *session, const struct receipt *bound, int64_t *ret_rows)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    int64_t rows = 0;
    bool row;
    TRY(session_query(session, QUERY_RECEIPT_PURGE, &statement));
    db_bind_blob(statement, 1, id_slice(bound));
    db_bind_integer(statement, 2, PURGE_ROWS);
    TRY(db_step(statement, &row));
    for (; row; rows++)
        TRY(db_step(statement, &row));
    *ret_rows = rows;
    return ERR_OK;
}

enum err receipt_purge(struct session *session)
{
    struct receipt bound;
    uuid7_bound(clock_now_us() - KEEP_US, bound.id);
    for (int64_t rows = PURGE_ROWS; rows == PURGE_ROWS;) {
        TRY(db_begin(session->db));
        enum err error = purge_some(session, &bound, &rows);
        if (error == ERR_OK)
            error = session_commit(session);
        if (error != ERR_OK) {
            enum err ignored = session_abandon(session); /* the first error is the one that counts */
            (void)ignored;
            return error;
        }
    }
    return ERR_OK;
}
