/* What the files of the PostgreSQL driver share: its target, connection and statement. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_PG_DRIVER_H
#define INLET_STORE_PG_DRIVER_H

#include "db.h"

#include <libpq-fe.h>

/*
 * DESIGN. A round trip is what a statement costs, so everything goes through libpq's pipeline mode: what needs no
 * answer (BEGIN, SAVEPOINT, RELEASE, posted statements) is only queued and travels with the next statement that needs
 * one, or with COMMIT. BEGIN and SAVEPOINT are not even queued before something follows them. Each trip ends with a
 * Sync, never with a mere Flush: only then does the server count the connection as idle in its transaction, and end it
 * when this process hangs. Nothing is waited for without an end: the server has a deadline for each statement, and this
 * side one a little later.
 */

/* The server gives up a statement after this, a wait for a lock, an open transaction whose client is silent. */
#define READ_DEADLINE_MS   10000
#define WRITE_DEADLINE_MS  20000
#define LOCK_DEADLINE_MS   10000
#define SILENT_DEADLINE_MS 60000
/* A migration may build an index over everything there is, and the next process waits for it. */
#define SCHEMA_DEADLINE_MS 3600000
/* A server that has not answered so long after its own deadline is not there any more. */
#define GRACE_MS 5000

/* Longest text or blob: a submission keeps a body of 10 MiB. */
#define LENGTH_MAX      ((size_t)32 << 20)

#define PARAMETERS_MAX  32
#define CONNECT_OPTIONS 64

struct pg_target {
    struct db_target base;
    PQconninfoOption *given; /* the connection string, taken apart */
    bool relaxed;
    const char *keywords[CONNECT_OPTIONS + 1],
        *values[CONNECT_OPTIONS + 1]; /* borrowed from GIVEN, or constant */
};

/* Statements of transaction control, prepared once. */
enum pg_control {
    CONTROL_BEGIN,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COUNT
};

/* What a queued message is for: how its answer is read. */
enum pg_item {
    ITEM_BEGIN, /* the first ones are those of enum pg_control */
    ITEM_COMMIT,
    ITEM_ROLLBACK,
    ITEM_SAVEPOINT,
    ITEM_RELEASE,
    ITEM_ROLLBACK_TO,
    ITEM_PLAIN,  /* to succeed is all that is asked of it */
    ITEM_ANSWER, /* somebody waits for its result */
    ITEM_SYNC
};

#define QUEUE_MAX 64

/* Of a transaction, and of a savepoint. */
enum pg_phase {
    PHASE_NONE,
    PHASE_WANTED, /* asked for, and nothing sent yet */
    PHASE_OPEN
};

struct pg_db {
    struct db base;
    PGconn *handle;
    enum db_mode mode;
    int deadline_ms; /* the server's, for a statement */
    bool lost;       /* no answer will come any more */
    bool retired;    /* it works, but leads to the wrong server or has the wrong plans */
    bool warned;     /* by the server, since COMMIT was sent */

    enum pg_phase transaction, savepoint;
    enum err failed; /* the server takes nothing but a roll back because of this; ERR_OK */
    bool doomed;     /* ... of the whole transaction: there is no savepoint to go back to */

    enum pg_item queue[QUEUE_MAX]; /* sent or about to be, unanswered */
    size_t queued;
    unsigned statements; /* so many have got a name */
    char error_text[512];
};

struct pg_statement {
    struct db_statement base;
    struct pg_db *db;
    char name[16];
    enum err bind_error;
    PGresult *result; /* all rows; NULL before the first step */
    int row;          /* the current one */
    int parameters;
    Oid types[PARAMETERS_MAX];
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    char numbers[PARAMETERS_MAX][24]; /* what VALUES point to where integers were bound */
};

static inline struct pg_target *pg_target_of(struct db_target *target)
{
    return (struct pg_target *)(void *)target;
}

static inline struct pg_db *pg_db_of(struct db *db)
{
    return (struct pg_db *)(void *)db;
}

