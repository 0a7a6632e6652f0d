/* The query registry: every query can be prepared, and none reads a whole table unless its row says why. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include "fixture.h"

/* Appends the lines that SQL returns. */
static void read_lines(struct fixture *fixture, const char *sql, int parameters, int column,
                       struct buffer *lines)
{
    struct db_statement *statement;
    bool row;
    enum err error = db_prepare(fixture->session->db, sql, parameters, &statement);
    ck_assert_msg(error == ERR_OK, "%s: %s", sql, db_error_text(fixture->session->db));
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    while (row) {
        buffer_append(lines, db_column_bytes(statement, column));
        buffer_append_byte(lines, '\n');
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    }
    db_finish(statement);
}

static void explain_sqlite(struct fixture *fixture, enum query_id id, struct buffer *plan)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    buffer_print(&sql, "EXPLAIN QUERY PLAN %s%c", queries[id].sql, '\0');
    read_lines(fixture, sql.data, queries[id].parameters, 3, plan);
}

/* The plan that is kept for a prepared statement, whatever its parameters are. */
static void explain_pg(struct fixture *fixture, enum query_id id, struct buffer *plan)
{
    struct buffer sql CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    buffer_print(&sql, "PREPARE query AS %s%c", query_sql(id, "pg"), '\0');
    fixture_execute(fixture, sql.data);
    buffer_clear(&sql);
    buffer_append_text(&sql, "EXPLAIN (COSTS OFF) EXECUTE query");
    for (int i = 0; i < queries[id].parameters; i++)
        buffer_append_text(&sql, i == 0 ? "(NULL" : ", NULL");
    buffer_append_text(&sql, queries[id].parameters > 0 ? ")" : "");
    buffer_append_byte(&sql, '\0');
    read_lines(fixture, sql.data, 0, 0, plan);
    fixture_execute(fixture, "DEALLOCATE query");
}

/* The lines of a query's plan, joined. */
static void explain(struct fixture *fixture, enum query_id id, struct buffer *plan)
{
    buffer_clear(plan);
    if (test_server())
        explain_pg(fixture, id, plan);
    else
        explain_sqlite(fixture, id, plan);
    buffer_append_byte(plan, '\0');
    ck_assert_int_eq(buffer_error(plan), ERR_OK);
}

