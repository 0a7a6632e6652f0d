/* The thin interface between the store and a database engine: some thirty calls, one table of them per driver. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_DB_H
#define INLET_STORE_DB_H

#include "inlet/base/buffer.h"
#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/store/store.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DESIGN. Above this line nothing knows which engine it talks to: parameters are $1 ... $n, new ids come from RETURNING,
 * duplicates from ON CONFLICT. Errors are values; what cannot be expressed as one is ERR_INTERNAL with db_error_text.
 * Where a call costs a round trip to a server, a driver may put it off until the next one that needs an answer: begin,
 * savepoint, release and post fail, if they do, in a later call, at the latest in commit.
 * THREADS. A target may be used by any thread, a connection and its statements by one at a time.
 * OWNERSHIP. Whoever opens closes: statements before their connection, connections before their target.
 */

/* A database as such: where it is, and the right to use it. */
struct db_target {
    const struct db_driver *driver;
    atomic_uint recoveries; /* how often it could be reached again; links that pause compare it */
};

/* One connection. */
struct db {
    const struct db_driver *driver;
};

/* One prepared statement. */
struct db_statement {
    const struct db_driver *driver;
};

struct db_target_options {
    const char *path; /* SQLite: the URL without its scheme; PostgreSQL: the whole connection string */
    bool create;      /* make it when it is missing, where it is a file */
    bool relaxed;     /* a power loss may take the last commits */
};

enum db_mode {
    DB_READ, /* never writes; its statements have a deadline */
    DB_WRITE
};

/* What an engine wants to have done between transactions, on a writing connection. */
enum db_chore {
    DB_AFTER_COMMIT, /* after every batch: must cost next to nothing most of the time */
    DB_IDLE,         /* nobody is waiting */
    DB_HOURLY,
    DB_CLOSING /* the last connection is about to close */
};

struct db_driver {
    const char *engine; /* as in the names of migrations */

    /* Several connections write at the same time, of any number of processes: one job makes a transaction, rows that are
     * read in order to be written are locked, and others may have changed what this process remembers. */
    bool shared;

    const char *(*version)(const char **ret_warning);

    /* The one path of what PATH names, whether it exists or not: what goes by a name of its own beside it (lock, socket)
     * is named after this. NULL: the engine has no file. */
    NODISCARD enum err (*locate)(const char *path, char ret_path[STORE_PATH_MAX], struct buffer *why);
    NODISCARD enum err (*attach)(const struct db_target_options *options, struct db_target **ret_target,
                                 struct buffer *why);
    void (*detach)(struct db_target *target);
    int64_t (*log_bytes)(const struct db_target *target);

    NODISCARD enum err (*open)(struct db_target *target, enum db_mode mode, struct db **ret_db,
                               struct buffer *why);
    void (*close)(struct db *db);
    NODISCARD enum err (*execute)(struct db *db, const char *sql);
    NODISCARD enum err (*begin)(struct db *db);
    NODISCARD enum err (*commit)(struct db *db);
    NODISCARD enum err (*rollback)(struct db *db);
    NODISCARD enum err (*savepoint)(struct db *db);
    NODISCARD enum err (*release)(struct db *db);
    NODISCARD enum err (*rollback_to)(struct db *db);
    bool (*in_transaction)(const struct db *db);
    NODISCARD enum err (*chore)(struct db *db, enum db_chore chore);
    bool (*usable)(const struct db *db);
    NODISCARD enum err (*lock_schema)(struct db *db);
    const char *(*error_text)(const struct db *db);

    NODISCARD enum err (*prepare)(struct db *db, const char *sql, int parameters,
                                  struct db_statement **ret_statement);
    void (*finish)(struct db_statement *statement);
    void (*bind_null)(struct db_statement *statement, int parameter);
    void (*bind_integer)(struct db_statement *statement, int parameter, int64_t value);
    void (*bind_text)(struct db_statement *statement, int parameter, struct slice value);
    void (*bind_blob)(struct db_statement *statement, int parameter, struct slice value);
    NODISCARD enum err (*step)(struct db_statement *statement, bool *ret_row);
    NODISCARD enum err (*post)(struct db_statement *statement);
    int64_t (*inserted_id)(const struct db *db);
    void (*reset)(struct db_statement *statement);
    bool (*column_is_null)(const struct db_statement *statement, int column);
    int64_t (*column_integer)(const struct db_statement *statement, int column);
    struct slice (*column_bytes)(const struct db_statement *statement, int column);
};

/* Runs one or more statements without parameters and without rows that matter. */
NODISCARD static inline enum err db_execute(struct db *db, const char *sql)
{
    return db->driver->execute(db, sql);
}

/* Begins: for reading a snapshot, for writing with the right to write. */
NODISCARD static inline enum err db_begin(struct db *db)
{
    return db->driver->begin(db);
}

/*
 * ERR_OK: it is as durable as the target was asked to be. Otherwise it must be rolled back, and nothing of it has happened;
 * but for ERR_COMMIT_UNKNOWN: the connection was lost while the answer was waited for, and only a look at the database,
 * over another connection, can tell. ERR_BUSY: it clashed with another transaction and may be tried again.
 */