static inline const struct pg_db *pg_db_of_const(const struct db *db)
{
    return (const struct pg_db *)(const void *)db;
}

/* For CLEANUP. */
static inline void pg_clear_result(PGresult **result)
{
    PQclear(*result);
}

/* error.c: what SQLSTATE means; NULL is the end of a connection. */
NODISCARD enum err pg_error(const char *sqlstate);
/* The error of a failed RESULT; its words are kept, and the connection's state is changed where it says so. */
NODISCARD enum err pg_judge(struct pg_db *db, const PGresult *result);
/* Keeps TEXT, on one line, as the words for the last error. */
void pg_keep_text(struct pg_db *db, const char *text);
/* ERR_INTERNAL with TEXT. */
NODISCARD enum err pg_refuse(struct pg_db *db, const char *text);

/* pipeline.c */
/* Under these names the control statements are prepared. */
extern const char *const pg_control_names[CONTROL_COUNT];
/* ERR_OK when something can be sent; otherwise why not. */
NODISCARD enum err pg_ready(struct pg_db *db);
/* Queues a control statement; what has been put off goes before anything else: BEGIN, SAVEPOINT. */
NODISCARD enum err pg_send_control(struct pg_db *db, enum pg_control control);
NODISCARD enum err pg_send_wanted(struct pg_db *db);
/* What a call of libpq that sends returned; ITEM is queued when it went well. */
NODISCARD enum err pg_sent(struct pg_db *db, int code, enum pg_item item);
/* Whether something is queued that no Sync follows. */
bool pg_unsynced(const struct pg_db *db);
/* Sends all, without waiting for the answers. */
NODISCARD enum err pg_push(struct pg_db *db);
/* Sends all and reads every answer. Returns the first error; *RET_ANSWER, which may be NULL, becomes the last answer. */
NODISCARD enum err pg_trip(struct pg_db *db, PGresult **ret_answer);
/* Reads the answers to what was pushed. */
NODISCARD enum err pg_receive(struct pg_db *db, PGresult **ret_answer);
/* The next result, waited for; NULL between two results and when the connection is lost. The caller clears it. */
NODISCARD PGresult *pg_take(struct pg_db *db);
/* Whether the other side has closed. */
bool pg_hung_up(const struct pg_db *db);
/* Nothing can be had from this connection any more. Returns ERR_CONNECTION. */
enum err pg_lose(struct pg_db *db, const char *text);

/* target.c */
const char *pg_version(const char **ret_warning);
NODISCARD enum err pg_attach(const struct db_target_options *options, struct db_target **ret_target,
                             struct buffer *why);
void pg_detach(struct db_target *target);
int64_t pg_log_bytes(const struct db_target *target);

/* connection.c */
NODISCARD enum err pg_open(struct db_target *target, enum db_mode mode, struct db **ret_db,
                           struct buffer *why);
void pg_close(struct db *db);
NODISCARD enum err pg_execute(struct db *db, const char *sql);
NODISCARD enum err pg_lock_schema(struct db *db);
NODISCARD enum err pg_chore(struct db *db, enum db_chore chore);

/* statement.c */
NODISCARD enum err pg_prepare(struct db *db, const char *sql, int parameters,
                              struct db_statement **ret_statement);
void pg_finish(struct db_statement *statement);
void pg_bind_null(struct db_statement *statement, int parameter);
void pg_bind_integer(struct db_statement *statement, int parameter, int64_t value);
void pg_bind_text(struct db_statement *statement, int parameter, struct slice value);
void pg_bind_blob(struct db_statement *statement, int parameter, struct slice value);
NODISCARD enum err pg_step(struct db_statement *statement, bool *ret_row);
NODISCARD enum err pg_post(struct db_statement *statement);
void pg_reset(struct db_statement *statement);
bool pg_column_is_null(const struct db_statement *statement, int column);
int64_t pg_column_integer(const struct db_statement *statement, int column);
struct slice pg_column_bytes(const struct db_statement *statement, int column);

#endif
