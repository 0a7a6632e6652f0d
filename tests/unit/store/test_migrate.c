/* Migrations: fresh, again, newer, tampered, broken. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "migrate.h"

#include "fixture.h"

#include <pthread.h>

static const struct migration samples[] = {
    {1, "first", "any", "aa", "CREATE TABLE a (x INTEGER); INSERT INTO a (x) VALUES (1);"},
    {2, "second", "any", "bb", "ALTER TABLE a ADD y INTEGER; UPDATE a SET y = 2;"},
    {3, "broken", "any", "cc", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere (x) VALUES (1);"},
};

/* How many of TABLES there are. */
static int64_t count_tables(struct fixture *fixture, const char *condition)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", condition);
    return fixture_number(fixture, sql);
}

#define TABLES(condition)                                                                                    \
    (test_server() ? "(SELECT table_name AS name FROM information_schema.tables"                             \
                     " WHERE table_schema = current_schema()) tables" condition                              \
                   : "sqlite_schema" condition)

START_TEST(embedded_migrations_are_in_order)
{
    static const char *const engines[] = {"sqlite", "pg"};
    size_t count, counts[ARRAY_LENGTH(engines)];
    for (size_t e = 0; e < ARRAY_LENGTH(engines); e++) {
        const struct migration *migrations = migrations_of(engines[e], &counts[e]);
        ck_assert_uint_ge(counts[e], 1);
        for (size_t i = 0; i < counts[e]; i++) {
            ck_assert_int_eq(migrations[i].number, (int)i + 1);
            ck_assert_uint_eq(strlen(migrations[i].checksum), 64);
            ck_assert_str_eq(migrations[i].engine, engines[e]);
        }
        ck_assert_str_eq(migrations[0].name, "initial");
    }
    ck_assert_uint_eq(counts[0], counts[1]); /* a pair per step */
    migrations_of("oracle", &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(each_is_applied_once)
{
    struct fixture fixture;
    fixture_init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, false, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT CAST(sum(y) AS BIGINT) FROM a"), 2);
    ck_assert_int_eq(
        fixture_number(&fixture, "SELECT count(*) FROM migration WHERE applied_us > 1600000000000000"), 2);
    ck_assert_uint_eq(buffer_slice(&fixture.why).n, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_old_schema_is_named_when_it_may_not_be_changed)
{
    struct fixture fixture;
    fixture_init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, false, &fixture.why), ERR_CONFIG);
    ck_assert_uint_gt(buffer_slice(&fixture.why).n, 0);
    ck_assert_int_eq(count_tables(&fixture, TABLES("")), 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(newer_schemas_are_refused)
{
    struct fixture fixture;
    fixture_init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, true, &fixture.why), ERR_TOO_NEW);
    buffer_append_byte(&fixture.why, '\0');
    ck_assert_ptr_nonnull(strstr(fixture.why.data, "schema version 2"));
    fixture_done(&fixture);
}
END_TEST

START_TEST(changed_migrations_are_refused)
{
    struct fixture fixture;
    fixture_init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    struct migration changed[] = {samples[0], samples[1]};
    changed[0].checksum = "ff";
    ck_assert_int_eq(migrate(fixture.session, changed, 2, true, &fixture.why), ERR_TOO_NEW);
    buffer_append_byte(&fixture.why, '\0');
    ck_assert_ptr_nonnull(strstr(fixture.why.data, "schema version 1"));
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_broken_one_leaves_nothing_behind)
{
    struct fixture fixture;
    fixture_init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 3, true, &fixture.why), ERR_INTERNAL);
    buffer_append_byte(&fixture.why, '\0');
    ck_assert_ptr_nonnull(strstr(fixture.why.data, "nowhere"));
    ck_assert(!db_in_transaction(fixture.session->db));
    ck_assert_int_eq(count_tables(&fixture, TABLES(" WHERE name = 'b'")), 0);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    fixture_done(&fixture);
}
END_TEST

/* Several processes that are started together all find the schema as they need it. */
struct starter {
    struct fixture *fixture;
    pthread_barrier_t *together;
    enum err error;
};

static void *start_one(void *argument)
{
    struct starter *starter = argument;
    struct session *session;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    size_t count;
    const struct migration *migrations = migrations_of(test_driver()->engine, &count);
    starter->error = session_open(starter->fixture->target, DB_WRITE, &session, &why);
    pthread_barrier_wait(starter->together);
    if (starter->error != ERR_OK)
        return NULL;
    starter->error = migrate(session, migrations, count, true, &why);
    session_close(session);
    return NULL;
}

START_TEST(all_that_start_at_once_succeed)
{
    struct fixture fixture;
    struct starter starters[6];
    pthread_t threads[ARRAY_LENGTH(starters)];
    pthread_barrier_t together;
    fixture_init_empty(&fixture);
    pthread_barrier_init(&together, NULL, ARRAY_LENGTH(starters));
    for (size_t i = 0; i < ARRAY_LENGTH(starters); i++) {
        starters[i] = (struct starter){.fixture = &fixture, .together = &together};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, start_one, &starters[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(starters); i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(starters[i].error, ERR_OK);
    }
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM migration WHERE number = 1"), 1);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM organization"), 1);
    pthread_barrier_destroy(&together);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("migrate", all_that_start_at_once_succeed, embedded_migrations_are_in_order, each_is_applied_once,
          an_old_schema_is_named_when_it_may_not_be_changed, newer_schemas_are_refused,
          changed_migrations_are_refused, a_broken_one_leaves_nothing_behind)