static int count_text(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* An index that is read without a condition is read as a whole. */
static bool scans_pg(const char *plan)
{
    int indexes = count_text(plan, "Index Scan") + count_text(plan, "Index Only Scan");
    return strstr(plan, "Seq Scan") || indexes != count_text(plan, "Index Cond:");
}

static bool scans_sqlite(const char *plan)
{
    return strstr(plan, "SCAN ") && !strstr(plan, "SCAN CONSTANT ROW");
}

/* Waivers are for either engine: SQLite needs each of them, PostgreSQL some. */
static void assert_no_scans(struct fixture *fixture)
{
    struct buffer plan CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    for (int id = 0; id < QUERY_COUNT; id++) {
        explain(fixture, (enum query_id)id, &plan);
        bool scans = test_server() ? scans_pg(plan.data) : scans_sqlite(plan.data);
        bool waived = queries[id].waiver != NULL;
        ck_assert_msg(scans == waived || (waived && test_server()), "%s: waiver %s, plan:\n%s",
                      queries[id].name, waived ? queries[id].waiver : "none", plan.data);
    }
}

struct expectation {
    enum query_id id;
    const char *index;
    bool sorts;
};

static const struct expectation sqlite_indexes[] = {
    {QUERY_LEAD_BY_ID, "INTEGER PRIMARY KEY", false},
    {QUERY_LEAD_UPDATE, "INTEGER PRIMARY KEY", false},
    {QUERY_LEAD_UPDATE_VALUES, "INTEGER PRIMARY KEY", false},
    {QUERY_LEAD_BY_PHONE_EMAIL, "lead_phone_email (organization_id=? AND phone_number=? AND email_key=?)",
     false},
    {QUERY_LEAD_BY_EMAIL_ALONE, "lead_email_alone (organization_id=? AND email_key=?)", false},
    {QUERY_LEAD_LIST, "lead_created (organization_id=?)", false},
    {QUERY_LEAD_LIST_REPRESENTATIVE, "lead_representative (organization_id=? AND representative_id=?)",
     false},
    {QUERY_LEAD_LIST_EXTERNAL_ID, "lead_external_id (<expr>=? AND organization_id=? AND external_id=?)",
     true},
    {QUERY_LEAD_LIST_PHONE, "lead_phone_email (organization_id=? AND phone_number=?)", true},
    {QUERY_LEAD_LIST_EMAIL, "lead_email (<expr>=? AND organization_id=? AND email_key=?)", true},
    {QUERY_LEAD_COUNT_REPRESENTATIVE, "lead_representative (organization_id=? AND representative_id=?)",
     false},
    {QUERY_LEAD_COUNT_EXTERNAL_ID, "lead_external_id (<expr>=? AND organization_id=? AND external_id=?)",
     false},
    {QUERY_LEAD_COUNT_PHONE, "lead_phone_email (organization_id=? AND phone_number=?)", false},
    {QUERY_LEAD_DUE, "lead_due (organization_id=? AND next_call_us>? AND next_call_us<?)", false},
    {QUERY_CALL_BY_LEASE, "call_lease (organization_id=? AND lease_id=?)", false},
    {QUERY_CALL_ATTEMPTS, "call_number (organization_id=? AND phone_number=? AND at_us>?)", false},
    {QUERY_CALL_LIST, "call_lead (organization_id=? AND lead_id=?)", false},
    {QUERY_CALL_COUNT, "call_lead (organization_id=? AND lead_id=?)", false},
    {QUERY_LEAD_COUNT_EMAIL, "lead_email (<expr>=? AND organization_id=? AND email_key=?)", false},
    {QUERY_SUBMISSION_LIST, "submission_organization (organization_id=?)", false},
    {QUERY_SUBMISSION_LIST_CONFIG, "submission_config (ingestion_config_id=?)", false},
    {QUERY_TOKEN_LIST, "token_organization (organization_id=?)", false},
};

static const struct expectation pg_indexes[] = {
    {QUERY_LEAD_BY_ID, "lead_pkey", false},
    {QUERY_LEAD_BY_ID_LOCKED, "lead_pkey", false},
    {QUERY_LEAD_UPDATE, "lead_pkey", false},
    {QUERY_LEAD_UPDATE_VALUES, "lead_pkey", false},
    {QUERY_LEAD_BY_PHONE_EMAIL, "lead_phone_email", false},
    {QUERY_LEAD_BY_EMAIL_ALONE, "lead_email", false}, /* or lead_email_alone: both begin with what is known */
    {QUERY_LEAD_LIST, "lead_created", false},
    {QUERY_LEAD_LIST_REPRESENTATIVE, "lead_representative", false},
    {QUERY_LEAD_LIST_EXTERNAL_ID, "lead_external_id", true},
    {QUERY_LEAD_LIST_PHONE, "lead_phone_email", true},
    {QUERY_LEAD_LIST_EMAIL, "lead_email", true},
    {QUERY_LEAD_COUNT_REPRESENTATIVE, "lead_representative", false},
    {QUERY_LEAD_COUNT_EXTERNAL_ID, "lead_external_id", false},
    {QUERY_LEAD_COUNT_PHONE, "lead_phone_email", false},
    {QUERY_LEAD_COUNT_EMAIL, "lead_email", false},
    {QUERY_DNC_SPREAD, "lead_phone_email", false},
    {QUERY_LEAD_DUE, "lead_due", false},
    {QUERY_LEAD_DUE_LOCKED, "lead_due", false},
    {QUERY_CALL_BY_LEASE, "call_lease", false},
    {QUERY_CALL_ATTEMPTS, "call_number", false},
    {QUERY_CALL_LIST, "call_lead", false},
    {QUERY_CALL_COUNT, "call_lead", false},
    {QUERY_SUBMISSION_LIST, "submission_organization", false},
    {QUERY_SUBMISSION_LIST_CONFIG, "submission_config", false},
    {QUERY_RECEIPT_PURGE, "write_receipt_pkey", false},
};

static void assert_indexes(struct fixture *fixture)
{
    struct buffer plan CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    const struct expectation *rows = test_server() ? pg_indexes : sqlite_indexes;
    size_t count = test_server() ? ARRAY_LENGTH(pg_indexes) : ARRAY_LENGTH(sqlite_indexes);
    for (size_t i = 0; i < count; i++) {
        explain(fixture, rows[i].id, &plan);
        ck_assert_msg(strstr(plan.data, rows[i].index) != NULL, "%s: %s", queries[rows[i].id].name,
                      plan.data);
        bool sorts = strstr(plan.data, test_server() ? "Sort" : "TEMP B-TREE") != NULL;
        ck_assert_msg(sorts == rows[i].sorts, "%s: %s", queries[rows[i].id].name, plan.data);
    }
}

/* So few rows would be read as a whole by PostgreSQL, if it may. */
static void settle_planner(struct fixture *fixture)
{
    if (test_server())
        fixture_execute(fixture, "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan");
}

START_TEST(no_query_scans_without_a_waiver)
{
    struct fixture fixture;
    fixture_init(&fixture);
    settle_planner(&fixture);
    assert_no_scans(&fixture);
    assert_indexes(&fixture);
    fixture_done(&fixture);
}
END_TEST

/* Statistics of a lopsided table (one organization, few representatives) must not talk the planner out of it. */
START_TEST(statistics_do_not_change_the_plans)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_eq(
        db_execute(
            fixture.session->db,
            "INSERT INTO representative (id, organization_id, name, created_us) VALUES (7, 1, 'R', 0);"
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            " INSERT INTO lead (organization_id, created_us, modified_us, received_us, phone_number, email,"
            " email_key, external_id, representative_id)"
            " SELECT 1, i, i, i, '+1' || i, 'e' || i, 'e' || i, 'x', CASE WHEN i % 2 = 1 THEN 7 END FROM n;"
            "ANALYZE"),
        ERR_OK);
    session_close(fixture.session); /* statistics are read when a connection first looks at the schema */
    fixture.session = fixture_session(&fixture, DB_WRITE);
    settle_planner(&fixture);
    assert_indexes(&fixture);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("query", no_query_scans_without_a_waiver, statistics_do_not_change_the_plans)
