/* The query registry: every query can be prepared, and none reads a whole table unless its row says why. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include "fixture.h"

/* The lines of a query's plan, joined. */
static void explain(struct fixture *fixture, enum query_id id, struct buffer *plan)
{
    struct buffer sql;
    buffer_init(&sql, 1 << 16);
    buffer_print(&sql, "EXPLAIN QUERY PLAN %s", queries[id].sql);
    buffer_append_byte(&sql, '\0');
    struct db_statement *statement;
    bool row;
    ck_assert_int_eq(db_prepare(fixture->session->db, sql.data, queries[id].parameters, &statement), ERR_OK);
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    buffer_clear(plan);
    while (row) {
        buffer_append(plan, db_column_bytes(statement, 3));
        buffer_append_byte(plan, '\n');
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    }
    buffer_append_byte(plan, '\0');
    ck_assert_int_eq(buffer_error(plan), ERR_OK);
    db_finish(statement);
    buffer_done(&sql);
}

static void assert_no_scans(struct fixture *fixture)
{
    struct buffer plan;
    buffer_init(&plan, 1 << 16);
    for (int id = 0; id < QUERY_COUNT; id++) {
        explain(fixture, (enum query_id)id, &plan);
        bool scans = strstr(plan.data, "SCAN ") && !strstr(plan.data, "SCAN CONSTANT ROW");
        ck_assert_msg(scans == (queries[id].waiver != NULL), "%s: waiver %s, plan:\n%s", queries[id].name,
                      queries[id].waiver ? queries[id].waiver : "none", plan.data);
    }
    buffer_done(&plan);
}

static void assert_indexes(struct fixture *fixture)
{
    static const struct {
        enum query_id id;
        const char *index;
        bool sorts;
    } rows[] = {
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
        {QUERY_LEAD_COUNT_EMAIL, "lead_email (<expr>=? AND organization_id=? AND email_key=?)", false},
        {QUERY_SUBMISSION_LIST, "submission_organization (organization_id=?)", false},
        {QUERY_SUBMISSION_LIST_CONFIG, "submission_config (ingestion_config_id=?)", false},
        {QUERY_TOKEN_LIST, "token_organization (organization_id=?)", false},
    };
    struct buffer plan;
    buffer_init(&plan, 1 << 16);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        explain(fixture, rows[i].id, &plan);
        ck_assert_msg(strstr(plan.data, rows[i].index) != NULL, "%s: %s", queries[rows[i].id].name,
                      plan.data);
        ck_assert_msg((strstr(plan.data, "TEMP B-TREE") != NULL) == rows[i].sorts, "%s: %s",
                      queries[rows[i].id].name, plan.data);
    }
    buffer_done(&plan);
}

START_TEST(no_query_scans_without_a_waiver)
{
    struct fixture fixture;
    fixture_init(&fixture);
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
            " SELECT 1, i, i, i, '+1' || i, 'e' || i, 'e' || i, 'x', CASE WHEN i % 2 THEN 7 END FROM n;"
            "ANALYZE"),
        ERR_OK);
    session_close(fixture.session); /* statistics are read when a connection first looks at the schema */
    ck_assert_int_eq(session_open(fixture.target, DB_WRITE, &fixture.session, &fixture.why), ERR_OK);
    assert_indexes(&fixture);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("query", no_query_scans_without_a_waiver, statistics_do_not_change_the_plans)
