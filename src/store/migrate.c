/* Applies schema migrations once each, and refuses schemas that are not this program's. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "migrate.h"

#include "inlet/base/log.h"
#include "migrations_embedded.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#define MIGRATIONS_MAX 1000
#define ENGINES        2

/* The embedded ones, engine by engine: copied once, because they are embedded in order of their numbers only. */
static struct {
    const char *engine;
    struct migration list[MIGRATIONS_MAX];
    size_t count;
} by_engine[ENGINES] = {{.engine = "sqlite"}, {.engine = "pg"}};

static void sort_by_engine(void)
{
    for (const struct migration_text *text = migration_texts; text->number != 0; text++) {
        for (size_t i = 0; i < ENGINES; i++) {
            if (strcmp(by_engine[i].engine, text->engine) != 0)
                continue;
            assert(by_engine[i].count < MIGRATIONS_MAX);
            by_engine[i].list[by_engine[i].count++] =
                (struct migration){text->number, text->name, text->engine, text->checksum, text->sql};
        }
    }
}

const struct migration *migrations_of(const char *engine, size_t *ret_count)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, sort_by_engine);
    for (size_t i = 0; i < ENGINES; i++) {
        if (strcmp(by_engine[i].engine, engine) == 0) {
            *ret_count = by_engine[i].count;
            return by_engine[i].list;
        }
    }
    *ret_count = 0;
    return NULL;
}

static enum err has_table(struct session *session, bool *ret_has)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_MIGRATION_TABLE, &statement));
    int64_t count = 0;
    TRY(session_run(statement, NULL, &count));
    *ret_has = count > 0;
    return ERR_OK;
}

/* Whether the applied migration in the current row is MIGRATIONS[AT]. */
static enum err compare(const struct db_statement *statement, const struct migration *migrations,
                        size_t count, size_t at, struct buffer *why)
{
    int64_t number = db_column_integer(statement, 0);
    if (at >= count || migrations[at].number != number) {
        buffer_print(
            why,
            "the database has schema version %lld, which this program does not know: it needs a newer one",
            (long long)number);
        return ERR_TOO_NEW;
    }
    if (slice_equal(db_column_bytes(statement, 1), slice_from(migrations[at].checksum)))
        return ERR_OK;
    buffer_print(why,
                 "schema version %lld of the database (\"%s\") was made by another edition of this program",
                 (long long)number, migrations[at].name);
    return ERR_TOO_NEW;
}

/* *RET_APPLIED: how many of MIGRATIONS the database has; they are the first ones. */
static enum err read_applied(struct session *session, const struct migration *migrations, size_t count,
                             size_t *ret_applied, struct buffer *why)
{
    bool has = false, row;
    *ret_applied = 0;
    TRY(has_table(session, &has));
    if (!has)
        return ERR_OK;
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_MIGRATION_LIST, &statement));
    TRY(db_step(statement, &row));
    while (row) {
        TRY(compare(statement, migrations, count, *ret_applied, why));
        (*ret_applied)++;
        TRY(db_step(statement, &row));
    }
    return ERR_OK;
}

static enum err record(struct session *session, const struct migration *migration)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_MIGRATION_INSERT, &statement));
    db_bind_integer(statement, 1, migration->number);
    db_bind_text(statement, 2, slice_from(migration->name));
    db_bind_text(statement, 3, slice_from(migration->checksum));
    db_bind_integer(statement, 4, session->now_us);
    return session_run(statement, NULL, NULL);
}

/* How much of MIGRATIONS the database has, with a sentence when that cannot be told. */
static enum err find_applied(struct session *session, const struct migration *migrations, size_t count,
                             size_t *ret_applied, struct buffer *why)
{
    enum err error = read_applied(session, migrations, count, ret_applied, why);
    if (error != ERR_OK && buffer_slice(why).n == 0)
        buffer_print(why, "the schema's version cannot be read: %s (%s)", err_text(error),
                     db_error_text(session->db));
    return error;
}

static enum err apply_text(struct session *session, const struct migration *migration, struct buffer *why)
{
    enum err error =
        db_execute(session->db, "CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY,"
                                " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_us BIGINT NOT NULL)");
    if (error == ERR_OK)
        error = db_execute(session->db, migration->sql);
    if (error == ERR_OK)
        error = record(session, migration);
    if (error != ERR_OK)
        buffer_print(why, "schema version %d (\"%s\") cannot be applied: %s (%s)", migration->number,
                     migration->name, err_text(error), db_error_text(session->db));
    return error;
}

/* With the schema locked. Another process may have been first: *RET_APPLIED says what is there now. */
static enum err apply_next(struct session *session, const struct migration *migrations, size_t count,
                           size_t *ret_applied, struct buffer *why)
{
    TRY(db_lock_schema(session->db));
    TRY(find_applied(session, migrations, count, ret_applied, why));
    if (*ret_applied == count)
        return db_rollback(session->db);
    const struct migration *next = &migrations[*ret_applied];
    TRY(apply_text(session, next, why));
    TRY(session_commit(session));
    LOG(LOG_INFO, "schema migrated", LOG_INTEGER_FIELD("version", next->number),
        LOG_TEXT_FIELD("name", slice_from(next->name)));
    (*ret_applied)++;
    return ERR_OK;
}

static enum err apply_one(struct session *session, const struct migration *migrations, size_t count,
                          size_t *ret_applied, struct buffer *why)
{
    session_start_job(session);
    enum err error = db_begin(session->db);
    if (error == ERR_OK)
        error = apply_next(session, migrations, count, ret_applied, why);
    if (error == ERR_OK)
        return ERR_OK;
    if (buffer_slice(why).n == 0)
        buffer_print(why, "the schema cannot be changed: %s (%s)", err_text(error),
                     db_error_text(session->db));
    enum err ignored = session_abandon(session); /* the first error is the one that counts */
    (void)ignored;
    return error;
}

enum err migrate(struct session *session, const struct migration *migrations, size_t count, bool apply,
                 struct buffer *why)
{
    size_t applied;
    TRY(find_applied(session, migrations, count, &applied, why));
    if (applied < count && !apply) {
        buffer_print(why, applied == 0 ? "the database is empty: \"inlet migrate\" makes its tables"
                                       : "the database's schema is older than this program's: bring it up to "
                                         "date with \"inlet migrate\"");
        return ERR_CONFIG;
    }
    while (applied < count)
        TRY(apply_one(session, migrations, count, &applied, why));
    return ERR_OK;
}
