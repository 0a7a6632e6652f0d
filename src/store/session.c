/* Sessions: statements prepared once, a clock that never steps back, transactions that count leads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/random.h"

/* Shards of a counter: as many sessions as add to one at the same time, more or less, find one each. */
#define SHARDS 256

/* One connection that writes needs one. */
static enum err choose_shard(const struct db_driver *driver, int64_t *ret_shard)
{
    unsigned char number = 0;
    _Static_assert(SHARDS == 1 << 8 * sizeof(number), "any number is a shard");
    if (driver->shared)
        TRY(random_bytes(&number, sizeof(number)));
    *ret_shard = number;
    return ERR_OK;
}

enum err session_open(struct db_target *target, enum db_mode mode, struct session **ret_session,
                      struct buffer *why)
{
    struct session *session = mem_zero(1, sizeof(*session));
    if (!session)
        return ERR_MEMORY;
    session->now_us = TIME_NONE;
    enum err error = choose_shard(target->driver, &session->shard);
    if (error == ERR_OK)
        error = target->driver->open(target, mode, &session->db, why);
    if (error != ERR_OK) {
        mem_free(session);
        return error;
    }
    *ret_session = session;
    return ERR_OK;
}

struct session *session_close(struct session *session)
{
    if (!session)
        return NULL;
    for (size_t i = 0; i < QUERY_COUNT; i++)
        db_finish(session->statements[i]);
    session->db->driver->close(session->db);
    mem_free(session);
    return NULL;
}

enum err session_query(struct session *session, enum query_id id, struct db_statement **ret_statement)
{
    struct db_statement **statement = &session->statements[id];
    if (!*statement) {
        const char *sql = query_sql(id, session->db->driver->engine);
        TRY(db_prepare(session->db, sql, queries[id].parameters, statement));
    }
    *ret_statement = *statement;
    return ERR_OK;
}

enum err session_run(struct db_statement *statement, bool *ret_found, int64_t *ret_number)
{
    bool found = false, row;
    int64_t number = 0;
    TRY(db_step(statement, &row));
    while (row) {
        if (!found)
            number = db_column_integer(statement, 0);
        found = true;
        TRY(db_step(statement, &row));
    }
    if (ret_found)
        *ret_found = found;
    if (ret_number && found)
        *ret_number = number;
    return ERR_OK;
}

enum err session_guard(struct session *session)
{
    return session->db->driver->shared ? db_savepoint(session->db) : ERR_OK;
}

enum err session_unguard(struct session *session, enum err error)
{
    if (!session->db->driver->shared)
        return error;
    if (error == ERR_OK)
        return db_release(session->db);
    if (!db_in_transaction(session->db))
        return error; /* there is nothing to go back to */
    enum err undone = db_rollback_to(session->db);
    return undone == ERR_OK ? error : undone;
}

void session_start_job(struct session *session)
{
    int64_t now_us = clock_now_us();
    if (now_us > session->now_us)
        session->now_us = now_us;
}

int64_t session_now_us(const struct session *session)
{
    return session->now_us;
}

enum err session_commit(struct session *session)
{
    TRY(lead_counter_flush(session));
    return db_commit(session->db);
}

enum err session_abandon(struct session *session)
{
    for (size_t i = 0; i < QUERY_COUNT; i++)
        db_reset(session->statements[i]);
    lead_counter_clear(&session->counter);
    return db_rollback(session->db);
}

void session_log_failure(const struct session *session, const char *event, enum err error)
{
    const char *text = db_error_text(session->db);
    LOG(LOG_ERROR, event, LOG_TEXT_FIELD("error", slice_from(err_text(error))),
        LOG_TEXT_FIELD("engine", slice_from(text)));
}