NODISCARD static inline enum err db_commit(struct db *db)
{
    return db->driver->commit(db);
}

/* Does nothing outside of a transaction. */
NODISCARD static inline enum err db_rollback(struct db *db)
{
    return db->driver->rollback(db);
}

/* One savepoint at a time: set it, then release it or roll back to it (which ends it, too). */
NODISCARD static inline enum err db_savepoint(struct db *db)
{
    return db->driver->savepoint(db);
}

NODISCARD static inline enum err db_release(struct db *db)
{
    return db->driver->release(db);
}

NODISCARD static inline enum err db_rollback_to(struct db *db)
{
    return db->driver->rollback_to(db);
}

/* False: the connection is lost, or leads to a server that cannot do what it is for any more. Close it, open another. */
static inline bool db_usable(const struct db *db)
{
    return db->driver->usable(db);
}

/* In a transaction: until its end no other process changes the schema. */
NODISCARD static inline enum err db_lock_schema(struct db *db)
{
    return db->driver->lock_schema(db);
}

/* Some errors end the whole transaction: ask after each. */
static inline bool db_in_transaction(const struct db *db)
{
    return db->driver->in_transaction(db);
}

NODISCARD static inline enum err db_chore(struct db *db, enum db_chore chore)
{
    return db->driver->chore(db, chore);
}

/* The engine's words for the last error of the connection; "" when it had none. */
static inline const char *db_error_text(const struct db *db)
{
    return db->driver->error_text(db);
}

/* ERR_INTERNAL when SQL does not have exactly the parameters $1 to $PARAMETERS. */
NODISCARD static inline enum err db_prepare(struct db *db, const char *sql, int parameters,
                                            struct db_statement **ret_statement)
{
    return db->driver->prepare(db, sql, parameters, ret_statement);
}

static inline void db_finish(struct db_statement *statement)
{
    if (statement)
        statement->driver->finish(statement);
}

/* Binding cannot fail here: a failure sticks, and the next step returns it. */
static inline void db_bind_null(struct db_statement *statement, int parameter)
{
    statement->driver->bind_null(statement, parameter);
}

static inline void db_bind_integer(struct db_statement *statement, int parameter, int64_t value)
{
    statement->driver->bind_integer(statement, parameter, value);
}

/* UTF-8; a null slice binds NULL. The bytes are borrowed until the statement is reset. */
static inline void db_bind_text(struct db_statement *statement, int parameter, struct slice value)
{
    statement->driver->bind_text(statement, parameter, value);
}

/* Any bytes; otherwise as text. */
static inline void db_bind_blob(struct db_statement *statement, int parameter, struct slice value)
{
    statement->driver->bind_blob(statement, parameter, value);
}

/* NULL for the value that stands for it. */
static inline void db_bind_integer_or_null(struct db_statement *statement, int parameter, int64_t value,
                                           int64_t null)
{
    if (value == null)
        db_bind_null(statement, parameter);
    else
        db_bind_integer(statement, parameter, value);
}

/* *RET_ROW: there is a row to read. A statement that writes must be stepped until there is none: constraints between
 * tables are checked at its end only. */
NODISCARD static inline enum err db_step(struct db_statement *statement, bool *ret_row)
{
    return statement->driver->step(statement, ret_row);
}

/* Runs a bound statement whose rows nobody wants, to its end. What was bound need not outlive the call. Its error may come
 * with a later call of the same transaction. */
NODISCARD static inline enum err db_post(struct db_statement *statement)
{
    return statement->driver->post(statement);
}

/* After an INSERT of one row without RETURNING: the row's integer primary key, or 0 when none was inserted. NULL in the driver where
 * an engine cannot tell (see LEAD_INSERT in queries.def). */
static inline int64_t db_inserted_id(const struct db *db)
{
    return db->driver->inserted_id(db);
}

/* Ready for the next use; parameters are NULL again. */
static inline void db_reset(struct db_statement *statement)
{
    if (statement)
        statement->driver->reset(statement);
}

/* For CLEANUP on a borrowed statement. */
static inline void db_reset_pointer(struct db_statement **statement)
{
    db_reset(*statement);
}

/* Columns count from 0. */
static inline bool db_column_is_null(const struct db_statement *statement, int column)
{
    return statement->driver->column_is_null(statement, column);
}

static inline int64_t db_column_integer(const struct db_statement *statement, int column)
{
    return statement->driver->column_integer(statement, column);
}

static inline int64_t db_column_integer_or(const struct db_statement *statement, int column, int64_t null)
{
    return db_column_is_null(statement, column) ? null : db_column_integer(statement, column);
}

/* Text or blob; a null slice for NULL. Valid until the next step or reset. */
static inline struct slice db_column_bytes(const struct db_statement *statement, int column)
{
    return statement->driver->column_bytes(statement, column);
}

/* The engines. */
extern const struct db_driver sqlite_driver, pg_driver;

#endif
