/* Copies all tables from one database into another one, and compares them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/copy.h"

#include "copy_scan.h"
#include "copy_side.h"
#include "copy_sum.h"
#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "text.h"

#include <assert.h>
#include <string.h>

#define PROGRESS_US INT64_C(1000000)
#define SQL_MAX     ((size_t)16384)

struct copy {
    const struct copy_options *options;
    struct copy_report *report;
    struct buffer *why;
    struct copy_side from, to;
    /* The table that is being worked on. */
    const struct copy_table *table;
    struct db_statement *insert; /* NULL: it is being read back */
    struct copy_sum sum;
    int64_t largest_id; /* where the database counts them */
    struct copy_progress progress;
    int64_t next_progress_us;
};

static enum err failed(const struct copy *copy, const struct copy_side *side, const char *what,
                       enum err error)
{
    return copy_failed(side, what, copy->table ? copy->table->name : NULL, error, copy->why);
}

static void show_progress(struct copy *copy, bool now)
{
    int64_t now_us = clock_monotonic_us();
    if (!copy->options->progress || (!now && now_us < copy->next_progress_us))
        return;
    copy->next_progress_us = now_us + PROGRESS_US;
    copy->options->progress(copy->options->context, &copy->progress);
}

static void bind_column(struct db_statement *insert, int parameter, enum copy_kind kind,
                        const struct db_statement *row, int column)
{
    if (db_column_is_null(row, column))
        db_bind_null(insert, parameter);
    else if (kind == COPY_INTEGER)
        db_bind_integer(insert, parameter, db_column_integer(row, column));
    else if (kind == COPY_TEXT)
        db_bind_text(insert, parameter, db_column_bytes(row, column));
    else
        db_bind_blob(insert, parameter, db_column_bytes(row, column));
}

/* A shared engine checks what text is, and ends the copy with words that do not tell which row it was. */
static enum err check_text(struct copy *copy, const struct db_statement *row, int column)
{
    struct slice text = db_column_bytes(row, column);
    if (copy->table->columns[column].kind != COPY_TEXT || !copy->to.target->driver->shared ||
        text_is_clean(text))
        return ERR_OK;
    const char *const *key = copy_table_key(copy->table, copy->from.target->driver);
    buffer_print(copy->why, "%s.%s is no text that the target could hold, where", copy->table->name,
                 copy->table->columns[column].name);
    for (int i = 0; i < COPY_KEYS_MAX && key[i]; i++) {
        int at = copy_table_column(copy->table, key[i]);
        if (copy->table->columns[at].kind == COPY_INTEGER)
            buffer_print(copy->why, " %s = %lld", key[i], (long long)db_column_integer(row, at));
    }
    return ERR_INVALID;
}

/* One row, on its way from the source to the target or out of the target again. */
static enum err take_row(void *context, const struct db_statement *row)
{
    struct copy *copy = context;
    const struct copy_table *table = copy->table;
    TRY(copy_sum_add(&copy->sum, table, row));
    for (int i = 0; copy->insert && table->columns[i].name; i++) {
        TRY(check_text(copy, row, i));
        bind_column(copy->insert, i + 1, table->columns[i].kind, row, i);
    }
    if (copy->insert) {
        enum err error = db_post(copy->insert);
        db_reset(copy->insert);
        TRY(failed(copy, &copy->to, "cannot write the target's table", error));
    }
    if (table->counts_ids) {
        int64_t id = db_column_integer(row, copy_table_column(table, "id"));
        copy->largest_id = id > copy->largest_id ? id : copy->largest_id;
    }
    copy->progress.rows = copy->sum.rows;
    show_progress(copy, false);
    return ERR_OK;
}

static enum err scan(struct copy *copy, const struct copy_side *side, int64_t total)
{
    copy_sum_init(&copy->sum);
    copy->largest_id = 0;
    copy->progress =
        (struct copy_progress){.table = copy->table->name, .total = total, .checking = copy->insert == NULL};
    show_progress(copy, true);
    enum err error = copy_scan(side->db, copy->table, take_row, copy);
    copy_sum_done(&copy->sum);
    show_progress(copy, true);
    return failed(copy, side, copy->insert ? "cannot read the source's table" : "cannot read back the table",
                  error);
}

