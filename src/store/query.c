/* The table behind the query registry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include <string.h>

const struct query queries[QUERY_COUNT] = {
#define QUERY(id, parameters, waiver, sql) [QUERY_##id] = {#id, parameters, waiver, sql, NULL},
#define QUERY_BY_ENGINE(id, parameters, waiver, sqlite_sql, pg_sql)                                          \
    [QUERY_##id] = {#id, parameters, waiver, sqlite_sql, pg_sql},
#include "queries.def"
#undef QUERY
#undef QUERY_BY_ENGINE
};

const char *query_sql(enum query_id id, const char *engine)
{
    const struct query *query = &queries[id];
    return query->pg_sql && strcmp(engine, "pg") == 0 ? query->pg_sql : query->sql;
}
