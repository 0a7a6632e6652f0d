/* Opens the two databases of a copy, and sees to it that nobody else gets in between. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "copy_side.h"

#include "engine.h"
#include "inlet/base/log.h"
#include "migrate.h"

#define SQL_MAX ((size_t)16384)

enum err copy_failed(const struct copy_side *side, const char *what, const char *table, enum err error,
                     struct buffer *why)
{
    const char *words = side->db ? db_error_text(side->db) : "";
    if (error != ERR_OK && why->length == 0)
        buffer_print(why, "%s%s%s: %s%s%s%s", what, table ? " " : "", table ? table : "", err_text(error),
                     words[0] ? " (" : "", words, words[0] ? ")" : "");
    return error;
}

enum err copy_run(struct db *db, const char *sql, bool *ret_found, int64_t *ret_number)
{
    struct db_statement *statement = NULL;
    TRY(db_prepare(db, sql, 0, &statement));
    enum err error = session_run(statement, ret_found, ret_number);
    db_finish(statement);
    return error;
}

/* The file of an SQLite source is locked; on a server, others may still be at work. Whoever they are, the copy goes on: it is
 * good for a trial, too. */
static enum err warn_of_others(struct copy_side *side, struct buffer *why)
{
    int64_t others = 0;
    if (!side->target->driver->shared)
        return ERR_OK;
    TRY(copy_failed(side, "cannot see who uses the source", NULL,
                    copy_run(side->db,
                             "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                             " AND application_name LIKE 'inlet%' AND pid <> pg_backend_pid()",
                             NULL, &others),
                    why));
    if (others > 0)
        LOG(LOG_WARNING,
            "the source is being used: what is written to it from now on will not be in the copy",
            LOG_INTEGER_FIELD("connections", others));
    return ERR_OK;
}

static enum err attach(const char *url, bool create, struct db_target **ret_target, struct buffer *why)
{
    struct db_target_options options = {.create = create};
    const struct db_driver *driver;
    TRY(engine_of(url, &driver, &options.path, why));
    return driver->attach(&options, ret_target, why);
}

/* A page is read while the other side is written to, and a reader's statements have a deadline: where nobody else can write, the
 * writer's connection reads as well. */
enum err copy_open_source(struct copy_side *side, const char *url, struct buffer *why)
{
    size_t count;
    TRY(attach(url, false, &side->target, why));
    const struct db_driver *driver = side->target->driver;
    const struct migration *migrations = migrations_of(driver->engine, &count);
    TRY(session_open(side->target, driver->shared ? DB_READ : DB_WRITE, &side->session, why));
    side->db = side->session->db;
    TRY(migrate(side->session, migrations, count, false, why));
    TRY(copy_failed(side, "cannot begin to read the source", NULL, db_begin(side->db), why));
    return warn_of_others(side, why);
}

/* An empty database gets the schema; an old schema stays as it is, because there may be something in it. */
static enum err prepare_schema(struct copy_side *side, struct buffer *why)
{
    struct buffer reason CLEANUP(buffer_done) = BUFFER_INIT(4096);
    size_t count;
    const struct migration *migrations = migrations_of(side->target->driver->engine, &count);
    enum err error = migrate(side->session, migrations, count, false, &reason);
    if (error == ERR_OK)
        return ERR_OK;
    struct db_statement *statement = NULL;
    int64_t tables = 0;
    TRY(session_query(side->session, QUERY_MIGRATION_TABLE, &statement));
    TRY(session_run(statement, NULL, &tables));
    db_reset(statement);
    if (error == ERR_CONFIG && tables == 0)
        return migrate(side->session, migrations, count, true, why);
    buffer_print(why, "the target cannot be used: %.*s", SLICE_ARG(buffer_slice(&reason)));
    return error;
}

/* "BEGINNING table, table, ... END": statements that only a shared engine needs. */
static enum err on_all_tables(struct copy_side *side, const char *beginning, const char *end)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
    buffer_append_text(&sql, beginning);
    for (size_t i = 0; i < copy_table_count; i++)
        buffer_print(&sql, "%s%s", i == 0 ? " " : ", ", copy_tables[i].name);
    buffer_append_text(&sql, end);
    TRY(buffer_append_byte(&sql, '\0'));
    return db_execute(side->db, sql.data);
}

/* Where others can write too, they wait until the copy is there. */
static enum err lock_target(struct copy_side *side)
{
    if (!side->target->driver->shared)
        return ERR_OK;
    TRY(db_lock_schema(side->db));
    return on_all_tables(side, "LOCK TABLE", " IN SHARE ROW EXCLUSIVE MODE");
}

/* Finds nothing but what a new installation has, and removes that. */
static enum err empty_target(struct copy_side *side, struct buffer *why)
{
    TRY(copy_failed(side, "cannot lock the target", NULL, lock_target(side), why));
    for (size_t i = 0; i < copy_table_count; i++) {
        struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
        bool found = false;
        copy_sql_strange(&copy_tables[i], &sql);
        TRY(buffer_append_byte(&sql, '\0'));
        TRY(copy_failed(side, "cannot read the target", NULL, copy_run(side->db, sql.data, &found, NULL),
                        why));
        if (found) {
            buffer_print(why,
                         "the target is not empty: its table %s has more than that of a new installation",
                         copy_tables[i].name);
            return ERR_CONFLICT;
        }
    }
    for (size_t i = 0; i < copy_table_count; i++) {
        struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
        if (!copy_tables[i].fresh)
            continue;
        buffer_print(&sql, "DELETE FROM %s", copy_tables[i].name);
        TRY(buffer_append_byte(&sql, '\0'));
        TRY(copy_failed(side, "cannot empty the target", NULL, db_execute(side->db, sql.data), why));
    }
    return ERR_OK;
}

enum err copy_open_target(struct copy_side *side, const char *url, struct buffer *why)
{
    TRY(attach(url, true, &side->target, why));
    TRY(session_open(side->target, DB_WRITE, &side->session, why));
    side->db = side->session->db;
    TRY(copy_failed(side, "cannot prepare the target", NULL, prepare_schema(side, why), why));
    TRY(copy_failed(side, "cannot begin to write the target", NULL, db_begin(side->db), why));
    return empty_target(side, why);
}

/* Plans for empty tables would be followed for long. */
enum err copy_settle_target(struct copy_side *side, struct buffer *why)
{
    if (!side->target->driver->shared)
        return ERR_OK;
    return copy_failed(side, "cannot analyze the target", NULL, on_all_tables(side, "ANALYZE", ""), why);
}

void copy_close_side(struct copy_side *side)
{
    if (side->session) {
        enum err ignored =
            session_abandon(side->session); /* what has not been committed by now is not wanted */
        (void)ignored;
    }
    session_close(side->session);
    if (side->target)
        side->target->driver->detach(side->target);
}
