/* The SQLite driver: parameters, columns, transactions, errors, deadlines, hardening. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../fixture.h"

#include "inlet/base/clock.h"
#include "sqlite/driver.h"

#include <sys/stat.h>

static struct db_statement *prepare(struct fixture *fixture, const char *sql, int parameters)
{
    struct db_statement *statement;
    ck_assert_int_eq(db_prepare(fixture->session->db, sql, parameters, &statement), ERR_OK);
    return statement;
}

START_TEST(parameters_are_bound_by_their_number)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db_statement *statement = prepare(&fixture, "SELECT $3, $1, $2, $3, $4", 4);
    for (int round = 0; round < 2; round++) {
        bool row;
        db_bind_text(statement, 1, SLICE("one"));
        db_bind_integer(statement, 2, 2);
        db_bind_blob(statement, 3, slice_of("a\0b", 3));
        db_bind_text(statement, 4, SLICE_NULL);
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(row);
        ck_assert_uint_eq(db_column_bytes(statement, 0).n, 3);
        ck_assert_mem_eq(db_column_bytes(statement, 3).p, "a\0b", 3);
        assert_slice(db_column_bytes(statement, 1), "one");
        ck_assert_int_eq(db_column_integer(statement, 2), 2);
        ck_assert(db_column_is_null(statement, 4));
        assert_slice(db_column_bytes(statement, 4), NULL);
        ck_assert_int_eq(db_column_integer_or(statement, 4, -9), -9);
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
        ck_assert(!row);
        db_reset(statement);
    }
    db_finish(statement);
    fixture_done(&fixture);
}
END_TEST

START_TEST(empty_text_is_not_null)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db_statement *statement = prepare(&fixture, "SELECT $1", 1);
    bool row;
    db_bind_text(statement, 1, SLICE(""));
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    assert_slice(db_column_bytes(statement, 0), "");
    db_finish(statement);
    fixture_done(&fixture);
}
END_TEST

START_TEST(parameters_and_text_must_agree)
{
    static const struct {
        const char *sql;
        int parameters;
    } rows[] = {{"SELECT $1", 0}, {"SELECT $1", 2}, {"SELECT $2", 1},
                {"SELECT ?", 1},  {"SELECT 1", 99}, {"SELEC", 0}};
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct db_statement *statement;
        ck_assert_int_eq(db_prepare(fixture.session->db, rows[i].sql, rows[i].parameters, &statement),
                         ERR_INTERNAL);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_failed_bind_shows_in_the_step)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db_statement *statement = prepare(&fixture, "SELECT $1", 1);
    bool row;
    db_bind_integer(statement, 2, 1);
    ck_assert_int_eq(db_step(statement, &row), ERR_INTERNAL);
    db_reset(statement);
    db_bind_text(statement, 1, slice_of("x", (size_t)1 << 40));
    ck_assert_int_eq(db_step(statement, &row), ERR_LIMIT);
    db_reset(statement);
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    db_finish(statement);
    fixture_done(&fixture);
}
END_TEST

START_TEST(results_have_their_errors)
{
    static const struct {
        int code;
        enum err error;
    } rows[] = {
        {SQLITE_OK, ERR_OK},
        {SQLITE_FULL, ERR_DISK_FULL},
        {SQLITE_READONLY_DBMOVED, ERR_READ_ONLY},
        {SQLITE_IOERR_WRITE, ERR_IO},
        {SQLITE_IOERR_NOMEM, ERR_MEMORY},
        {SQLITE_CORRUPT_INDEX, ERR_CORRUPT},
        {SQLITE_NOTADB, ERR_CORRUPT},
        {SQLITE_BUSY_SNAPSHOT, ERR_BUSY},
        {SQLITE_LOCKED, ERR_BUSY},
        {SQLITE_NOMEM, ERR_MEMORY},
        {SQLITE_CONSTRAINT_UNIQUE, ERR_CONFLICT},
        {SQLITE_CONSTRAINT_PRIMARYKEY, ERR_CONFLICT},
        {SQLITE_CONSTRAINT_FOREIGNKEY, ERR_CONFLICT},
        {SQLITE_TOOBIG, ERR_LIMIT},
        {SQLITE_INTERRUPT, ERR_TIMEOUT},
        {SQLITE_MISUSE, ERR_INTERNAL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_int_eq(lite_error(rows[i].code), rows[i].error);
}
END_TEST

START_TEST(savepoints_isolate)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db *db = fixture.session->db;
    ck_assert(!db_in_transaction(db));
    ck_assert_int_eq(db_rollback(db), ERR_OK);
    ck_assert_int_eq(db_begin(db), ERR_OK);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(db_savepoint(db), ERR_OK);
        ck_assert_int_eq(db_execute(db, "INSERT INTO organization (name, created_us) VALUES ('x', 1)"),
                         ERR_OK);
        ck_assert_int_eq(round == 1 ? db_rollback_to(db) : db_release(db), ERR_OK);
    }
    ck_assert(db_in_transaction(db));
    ck_assert_int_eq(db_commit(db), ERR_OK);
    ck_assert_int_eq(fixture_number(&fixture, "SELECT count(*) FROM organization"), 3);
    fixture_done(&fixture);
}
END_TEST

START_TEST(foreign_keys_hold_at_the_end_of_a_statement)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db_statement *statement = prepare(
        &fixture,
        "INSERT INTO representative (organization_id, name, created_us) VALUES (99, 'x', 1) RETURNING id", 0);
    ck_assert_int_eq(session_run(statement, NULL, NULL), ERR_CONFLICT);
    db_finish(statement);
    fixture_done(&fixture);
}
END_TEST

START_TEST(readers_cannot_write_and_have_a_deadline)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db *db;
    ck_assert_int_eq(sqlite_driver.open(fixture.target, DB_READ, &db, &fixture.why), ERR_OK);
    ck_assert_int_eq(db_execute(db, "DELETE FROM organization"), ERR_READ_ONLY);
    lite_db_of(db)->deadline_us = clock_monotonic_us() - 1;
    ck_assert_int_eq(db_execute(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                    " SELECT max(i) FROM n"),
                     ERR_TIMEOUT);
    lite_db_of(db)->deadline_us = 0;
    ck_assert_int_eq(db_execute(db, "SELECT 1"), ERR_OK);
    sqlite_driver.close(db);
    fixture_done(&fixture);
}
END_TEST

START_TEST(connections_are_hardened)
{
    static const struct {
        const char *sql;
        int64_t value;
    } rows[] = {
        {"PRAGMA foreign_keys", 1},
        {"PRAGMA cell_size_check", 1},
        {"PRAGMA synchronous", 2},
        {"PRAGMA trusted_schema", 0},
        {"PRAGMA mmap_size", 0},
        {"PRAGMA wal_autocheckpoint", 0},
        {"PRAGMA application_id", APPLICATION_ID},
    };
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_msg(fixture_number(&fixture, rows[i].sql) == rows[i].value, "%s", rows[i].sql);
    struct db_statement *statement;
    ck_assert_int_eq(db_prepare(fixture.session->db, "SELECT \"nosuchcolumn\"", 0, &statement), ERR_INTERNAL);
    ck_assert_int_eq(db_execute(fixture.session->db, "ATTACH ':memory:' AS other"), ERR_INTERNAL);
    fixture_done(&fixture);
}
END_TEST

START_TEST(only_the_owner_can_read_the_files)
{
    struct fixture fixture;
    fixture_init(&fixture);
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++) {
        char path[1040];
        struct stat status;
        snprintf(path, sizeof(path), "%s%s", fixture.place.path, suffixes[i]);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(idle_chore_empties_the_log)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_gt(sqlite_driver.log_bytes(fixture.target), 0);
    ck_assert_int_eq(db_chore(fixture.session->db, DB_AFTER_COMMIT), ERR_OK);
    ck_assert_int_gt(sqlite_driver.log_bytes(fixture.target), 0);
    ck_assert_int_eq(db_chore(fixture.session->db, DB_IDLE), ERR_OK);
    ck_assert_int_eq(sqlite_driver.log_bytes(fixture.target), 0);
    ck_assert_int_eq(db_chore(fixture.session->db, DB_HOURLY), ERR_OK);
    fixture_done(&fixture);
}
END_TEST

/* The busy writer: the log is moved into the file once it is long, without waiting for readers. */
START_TEST(long_logs_are_checkpointed_despite_readers)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct db *reader, *db = fixture.session->db;
    ck_assert_int_eq(sqlite_driver.open(fixture.target, DB_READ, &reader, &fixture.why), ERR_OK);
    ck_assert_int_eq(db_begin(reader), ERR_OK);
    ck_assert_int_eq(db_execute(reader, "SELECT count(*) FROM lead"), ERR_OK);
    ck_assert_int_eq(
        db_execute(db, "INSERT INTO submission (organization_id, endpoint, received_us, outcome, body)"
                       " VALUES (1, 'e', 1, 'test', zeroblob(12000000))"),
        ERR_OK);
    ck_assert_int_eq(db_chore(db, DB_AFTER_COMMIT), ERR_OK);
    ck_assert_int_eq(db_chore(db, DB_IDLE), ERR_BUSY);
    ck_assert_int_eq(db_rollback(reader), ERR_OK);
    sqlite_driver.close(reader);
    ck_assert_int_eq(db_chore(db, DB_IDLE), ERR_OK);
    ck_assert_int_eq(sqlite_driver.log_bytes(fixture.target), 0);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("driver", parameters_are_bound_by_their_number, empty_text_is_not_null,
          parameters_and_text_must_agree, a_failed_bind_shows_in_the_step, results_have_their_errors,
          savepoints_isolate, foreign_keys_hold_at_the_end_of_a_statement,
          readers_cannot_write_and_have_a_deadline, connections_are_hardened,
          only_the_owner_can_read_the_files, idle_chore_empties_the_log,
          long_logs_are_checkpointed_despite_readers)
