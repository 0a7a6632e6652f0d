/* What a copy knows of the schema: every table and column that it carries over. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_COPY_TABLE_H
#define INLET_STORE_COPY_TABLE_H

#include "db.h"

#define COPY_COLUMNS_MAX 32 /* as many as a statement has parameters */
#define COPY_KEYS_MAX    2

enum copy_kind { COPY_INTEGER, COPY_TEXT, COPY_BLOB };

struct copy_column {
    const char *name; /* NULL: the list has ended */
    enum copy_kind kind;
};

struct copy_table {
    const char *name;
    /* The primary key, which pages are read by. The engines differ: PostgreSQL's begins with the organization where it can. */
    const char *sqlite_key[COPY_KEYS_MAX], *pg_key[COPY_KEYS_MAX];
    const char *fresh; /* the condition for rows that a new installation has; NULL: it has none */
    bool counts_ids;   /* on a shared engine the database itself counts its ids */
    struct copy_column columns[COPY_COLUMNS_MAX + 1];
};

/* In an order in which no row refers to one that is not there yet. What belongs to one installation and not to its data is
 * left out: migration, write_receipt. */
extern const struct copy_table copy_tables[];
extern const size_t copy_table_count;

/* The columns of the primary key on that engine; NULL behind the last one when there are fewer than COPY_KEYS_MAX. */
const char *const *copy_table_key(const struct copy_table *table, const struct db_driver *driver);

/* The place of a column in the list. */
int copy_table_column(const struct copy_table *table, const char *name);
int copy_table_column_count(const struct copy_table *table);

/* Rows beyond those of a new installation: none, or one. */
void copy_sql_strange(const struct copy_table *table, struct buffer *sql);

/* One more page, of at most ROWS rows with all columns, of what comes after the key in $1 and $2. */
void copy_sql_page(const struct copy_table *table, const struct db_driver *driver, int rows,
                   struct buffer *sql);

/* One row, its columns in $1, $2, ... */
void copy_sql_insert(const struct copy_table *table, struct buffer *sql);

#endif