/* For the progress. On a shared engine what its planner believes: to count could take longer than a reader may. */
static enum err guess_rows(struct copy *copy, int64_t *ret_rows)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
    const struct copy_side *side = &copy->from;
    int64_t rows = 0;
    buffer_print(&sql,
                 side->target->driver->shared
                     ? "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('%s' AS regclass)"
                     : "SELECT count(*) FROM %s",
                 copy->table->name);
    TRY(buffer_append_byte(&sql, '\0'));
    TRY(failed(copy, side, "cannot count the source's table", copy_run(side->db, sql.data, NULL, &rows)));
    *ret_rows = rows > 0 ? rows : 0;
    return ERR_OK;
}

/* New ids begin behind those that were copied. */
static enum err settle_ids(struct copy *copy)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
    if (!copy->table->counts_ids || !copy->to.target->driver->shared)
        return ERR_OK;
    buffer_print(&sql, "ALTER TABLE %s ALTER COLUMN id RESTART WITH %lld", copy->table->name,
                 (long long)copy->largest_id + 1);
    TRY(buffer_append_byte(&sql, '\0'));
    return failed(copy, &copy->to, "cannot set the next id of the target's table",
                  db_execute(copy->to.db, sql.data));
}

static enum err copy_one(struct copy *copy, struct copy_sum *ret_sum)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
    int64_t total = 0;
    TRY(guess_rows(copy, &total));
    copy_sql_insert(copy->table, &sql);
    TRY(buffer_append_byte(&sql, '\0'));
    int columns = copy_table_column_count(copy->table);
    TRY(failed(copy, &copy->to, "cannot write the target's table",
               db_prepare(copy->to.db, sql.data, columns, &copy->insert)));
    enum err error = scan(copy, &copy->from, total);
    db_finish(TAKE(copy->insert));
    TRY(error);
    *ret_sum = copy->sum;
    return settle_ids(copy);
}

static enum err check_one(struct copy *copy, const struct copy_sum *expected)
{
    TRY(scan(copy, &copy->to, expected->rows));
    if (copy_sum_equal(expected, &copy->sum))
        return ERR_OK;
    buffer_print(copy->why, "table %s differs after it was copied: nothing was kept", copy->table->name);
    return ERR_CORRUPT;
}

/* The source is let go before the target is read back: it may be long. */
static enum err copy_all(struct copy *copy)
{
    struct copy_sum sums[COPY_TABLES_MAX];
    assert(copy_table_count <= COPY_TABLES_MAX);
    for (size_t i = 0; i < copy_table_count; i++) {
        copy->table = &copy_tables[i];
        TRY(copy_one(copy, &sums[i]));
    }
    copy->table = NULL;
    TRY(failed(copy, &copy->from, "cannot end reading the source", session_abandon(copy->from.session)));
    TRY(copy_settle_target(&copy->to, copy->why));
    for (size_t i = 0; i < copy_table_count; i++) {
        copy->table = &copy_tables[i];
        TRY(check_one(copy, &sums[i]));
        copy->report->tables[i].table = copy->table->name;
        copy->report->tables[i].rows = sums[i].rows;
        hash_hex(sums[i].total, SHA256_SIZE, copy->report->tables[i].checksum);
    }
    copy->table = NULL;
    copy->report->table_count = (int)copy_table_count;
    return ERR_OK;
}

static enum err commit(struct copy *copy)
{
    enum err error = db_commit(copy->to.db);
    if (error == ERR_COMMIT_UNKNOWN)
        buffer_append_text(copy->why,
                           "the connection was lost while the target committed: it has all rows or none. If "
                           "a second copy finds it not empty, it has all of them");
    TRY(failed(copy, &copy->to, "the target cannot commit", error));
    /* A write-ahead log as long as the data is not what a server should begin with. */
    enum err ignored = db_chore(copy->to.db, DB_CLOSING);
    (void)ignored;
    return ERR_OK;
}

static enum err run(struct copy *copy)
{
    if (strcmp(copy->options->from, copy->options->to) == 0) {
        buffer_append_text(copy->why, "the source and the target are the same database");
        return ERR_CONFIG;
    }
    TRY(copy_open_source(&copy->from, copy->options->from, copy->why));
    TRY(copy_open_target(&copy->to, copy->options->to, copy->why));
    TRY(copy_all(copy));
    return commit(copy);
}

enum err store_copy(const struct copy_options *options, struct copy_report *ret_report, struct buffer *why)
{
    struct copy_report report = {0};
    struct copy copy = {.options = options, .report = &report, .why = why};
    enum err error = run(&copy);
    copy_close_side(&copy.to);
    copy_close_side(&copy.from);
    if (error != ERR_OK && why->length == 0)
        buffer_append_text(why, err_text(error));
    if (error == ERR_OK)
        *ret_report = report;
    return error;
}
