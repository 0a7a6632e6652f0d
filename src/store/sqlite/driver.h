/* What the files of the SQLite driver share: its target, connection and statement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SQLITE_DRIVER_H
#define INLET_STORE_SQLITE_DRIVER_H

#include "db.h"

#include <sqlite3.h>

/* Marks a file as ours, so that no other program's database is ever migrated: "INLT". */
#define APPLICATION_ID 0x494E4C54

/* A statement of a reader ends with ERR_TIMEOUT after this. */
#define READ_DEADLINE_US INT64_C(10000000)

#define PARAMETERS_MAX   32

struct lite_target {
    struct db_target base;
    char *path, *lock_path, *wal_path;
    int lock_fd;
    bool relaxed;
};

/* Statements of transaction control, prepared once. */
enum lite_control {
    CONTROL_BEGIN,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COUNT
};

struct lite_db {
    struct db base;
    sqlite3 *handle;
    enum db_mode mode;
    sqlite3_stmt *controls[CONTROL_COUNT];
    int64_t deadline_us; /* monotonic, of the running statement of a reader; 0: none */
    int wal_pages;       /* in the write-ahead log, as of the last commit */
};

struct lite_statement {
    struct db_statement base;
    struct lite_db *db;
    sqlite3_stmt *handle;
    bool running;
    enum err bind_error;
    int parameters;
    int index[PARAMETERS_MAX + 1]; /* SQLite's number of $k */
};

static inline struct lite_target *lite_target_of(struct db_target *target)
{
    return (struct lite_target *)(void *)target;
}

static inline struct lite_db *lite_db_of(struct db *db)
{
    return (struct lite_db *)(void *)db;
}

static inline const struct lite_db *lite_db_of_const(const struct db *db)
{
    return (const struct lite_db *)(const void *)db;
}

/* error.c: what CODE, a result of SQLite, means; errno says more when it was 0 before the call. */
NODISCARD enum err lite_error(int code);

/* target.c */
NODISCARD enum err lite_locate(const char *path, char ret_path[STORE_PATH_MAX], struct buffer *why);
NODISCARD enum err lite_attach(const struct db_target_options *options, struct db_target **ret_target,
                               struct buffer *why);
void lite_detach(struct db_target *target);
int64_t lite_log_bytes(const struct db_target *target);

/* connection.c */
const char *lite_version(const char **ret_warning);
NODISCARD enum err lite_open(struct db_target *target, enum db_mode mode, struct db **ret_db,
                             struct buffer *why);
void lite_close(struct db *db);
NODISCARD enum err lite_execute(struct db *db, const char *sql);

/* checkpoint.c */
NODISCARD enum err lite_chore(struct db *db, enum db_chore chore);

/* statement.c */
NODISCARD enum err lite_prepare(struct db *db, const char *sql, int parameters,
                                struct db_statement **ret_statement);
void lite_finish(struct db_statement *statement);
void lite_bind_null(struct db_statement *statement, int parameter);
void lite_bind_integer(struct db_statement *statement, int parameter, int64_t value);
void lite_bind_text(struct db_statement *statement, int parameter, struct slice value);
void lite_bind_blob(struct db_statement *statement, int parameter, struct slice value);
NODISCARD enum err lite_step(struct db_statement *statement, bool *ret_row);
NODISCARD enum err lite_post(struct db_statement *statement);
void lite_reset(struct db_statement *statement);
bool lite_column_is_null(const struct db_statement *statement, int column);
int64_t lite_column_integer(const struct db_statement *statement, int column);
struct slice lite_column_bytes(const struct db_statement *statement, int column);

#endif
