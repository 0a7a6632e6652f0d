/* Opens connections to PostgreSQL with deadlines for everything, and closes them; what is run outside the pipeline. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "inlet/base/log.h"
#include "inlet/base/mem.h"

#include <stdio.h>
#include <string.h>

/* "INLT": the advisory lock of whoever changes the schema. */
#define SCHEMA_LOCK 0x494E4C54

static const char *const control_sql[CONTROL_COUNT] = {
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT job",
    [CONTROL_RELEASE] = "RELEASE job",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO job",
};

/* All is said, because a server or a role may have defaults of its own. */
static const char *sql_of(const struct pg_db *db, enum pg_control control)
{
    if (control == CONTROL_BEGIN)
        return db->mode == DB_WRITE ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                    : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    return control_sql[control];
}

/* What the server says without being asked. The end of the session is announced like that when nothing is going on; and that
 * a COMMIT did not wait for the standby, when somebody has cancelled the wait. */
static void take_notice(void *context, const PGresult *result)
{
    struct pg_db *db = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)) {
        db->retired = true;
        pg_keep_text(db, text ? text : "");
        return;
    }
    db->warned = db->warned || (severity && strcmp(severity, "WARNING") == 0);
    if (text && log_wants(LOG_DEBUG))
        LOG(LOG_DEBUG, "the database says", LOG_TEXT_FIELD("text", slice_from(text)));
}

/* Outside the pipeline: any number of statements in one text. */
static enum err run_text(struct pg_db *db, const char *sql)
{
    if (PQsendQuery(db->handle, sql) != 1)
        return pg_lose(db, PQerrorMessage(db->handle));
    enum err first = ERR_OK;
    for (;;) {
        PGresult *result CLEANUP(pg_clear_result) = pg_take(db);
        if (db->lost)
            return ERR_CONNECTION;
        if (!result)
            return first;
        ExecStatusType status = PQresultStatus(result);
        enum err error = ERR_OK;
        if (status == PGRES_FATAL_ERROR)
            error = pg_judge(db, result);
        else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
            return pg_lose(db, "the server wants to copy data");
        if (first == ERR_OK)
            first = error;
    }
}

/* synchronous_commit: whoever is relaxed does not wait for the disk; otherwise "off" alone is not good enough, and what
 * waits for standbys as well stays. JIT compiles for longer than any of our statements runs. */
static enum err set_up(struct pg_db *db, bool relaxed)
{
    char sql[512];
    snprintf(
        sql, sizeof(sql),
        "SET statement_timeout = %d; SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d;"
        " SET jit = off; SET client_min_messages = warning; %s",
        db->deadline_ms, LOCK_DEADLINE_MS, SILENT_DEADLINE_MS,
        db->mode == DB_READ ? "SET default_transaction_read_only = on"
        : relaxed           ? "SET synchronous_commit = off"
                            : "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'");
    TRY(run_text(db, sql));
    if (PQenterPipelineMode(db->handle) != 1)
        return pg_lose(db, PQerrorMessage(db->handle));
    for (enum pg_control i = CONTROL_BEGIN; i < CONTROL_COUNT; i++) {
        int code = PQsendPrepare(db->handle, pg_control_names[i], sql_of(db, i), 0, NULL);
        TRY(pg_sent(db, code, ITEM_PLAIN));
    }
    return pg_trip(db, NULL);
}

/* PQconnectStart with PQconnectPoll would hang on the first of several hosts, because only this call goes on to the next
 * one after connect_timeout, which is always set. */
