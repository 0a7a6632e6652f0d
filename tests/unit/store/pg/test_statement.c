/* Statements of the PostgreSQL driver: parameters, columns, what cannot be bound or read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_fixture.h"

#include "inlet/base/mem.h"

static void assert_text(struct slice actual, const char *expected)
{
    ck_assert_msg(slice_equal(actual, slice_from(expected)) && slice_is_null(actual) == !expected,
                  "%.*s is not %s", SLICE_ARG(actual), expected);
}

START_TEST(parameters_are_bound_by_their_number)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *statement =
        pg_fixture_prepare(fixture.db, "SELECT $3::bytea, $1::text, $2::bigint, $3, $4::text", 4);
    for (int round = 0; round < 2; round++) {
        bool row;
        db_bind_text(statement, 1, SLICE("one"));
        db_bind_integer(statement, 2, 2);
        db_bind_blob(statement, 3, slice_of("a\0\\x\xFF", 5));
        db_bind_text(statement, 4, SLICE_NULL);
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(row);
        ck_assert_uint_eq(db_column_bytes(statement, 0).n, 5);
        ck_assert_mem_eq(db_column_bytes(statement, 3).p, "a\0\\x\xFF", 5);
        assert_text(db_column_bytes(statement, 1), "one");
        ck_assert_int_eq(db_column_integer(statement, 2), 2);
        ck_assert(db_column_is_null(statement, 4));
        assert_text(db_column_bytes(statement, 4), NULL);
        ck_assert_int_eq(db_column_integer_or(statement, 4, -9), -9);
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(!row);
        ck_assert(db_column_is_null(statement, 2));
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(!row);
        db_reset(statement);
    }
    bool row;
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    ck_assert_msg(db_column_is_null(statement, 1), "reset takes what was bound");
    db_finish(statement);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(integers_have_the_width_of_their_column)
{
    static const struct {
        const char *sql;
        int64_t value;
        enum err error;
    } rows[] = {
        {"SELECT $1::bigint", INT64_MIN, ERR_OK},
        {"SELECT $1::bigint", INT64_MAX, ERR_OK},
        {"SELECT $1::bigint", -1, ERR_OK},
        {"SELECT $1::integer", INT32_MIN, ERR_OK},
        {"SELECT $1::integer", INT32_MAX, ERR_OK},
        {"SELECT $1::integer", INT64_C(1) << 31, ERR_INTERNAL},
        {"SELECT $1::smallint", -32768, ERR_OK},
        {"SELECT $1::smallint", 32768, ERR_INTERNAL},
        {"SELECT $1::boolean", 1, ERR_OK},
        {"SELECT $1::boolean", 0, ERR_OK},
        {"SELECT $1::text", -120, ERR_OK},
        {"SELECT $1", 12, ERR_OK},
        {"SELECT ($1::numeric)::bigint", INT64_MIN, ERR_OK},
        {"SELECT $1::oid", 2000000000, ERR_OK},
    };
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct db_statement *statement = pg_fixture_prepare(fixture.db, rows[i].sql, 1);
        bool row = false;
        db_bind_integer(statement, 1, rows[i].value);
        ck_assert_int_eq(db_step(statement, &row), rows[i].error);
        if (row)
            ck_assert_int_eq(db_column_integer(statement, 0), rows[i].value);
        db_finish(statement);
    }
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(text_fits_what_the_server_made_of_the_parameter)
{
    static const struct {
        const char *sql, *text;
        enum err error;
    } rows[] = {
        {"SELECT $1::text", "", ERR_OK},
        {"SELECT $1::text", "äöü €", ERR_OK},
        {"SELECT $1", "untyped", ERR_OK},
        {"SELECT $1::varchar", "x", ERR_OK},
        {"SELECT $1::bytea", "\\x41", ERR_OK},
        {"SELECT ($1::bigint)::text", "-42", ERR_OK},
        {"SELECT ($1::bigint)::text", "forty-two", ERR_INVALID},
        {"SELECT $1::text", "\xC3\x28", ERR_INVALID},
        {"SELECT $1::text", "\xED\xA0\x80", ERR_INVALID},
    };
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct db_statement *statement = pg_fixture_prepare(fixture.db, rows[i].sql, 1);
        bool row = false;
        db_bind_text(statement, 1, slice_from(rows[i].text));
        ck_assert_int_eq(db_step(statement, &row), rows[i].error);
        if (row)
            assert_text(db_column_bytes(statement, 0), rows[i].text);
        else
            ck_assert_str_ne(db_error_text(fixture.db), "");
        db_finish(statement);
    }
    ck_assert(db_usable(fixture.db));
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(what_cannot_be_bound_shows_in_the_step_and_leaves_the_transaction)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *insert = pg_fixture_prepare(fixture.db, INSERT_WORD, 1);
    bool row;
    ck_assert_int_eq(db_begin(fixture.db), ERR_OK);
    db_bind_text(insert, 1, slice_of("a\0b", 3));
    ck_assert_int_eq(db_step(insert, &row), ERR_INVALID);
    ck_assert_str_eq(db_error_text(fixture.db), "text with a NUL character cannot be stored");
    ck_assert_int_eq(db_post(insert), ERR_INVALID);
    db_reset(insert);
    db_bind_integer(insert, 2, 1);
    ck_assert_int_eq(db_step(insert, &row), ERR_INTERNAL);
    db_reset(insert);
    db_bind_text(insert, 1, slice_of("x", (size_t)1 << 40));
    ck_assert_int_eq(db_step(insert, &row), ERR_LIMIT);
    db_reset(insert);
    db_bind_text(insert, 1, SLICE("fine"));
    ck_assert_int_eq(pg_fixture_run(insert), ERR_OK);
    ck_assert_int_eq(db_commit(fixture.db), ERR_OK);
    ck_assert_int_eq(pg_place_number(&fixture.place, "SELECT count(*) FROM note"), 1);
    db_finish(insert);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(statements_that_cannot_be_used_are_refused_when_prepared)
{
    static const struct {
        const char *sql;
        int parameters;
    } rows[] = {
        {"SELECT $1::text", 0},    {"SELECT $1::text", 2},
        {"SELECT $2::text", 1},    {"SELECT 1", 99},
        {"SELECT 1", -1},          {"SELEC", 0},
        {"SELECT 1; SELECT 2", 0}, {"SELECT sum(id) FROM note", 0},
        {"SELECT now()", 0},       {"SELECT 1 FROM no", 0},
    };
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct db_statement *statement;
        ck_assert_int_eq(db_prepare(fixture.db, rows[i].sql, rows[i].parameters, &statement), ERR_INTERNAL);
        ck_assert_str_ne(db_error_text(fixture.db), "");
    }
    ck_assert_int_eq(pg_fixture_number(fixture.db, "SELECT 7"), 7);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(rows_come_in_order)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *statement =
        pg_fixture_prepare(fixture.db, "SELECT i, 'row ' || i FROM generate_series(1, $1::bigint) i", 1);
    static const int64_t counts[] = {0, 1, 1000};
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
        bool row;
        db_bind_integer(statement, 1, counts[i]);
        for (int64_t at = 1; at <= counts[i]; at++) {
            char text[32];
            ck_assert_int_eq(db_step(statement, &row), ERR_OK);
            ck_assert(row);
            snprintf(text, sizeof(text), "row %d", (int)at);
            ck_assert_int_eq(db_column_integer(statement, 0), at);
            assert_text(db_column_bytes(statement, 1), text);
        }
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(!row);
        db_reset(statement);
    }
    db_finish(statement);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(large_values_go_both_ways)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *insert =
        pg_fixture_prepare(fixture.db, "INSERT INTO note (number, bytes) VALUES ($1, $2) RETURNING bytes", 2);
    size_t size = (size_t)32 << 20;
    char *bytes = mem_alloc(size);
    bool row;
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(unsigned char)(i * 7 + (i >> 12));
    ck_assert_int_eq(db_begin(fixture.db), ERR_OK);
    db_bind_integer(insert, 1, 1);
    db_bind_blob(insert, 2, slice_of(bytes, size));
    ck_assert_int_eq(db_post(insert), ERR_OK);
    ck_assert_int_eq(db_step(insert, &row), ERR_OK);
    ck_assert_uint_eq(db_column_bytes(insert, 0).n, size);
    ck_assert(memcmp(db_column_bytes(insert, 0).p, bytes, size) == 0);
    ck_assert_int_eq(db_commit(fixture.db), ERR_OK);
    db_reset(insert);
    db_bind_blob(insert, 2, slice_of(bytes, size + 1));
    ck_assert_int_eq(db_step(insert, &row), ERR_LIMIT);
    ck_assert_int_eq(pg_place_number(&fixture.place, "SELECT sum(length(bytes)) FROM note"),
                     2 * (int64_t)size);
    mem_free(bytes);
    db_finish(insert);
    pg_fixture_done(&fixture);
}
END_TEST

PG_UNIT_MAIN("store/pg/statement", parameters_are_bound_by_their_number,
             integers_have_the_width_of_their_column, text_fits_what_the_server_made_of_the_parameter,
             what_cannot_be_bound_shows_in_the_step_and_leaves_the_transaction,
             statements_that_cannot_be_used_are_refused_when_prepared, rows_come_in_order,
             large_values_go_both_ways)
