/* The PostgreSQL driver's table, and its transaction control. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

static bool in_transaction(const struct db *db)
{
    return pg_db_of_const(db)->transaction != PHASE_NONE;
}

/* Only asked for: it goes out with the first statement. */
static enum err begin(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    if (db->transaction != PHASE_NONE)
        return pg_refuse(db, "there is a transaction already");
    db->transaction = PHASE_WANTED;
    return ERR_OK;
}

/* The transaction has ended, or its end is on the way. */
static void forget_transaction(struct pg_db *db)
{
    db->transaction = db->savepoint = PHASE_NONE;
    db->failed = ERR_OK;
    db->doomed = false;
    db->deadline_ms = db->mode == DB_READ ? READ_DEADLINE_MS : WRITE_DEADLINE_MS;
}

static enum err commit(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    if (db->transaction == PHASE_NONE)
        return pg_refuse(db, "there is no transaction to commit");
    if (db->transaction == PHASE_WANTED) {
        forget_transaction(db);
        return ERR_OK;
    }
    /* Seen before COMMIT is sent, the end of the connection is certain to be the end of the transaction. */
    if (pg_hung_up(db))
        return pg_lose(db, "the server has closed the connection");
    db->warned = false;
    if (pg_send_control(db, CONTROL_COMMIT) != ERR_OK)
        return ERR_COMMIT_UNKNOWN;
    enum err error = pg_trip(db, NULL);
    if (db->transaction == PHASE_NONE)
        forget_transaction(db);
    return error;
}

/* A trip whose errors are about to be undone. What counts is that the server takes commands again after it. */
static enum err settle(struct pg_db *db)
{
    if (pg_unsynced(db) && pg_trip(db, NULL) != ERR_OK && db->lost)
        return ERR_CONNECTION;
    return ERR_OK;
}

/* Sent at once, so that no lock and no snapshot is held longer; the answer is read with the next one. */
static enum err rollback(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    enum pg_phase before = db->transaction;
    if (before != PHASE_OPEN) {
        forget_transaction(db);
        return ERR_OK;
    }
    TRY(settle(db));
    forget_transaction(db);
    TRY(pg_send_control(db, CONTROL_ROLLBACK));
    return pg_push(db);
}

static enum err savepoint(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    if (db->transaction == PHASE_NONE || db->savepoint != PHASE_NONE)
        return pg_refuse(db, "a savepoint needs a transaction without one");
    db->savepoint = PHASE_WANTED;
    return ERR_OK;
}

static enum err release(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    if (db->savepoint == PHASE_NONE)
        return pg_refuse(db, "there is no savepoint to release");
    if (db->savepoint == PHASE_OPEN)
        TRY(pg_send_control(db, CONTROL_RELEASE));
    db->savepoint = PHASE_NONE;
    return ERR_OK;
}

static enum err rollback_to(struct db *base)
{
    struct pg_db *db = pg_db_of(base);
    if (db->lost)
        return ERR_CONNECTION;
    if (db->savepoint == PHASE_NONE)
        return db->failed != ERR_OK ? db->failed : pg_refuse(db, "there is no savepoint to roll back to");
    if (db->savepoint == PHASE_OPEN) {
        TRY(settle(db));
        if (db->doomed)
            return db->failed;
        TRY(pg_send_control(db, CONTROL_ROLLBACK_TO));
        TRY(pg_send_control(db, CONTROL_RELEASE));
    }
    db->failed = ERR_OK;
    db->savepoint = PHASE_NONE;
    return ERR_OK;
}

static bool usable(const struct db *base)
{
    const struct pg_db *db = pg_db_of_const(base);
    return !db->lost && !db->retired;
}

static const char *error_text(const struct db *db)
{
    return pg_db_of_const(db)->error_text;
}

const struct db_driver pg_driver = {
    .engine = "pg",
    .shared = true,
    .version = pg_version,
    .attach = pg_attach,
    .detach = pg_detach,
    .log_bytes = pg_log_bytes,
    .open = pg_open,
    .close = pg_close,
    .execute = pg_execute,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .in_transaction = in_transaction,
    .chore = pg_chore,
    .usable = usable,
    .lock_schema = pg_lock_schema,
    .error_text = error_text,
    .prepare = pg_prepare,
    .finish = pg_finish,
    .bind_null = pg_bind_null,
    .bind_integer = pg_bind_integer,
    .bind_text = pg_bind_text,
    .bind_blob = pg_bind_blob,
    .step = pg_step,
    .post = pg_post,
    .reset = pg_reset,
    .column_is_null = pg_column_is_null,
    .column_integer = pg_column_integer,
    .column_bytes = pg_column_bytes,
};
