/* Opens connections to SQLite, hardened and tuned, and closes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define WRITER_CACHE_KIB 32768
#define READER_CACHE_KIB 4096
#define PAGE_SIZE        4096
#define BUSY_TIMEOUT_MS  5000
/* Longest text, blob and row: a submission keeps a body of 10 MiB. */
#define LENGTH_MAX (32 << 20)
/* Instructions of SQLite's machine between two looks at the clock: well below a millisecond. */
#define DEADLINE_STEP 20000

static int start_code;

/* Every connection stays with one thread at a time, so SQLite needs no locks of its own there; and its allocation
 * statistics would be a lock that all threads share. */
static void start(void)
{
    start_code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    if (start_code == SQLITE_OK)
        start_code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (start_code == SQLITE_OK)
        start_code = sqlite3_initialize();
}

const char *lite_version(const char **ret_warning)
{
    *ret_warning =
        sqlite3_libversion_number() >= 3051003
            ? NULL
            : "SQLite before 3.51.3 can damage a database whose write-ahead log is checkpointed by a second "
              "process: let no other program write to or replicate the live file";
    return sqlite3_libversion();
}

static enum err explain(const struct lite_target *target, sqlite3 *handle, int code, struct buffer *why)
{
    enum err error = lite_error(code);
    buffer_print(why, "cannot open %s: %s", target->path,
                 handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    return error;
}

static int run(sqlite3 *handle, const char *sql)
{
    errno = 0;
    return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

/* One number from the database; 0 without a row. */
static int read_number(sqlite3 *handle, const char *sql, int64_t *ret_number)
{
    sqlite3_stmt *statement = NULL;
    errno = 0;
    int code = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return code;
    *ret_number = number;
    return SQLITE_OK;
}

static int past_deadline(void *context)
{
    const struct lite_db *db = context;
    return db->deadline_us != 0 && clock_monotonic_us() > db->deadline_us;
}

static int count_wal_pages(void *context, sqlite3 *handle, const char *schema, int pages)
{
    (void)handle;
    (void)schema;
    struct lite_db *db = context;
    db->wal_pages = pages;
    return SQLITE_OK;
}

/* What an attacker who can put text into statements or a file into our place must not have; and the same everywhere. */
static int harden(sqlite3 *handle)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
        int code = sqlite3_db_config(handle, options[i].option, options[i].value, NULL);
        if (code != SQLITE_OK)
            return code;
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS);
    return run(handle, "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                       "PRAGMA mmap_size = 0");
}

/* Refuses a file that another program made; marks one that is new. */
static enum err claim(struct lite_db *db, const struct lite_target *target, struct buffer *why)
{
    int64_t application = 0, schema = 0;
    int code = read_number(db->handle, "PRAGMA schema_version", &schema);
    if (code == SQLITE_OK)
        code = read_number(db->handle, "PRAGMA application_id", &application);
    if (code != SQLITE_OK) {
        enum err error = explain(target, db->handle, code, why);
        return code == SQLITE_NOTADB ? ERR_CONFIG : error;
    }
    if (application == APPLICATION_ID)
        return ERR_OK;
    if (application != 0 || schema != 0) {
        buffer_print(why, "%s is the database of another program", target->path);
        return ERR_CONFIG;
    }
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA page_size = %d; PRAGMA application_id = %d", PAGE_SIZE,
             APPLICATION_ID);
    code = run(db->handle, sql);
    return code == SQLITE_OK ? ERR_OK : explain(target, db->handle, code, why);
}

static enum err set_up_writer(struct lite_db *db, const struct lite_target *target, struct buffer *why)
{
    if (sqlite3_db_readonly(db->handle, "main") == 1) {
        buffer_print(why, "%s cannot be written", target->path);
        return ERR_READ_ONLY;
    }
    TRY(claim(db, target, why));
    char sql[160];
    /* Without automatic checkpoints: they would run inside of COMMIT, while people wait (see checkpoint.c). */
    snprintf(sql, sizeof(sql),
             "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = %s;"
             "PRAGMA cache_size = -%d",
             target->relaxed ? "NORMAL" : "FULL", WRITER_CACHE_KIB);
    int code = run(db->handle, sql);
    if (code != SQLITE_OK)
        return explain(target, db->handle, code, why);
    sqlite3_wal_hook(db->handle, count_wal_pages, db);
    db->wal_pages = lite_log_bytes(&target->base) > 0; /* what a crash left behind */
    return ERR_OK;
}

static enum err set_up_reader(struct lite_db *db, const struct lite_target *target, struct buffer *why)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA query_only = ON; PRAGMA cache_size = -%d", READER_CACHE_KIB);
    int code = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (code == SQLITE_OK)
        code = run(db->handle, sql);
    if (code != SQLITE_OK)
        return explain(target, db->handle, code, why);
    sqlite3_progress_handler(db->handle, DEADLINE_STEP, past_deadline, db);
    return ERR_OK;
}

static enum err connect(struct lite_db *db, const struct lite_target *target, struct buffer *why)
{
    int flags = SQLITE_OPEN_NOMUTEX | (db->mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    errno = 0;
    int code = sqlite3_open_v2(target->path, &db->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = harden(db->handle);
    if (code != SQLITE_OK)
        return explain(target, db->handle, code, why);
    return db->mode == DB_WRITE ? set_up_writer(db, target, why) : set_up_reader(db, target, why);
}

enum err lite_open(struct db_target *target, enum db_mode mode, struct db **ret_db, struct buffer *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
    if (start_code != SQLITE_OK)
        return explain(lite_target_of(target), NULL, start_code, why);
    struct lite_db *db = mem_zero(1, sizeof(*db));
    if (!db)
        return ERR_MEMORY;
    db->base.driver = &sqlite_driver;
    db->mode = mode;
    enum err error = connect(db, lite_target_of(target), why);
    if (error != ERR_OK) {
        lite_close(&db->base);
        return error;
    }
    *ret_db = &db->base;
    return ERR_OK;
}

void lite_close(struct db *base)
{
    if (!base)
        return;
    struct lite_db *db = lite_db_of(base);
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(db->controls[i]);
    sqlite3_close_v2(db->handle);
    mem_free(db);
}

enum err lite_execute(struct db *base, const char *sql)
{
    sqlite3 *handle = lite_db_of(base)->handle;
    return lite_error(run(handle, sql));
}
