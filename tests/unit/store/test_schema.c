/* Both engines have the same schema: what their catalogues say of tables, keys and indexes, line by line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* Of each: columns with type, NULL and default; primary keys; references; unique constraints; indexes; number of checks. */
static const char *const sqlite_catalogue =
    "WITH t AS (SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'),"
    " k AS (SELECT t.name AS tab, c.name AS col FROM t, pragma_table_info(t.name) c WHERE c.pk > 0 ORDER BY "
    "1, c.pk),"
    " i AS (SELECT t.name AS tab, i.name AS name, i.origin AS origin, i.\"unique\" AS uniq, i.partial AS "
    "part,"
    " (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS "
    "cols"
    " FROM t, pragma_index_list(t.name) i)"
    "SELECT 'column ' || t.name || '.' || c.name || CASE c.type WHEN 'INTEGER' THEN ' integer' WHEN 'BIGINT' "
    "THEN"
    " ' integer' WHEN 'TEXT' THEN ' text' WHEN 'BLOB' THEN ' bytes' ELSE ' ' || c.type END"
    " || CASE WHEN c.\"notnull\" OR c.pk > 0 THEN ' not null' ELSE '' END || COALESCE(' default ' || "
    "c.dflt_value, '')"
    " FROM t, pragma_table_info(t.name) c"
    " UNION ALL SELECT 'key ' || tab || ' (' || group_concat(col, ', ') || ')' FROM k GROUP BY tab"
    " UNION ALL SELECT 'reference ' || t.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || "
    "f.\"to\""
    " FROM t, pragma_foreign_key_list(t.name) f"
    " UNION ALL SELECT 'unique ' || tab || ' (' || cols || ')' FROM i WHERE origin = 'u'"
    " UNION ALL SELECT 'index ' || name || ' on ' || tab || ' (' || cols || ')' || CASE WHEN uniq THEN ' "
    "unique' ELSE ''"
    " END || CASE WHEN part THEN ' partial' ELSE '' END FROM i WHERE origin = 'c'"
    " UNION ALL SELECT 'checks ' || name || ' ' || ((length(sql) - length(replace(sql, 'CHECK', ''))) / 5)"
    " FROM t"
    " WHERE sql GLOB '*CHECK*' ORDER BY 1";

static const char *const pg_catalogue =
    "WITH c AS (SELECT contype, conrelid, confrelid, conindid, conrelid::regclass::text AS tab,"
    " (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(conkey) WITH ORDINALITY AS k (num, n)"
    " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.num) AS cols,"
    " (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(confkey) WITH ORDINALITY AS k (num, n)"
    " JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.num) AS fcols"
    " FROM pg_constraint WHERE connamespace = current_schema()::regnamespace),"
    " lines (line) AS ("
    "SELECT 'column ' || table_name || '.' || column_name || CASE data_type WHEN 'bigint' THEN ' integer'"
    " WHEN 'bytea' THEN ' bytes' ELSE ' ' || data_type END || CASE is_nullable WHEN 'NO' THEN ' not null' "
    "ELSE '' END"
    " || COALESCE(' default ' || replace(column_default, '::text', ''), '')"
    " FROM information_schema.columns WHERE table_schema = current_schema()"
    " UNION ALL SELECT 'key ' || tab || ' (' || cols || ')' FROM c WHERE contype = 'p'"
    " UNION ALL SELECT 'reference ' || tab || '.' || cols || ' to ' || confrelid::regclass || '.' || fcols "
    "FROM c"
    " WHERE contype = 'f'"
    " UNION ALL SELECT 'unique ' || tab || ' (' || cols || ')' FROM c WHERE contype = 'u'"
    " UNION ALL SELECT 'index ' || r.relname || ' on ' || x.indrelid::regclass || ' (' || (SELECT "
    "string_agg(a.attname,"
    " ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = x.indexrelid) || ')' || CASE WHEN "
    "x.indisunique"
    " THEN ' unique' ELSE '' END || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END"
    " FROM pg_index x JOIN pg_class r ON r.oid = x.indexrelid WHERE r.relnamespace = "
    "current_schema()::regnamespace"
    " AND NOT EXISTS (SELECT 1 FROM c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u'))"
    " UNION ALL SELECT 'checks ' || tab || ' ' || count(*) FROM c WHERE contype = 'c' GROUP BY tab)"
    " SELECT line FROM lines ORDER BY line COLLATE \"C\"";

/* Where the engines differ on purpose: an organization's rows lie together on PostgreSQL, so that a machine may have them;
 * and that key finds its newest submissions as well. */
static const char *const only_sqlite[] = {
    "index submission_organization on submission (organization_id, id)",
    "key call (id)",
    "key lead (id)",
    "key submission (id)",
    "reference call.lead_id to lead.id",
};
static const char *const only_pg[] = {
    "key call (organization_id, id)",
    "key lead (organization_id, id)",
    "key submission (organization_id, id)",
    "reference call.organization_id, lead_id to lead.organization_id, id",
};

struct catalogue {
    struct slice lines[500];
    size_t count;
};

static void read_catalogue(struct fixture *fixture, const char *sql, struct catalogue *catalogue)
{
    struct db_statement *statement;
    bool row;
    enum err error = db_prepare(fixture->session->db, sql, 0, &statement);
    ck_assert_msg(error == ERR_OK, "%s", db_error_text(fixture->session->db));
    error = db_step(statement, &row);
    ck_assert_msg(error == ERR_OK, "%s", db_error_text(fixture->session->db));
    catalogue->count = 0;
    while (row) {
        ck_assert_uint_lt(catalogue->count, ARRAY_LENGTH(catalogue->lines));
        struct slice *line = &catalogue->lines[catalogue->count++];
        ck_assert_int_eq(arena_copy(&fixture->arena, db_column_bytes(statement, 0), line), ERR_OK);
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    }
    db_finish(statement);
}

static bool is_among(struct slice line, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(line, slice_from(lines[i])))
            return true;
    }
    return false;
}

/* Every line of FROM that TO has not is one of EXPECTED, and all of those are there. */
static void assert_differs(const char *name, const struct catalogue *from, const struct catalogue *to,
                           const char *const *expected, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < from->count; i++) {
        bool both = false;
        for (size_t j = 0; j < to->count && !both; j++)
            both = slice_equal(from->lines[i], to->lines[j]);
        bool known = is_among(from->lines[i], expected, count);
        ck_assert_msg(both != known, "%s: %.*s", both ? "on both engines" : name, SLICE_ARG(from->lines[i]));
        found += known;
    }
    ck_assert_uint_eq(found, count);
}

START_TEST(both_engines_have_the_same_schema)
{
    static struct catalogue sqlite, pg;
    struct fixture file, server;
    fixture_init_on(&file, &sqlite_driver);
    fixture_init_on(&server, &pg_driver);
    read_catalogue(&file, sqlite_catalogue, &sqlite);
    read_catalogue(&server, pg_catalogue, &pg);
    ck_assert_uint_gt(sqlite.count, 100);
    assert_differs("only on SQLite", &sqlite, &pg, only_sqlite, ARRAY_LENGTH(only_sqlite));
    assert_differs("only on PostgreSQL", &pg, &sqlite, only_pg, ARRAY_LENGTH(only_pg));
    fixture_done(&server);
    fixture_done(&file);
}
END_TEST

UNIT_MAIN_IF(test_server(), "schema", both_engines_have_the_same_schema)
