/* Pages by primary key. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "copy_scan.h"

/* A driver may hold a whole page in memory: rows whose blobs can be 10 MiB each come in smaller ones. */
#define PAGE_ROWS      500
#define PAGE_ROWS_BLOB 32

#define SQL_MAX        ((size_t)8192)
#define KEY_TEXT_MAX   ((size_t)1 << 20)

/* The key behind which the next page begins. */
struct position {
    enum copy_kind kinds[COPY_KEYS_MAX];
    int columns[COPY_KEYS_MAX];
    int count;
    int64_t integers[COPY_KEYS_MAX];
    struct buffer texts[COPY_KEYS_MAX];
};

/* In front of every row there can be: ids are positive, and nothing sorts before an empty text. */
static void position_init(struct position *position, const struct copy_table *table,
                          const struct db_driver *driver)
{
    const char *const *key = copy_table_key(table, driver);
    *position = (struct position){0};
    for (int i = 0; i < COPY_KEYS_MAX; i++) {
        buffer_init(&position->texts[i], KEY_TEXT_MAX);
        if (!key[i])
            continue;
        position->columns[i] = copy_table_column(table, key[i]);
        position->kinds[i] = table->columns[position->columns[i]].kind;
        position->integers[i] = INT64_MIN;
        position->count = i + 1;
    }
}

static void position_done(struct position *position)
{
    for (int i = 0; i < COPY_KEYS_MAX; i++)
        buffer_done(&position->texts[i]);
}

static enum err position_take(struct position *position, const struct db_statement *row)
{
    for (int i = 0; i < position->count; i++) {
        if (position->kinds[i] == COPY_INTEGER) {
            position->integers[i] = db_column_integer(row, position->columns[i]);
            continue;
        }
        buffer_clear(&position->texts[i]);
        TRY(buffer_append(&position->texts[i], db_column_bytes(row, position->columns[i])));
    }
    return ERR_OK;
}

static void position_bind(const struct position *position, struct db_statement *statement)
{
    for (int i = 0; i < position->count; i++) {
        struct slice text = buffer_slice(&position->texts[i]);
        if (position->kinds[i] == COPY_INTEGER)
            db_bind_integer(statement, i + 1, position->integers[i]);
        else
            db_bind_text(statement, i + 1, text.n > 0 ? text : SLICE(""));
    }
}

static int page_rows(const struct copy_table *table)
{
    for (const struct copy_column *column = table->columns; column->name; column++) {
        if (column->kind == COPY_BLOB)
            return PAGE_ROWS_BLOB;
    }
    return PAGE_ROWS;
}

/* *RET_FULL: it had as many rows as were asked for, and the position has moved behind the last one. Its texts are bound until
 * the statement is reset, so they change after the last row only. */
static enum err scan_page(struct db_statement *statement, int rows, struct position *position, copy_row *row,
                          void *context, bool *ret_full)
{
    bool has_row;
    int count = 0;
    position_bind(position, statement);
    TRY(db_step(statement, &has_row));
    while (has_row) {
        TRY(row(context, statement));
        if (++count == rows)
            break;
        TRY(db_step(statement, &has_row));
    }
    *ret_full = count == rows;
    return *ret_full ? position_take(position, statement) : ERR_OK;
}

static enum err scan_pages(struct db_statement *statement, int rows, struct position *position, copy_row *row,
                           void *context)
{
    bool full = true;
    while (full) {
        enum err error = scan_page(statement, rows, position, row, context, &full);
        db_reset(statement);
        TRY(error);
    }
    return ERR_OK;
}

enum err copy_scan(struct db *db, const struct copy_table *table, copy_row *row, void *context)
{
    CLEANUP(position_done) struct position position;
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(SQL_MAX);
    struct db_statement *statement = NULL;
    int rows = page_rows(table);
    position_init(&position, table, db->driver);
    copy_sql_page(table, db->driver, rows, &sql);
    TRY(buffer_append_byte(&sql, '\0'));
    TRY(db_prepare(db, sql.data, position.count, &statement));
    enum err error = scan_pages(statement, rows, &position, row, context);
    db_finish(statement);
    return error;
}
