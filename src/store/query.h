/* The query registry: every SQL text the program runs, by name. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_QUERY_H
#define INLET_STORE_QUERY_H

enum query_id {
#define QUERY(id, parameters, waiver, sql)                          QUERY_##id,
#define QUERY_BY_ENGINE(id, parameters, waiver, sqlite_sql, pg_sql) QUERY_##id,
#include "queries.def"
#undef QUERY
#undef QUERY_BY_ENGINE
    QUERY_COUNT
};

struct query {
    const char *name;
    int parameters;     /* $1 to $n */
    const char *waiver; /* why it may read a whole table or index; NULL: it must not */
    const char *sql;    /* for every engine but those below */
    const char *pg_sql; /* where PostgreSQL must differ; otherwise NULL */
};

extern const struct query queries[QUERY_COUNT];

/* The text of a query for an engine. */
const char *query_sql(enum query_id id, const char *engine);

#endif
