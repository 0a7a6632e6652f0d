/* Migrations: fresh, again, newer, tampered, broken. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "migrate.h"

#include "fixture.h"

static const struct migration samples[] = {
    {1, "first", "sqlite", "aa", "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a (x) VALUES (1);"},
    {2, "second", "sqlite", "bb", "ALTER TABLE a ADD y INTEGER; UPDATE a SET y = 2;"},
    {3, "broken", "sqlite", "cc", "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO nowhere (x) VALUES (1);"},
};

static void init_empty(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    place_init(&fixture->place);
    arena_init(&fixture->arena, (size_t)1 << 20);
    buffer_init(&fixture->why, 4096);
    fixture_open_target(fixture);
}

START_TEST(embedded_migrations_are_in_order)
{
    size_t count;
    const struct migration *migrations = migrations_of("sqlite", &count);
    ck_assert_uint_ge(count, 1);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(migrations[i].number, (int)i + 1);
        ck_assert_uint_eq(strlen(migrations[i].checksum), 64);
        ck_assert_str_eq(migrations[i].engine, "sqlite");
    }
    ck_assert_str_eq(migrations[0].name, "initial");
    migrations_of("oracle", &count);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(each_is_applied_once)
{
    struct fixture fixture;
    init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, false, &fixture.why), ERR_OK);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT sum(y) FROM a"), 2);
    ck_assert_int_eq(
        fixture_number(&fixture, "SELECT count(*) FROM migration WHERE applied_us > 1600000000000000"), 2);
    ck_assert_uint_eq(buffer_slice(&fixture.why).n, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_old_schema_is_named_when_it_may_not_be_changed)
{
    struct fixture fixture;
    init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 1, false, &fixture.why), ERR_CONFIG);
    ck_assert_uint_gt(buffer_slice(&fixture.why).n, 0);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM sqlite_schema"), 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(newer_schemas_are_refused)
{
    struct fixture fixture;
    init_empty(&fixture);
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
    init_empty(&fixture);
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
    init_empty(&fixture);
    ck_assert_int_eq(migrate(fixture.session, samples, 3, true, &fixture.why), ERR_INTERNAL);
    buffer_append_byte(&fixture.why, '\0');
    ck_assert_ptr_nonnull(strstr(fixture.why.data, "nowhere"));
    ck_assert(!db_in_transaction(fixture.session->db));
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
    ck_assert_int_eq(migrate(fixture.session, samples, 2, true, &fixture.why), ERR_OK);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("migrate", embedded_migrations_are_in_order, each_is_applied_once,
          an_old_schema_is_named_when_it_may_not_be_changed, newer_schemas_are_refused,
          changed_migrations_are_refused, a_broken_one_leaves_nothing_behind)