static enum err connect(struct pg_db *db, const struct pg_target *target, struct buffer *why)
{
    db->handle = PQconnectdbParams(target->keywords, target->values, 0);
    if (!db->handle)
        return ERR_MEMORY;
    if (PQstatus(db->handle) != CONNECTION_OK) {
        pg_keep_text(db, PQerrorMessage(db->handle));
        return ERR_CONNECTION;
    }
    const char *encoding = PQparameterStatus(db->handle, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        buffer_print(why, "the database %s has the encoding %s: create one with the encoding UTF8",
                     PQdb(db->handle), encoding ? encoding : "unknown");
        return ERR_CONFIG;
    }
    PQsetNoticeReceiver(db->handle, take_notice, db);
    if (PQsetnonblocking(db->handle, 1) != 0)
        return pg_lose(db, PQerrorMessage(db->handle));
    return set_up(db, target->relaxed);
}

enum err pg_open(struct db_target *target, enum db_mode mode, struct db **ret_db, struct buffer *why)
{
    struct pg_db *db = mem_zero(1, sizeof(*db));
    if (!db)
        return ERR_MEMORY;
    db->base.driver = &pg_driver;
    db->mode = mode;
    db->deadline_ms = mode == DB_READ ? READ_DEADLINE_MS : WRITE_DEADLINE_MS;
    enum err error = connect(db, pg_target_of(target), why);
    if (error != ERR_OK) {
        if (why->length == 0)
            buffer_print(why, "cannot connect to the database: %s", db->error_text);
        pg_close(&db->base);
        return error;
    }
    *ret_db = &db->base;
    return ERR_OK;
}

void pg_close(struct db *base)
{
    if (!base)
        return;
    PQfinish(pg_db_of(base)->handle);
    mem_free(base);
}

/* The text may have ended the transaction, or it has failed in it. */
static void note_transaction(struct pg_db *db, enum err error)
{
    if (db->lost || db->transaction != PHASE_OPEN)
        return;
    if (PQtransactionStatus(db->handle) == PQTRANS_IDLE) {
        db->transaction = db->savepoint = PHASE_NONE;
    } else if (error != ERR_OK) {
        db->failed = error;
        db->doomed = db->savepoint != PHASE_OPEN;
    }
}

enum err pg_execute(struct db *base, const char *sql)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    TRY(pg_send_wanted(db));
    if (db->queued > 0)
        TRY(pg_trip(db, NULL));
    if (PQexitPipelineMode(db->handle) != 1)
        return pg_lose(db, PQerrorMessage(db->handle));
    enum err error = run_text(db, sql);
    if (!db->lost && PQenterPipelineMode(db->handle) != 1)
        return pg_lose(db, PQerrorMessage(db->handle));
    note_transaction(db, error);
    return error;
}

/* The next process waits here for as long as a migration may take; the migration itself does not queue up for a table for
 * so long, because everybody else would queue up behind it. All of it ends with the transaction. */
enum err pg_lock_schema(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    char sql[256];
    snprintf(
        sql, sizeof(sql),
        "SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; SELECT pg_advisory_xact_lock(%d);"
        " SET LOCAL lock_timeout = %d",
        SCHEMA_DEADLINE_MS, SCHEMA_DEADLINE_MS, SCHEMA_LOCK, LOCK_DEADLINE_MS);
    TRY(pg_ready(db));
    if (db->transaction == PHASE_NONE)
        return pg_refuse(db, "the schema is locked in a transaction only");
    db->deadline_ms = SCHEMA_DEADLINE_MS;
    return pg_execute(base, sql);
}

/* A server that went away while nobody asked is found out before somebody does. */
enum err pg_chore(struct db *base, enum db_chore chore)
{
    struct pg_db *db = pg_db_of(base);
    if (chore != DB_IDLE || db->lost || db->transaction == PHASE_OPEN)
        return ERR_OK;
    /* A roll back was sent without waiting. */
    enum err error = db->queued > 0 ? pg_receive(db, NULL) : ERR_OK;
    if (!db->lost && pg_hung_up(db)) {
        PQconsumeInput(db->handle);
        PQisBusy(db->handle); /* reads the server's last words */
        pg_lose(db, NULL);
    }
    return db->lost ? ERR_OK : error;
}
