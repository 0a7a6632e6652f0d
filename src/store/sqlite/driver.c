/* The SQLite driver's table, and its transaction control. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include <errno.h>

static const char *const control_sql[CONTROL_COUNT] = {
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT job",
    [CONTROL_RELEASE] = "RELEASE job",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO job",
};

/* A write that begins as a read fails at once when somebody else has written: never begin one like that. */
static const char *sql_of(const struct lite_db *db, enum lite_control control)
{
    if (control == CONTROL_BEGIN)
        return db->mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN";
    return control_sql[control];
}

static enum err run_control(struct db *base, enum lite_control control)
{
    struct lite_db *db = lite_db_of(base);
    sqlite3_stmt **statement = &db->controls[control];
    if (!*statement) {
        int code = sqlite3_prepare_v3(db->handle, sql_of(db, control), -1, SQLITE_PREPARE_PERSISTENT,
                                      statement, NULL);
        if (code != SQLITE_OK)
            return lite_error(code);
    }
    errno = 0;
    int code = sqlite3_step(*statement);
    enum err error = code == SQLITE_DONE ? ERR_OK : lite_error(code);
    sqlite3_reset(*statement);
    return error;
}

static enum err begin(struct db *db)
{
    return run_control(db, CONTROL_BEGIN);
}

static enum err commit(struct db *db)
{
    return run_control(db, CONTROL_COMMIT);
}

static bool in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(lite_db_of_const(db)->handle) == 0;
}

static enum err rollback(struct db *db)
{
    return in_transaction(db) ? run_control(db, CONTROL_ROLLBACK) : ERR_OK;
}

static enum err savepoint(struct db *db)
{
    return run_control(db, CONTROL_SAVEPOINT);
}

static enum err release(struct db *db)
{
    return run_control(db, CONTROL_RELEASE);
}

/* Rolling back leaves the savepoint in place: it goes with the release. */
static enum err rollback_to(struct db *db)
{
    TRY(run_control(db, CONTROL_ROLLBACK_TO));
    return run_control(db, CONTROL_RELEASE);
}

/* A file does not go away; what an error leaves behind is the writer's to judge. */
static bool usable(const struct db *db)
{
    (void)db;
    return true;
}

/* The transaction is the only one that writes, and the file is this process's alone. */
static enum err lock_schema(struct db *db)
{
    (void)db;
    return ERR_OK;
}

static int64_t inserted_id(const struct db *db)
{
    sqlite3 *handle = lite_db_of_const(db)->handle;
    return sqlite3_changes(handle) > 0 ? sqlite3_last_insert_rowid(handle) : 0;
}

static const char *error_text(const struct db *db)
{
    sqlite3 *handle = lite_db_of_const(db)->handle;
    int code = sqlite3_errcode(handle);
    return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ? "" : sqlite3_errmsg(handle);
}

const struct db_driver sqlite_driver = {
    .engine = "sqlite",
    .version = lite_version,
    .locate = lite_locate,
    .attach = lite_attach,
    .detach = lite_detach,
    .log_bytes = lite_log_bytes,
    .open = lite_open,
    .close = lite_close,
    .execute = lite_execute,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .in_transaction = in_transaction,
    .chore = lite_chore,
    .usable = usable,
    .lock_schema = lock_schema,
    .error_text = error_text,
    .prepare = lite_prepare,
    .finish = lite_finish,
    .bind_null = lite_bind_null,
    .bind_integer = lite_bind_integer,
    .bind_text = lite_bind_text,
    .bind_blob = lite_bind_blob,
    .step = lite_step,
    .post = lite_post,
    .inserted_id = inserted_id,
    .reset = lite_reset,
    .column_is_null = lite_column_is_null,
    .column_integer = lite_column_integer,
    .column_bytes = lite_column_bytes,
};
