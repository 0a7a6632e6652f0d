/* Connections to PostgreSQL: how they are set up, what is refused, how their end is noticed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_fixture.h"
#include "pg_proxy.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"

#include <pthread.h>

/* Opens a connection with the string URL, and closes it again. */
static enum err try_open(const char *url, struct buffer *why)
{
    struct db_target *target;
    struct db *db;
    struct db_target_options options = {.path = url};
    TRY(pg_driver.attach(&options, &target, why));
    enum err error = pg_driver.open(target, DB_WRITE, &db, why);
    if (error == ERR_OK)
        pg_driver.close(db);
    pg_driver.detach(target);
    return error;
}

static void assert_why(const struct buffer *why, const char *words)
{
    char text[4096];
    snprintf(text, sizeof(text), "%.*s", SLICE_ARG(buffer_slice(why)));
    ck_assert_msg(strstr(text, words), "\"%s\" is not in: %s", words, text);
    ck_assert_msg(!strchr(text, '\n'), "more than one line: %s", text);
}

START_TEST(what_cannot_be_connected_to_has_a_reason)
{
    struct pg_fixture fixture;
    char url[2048];
    pg_fixture_init(&fixture);
    static const struct {
        const char *key, *value, *words;
    } rows[] = {
        {"dbname", "inlet_no_such_database", "inlet_no_such_database"},
        {"port", "1", "refused"},
        {"host", "no-such-host.invalid", "no-such-host.invalid"},
        {"target_session_attrs", "standby", "standby"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        if (i == 1 && PQhost(fixture.place.admin)[0] == '/')
            continue; /* a socket's name has the port in it */
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
        snprintf(url, sizeof(url), "%s", fixture.place.url);
        pg_place_add(url, sizeof(url), "hostaddr", "");
        pg_place_add(url, sizeof(url), rows[i].key, rows[i].value);
        ck_assert_int_eq(try_open(url, &why), ERR_CONNECTION);
        assert_why(&why, rows[i].words);
    }
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(of_several_hosts_one_that_answers_is_taken)
{
    struct pg_fixture fixture;
    struct pg_proxy proxy;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    char url[2048], ports[64];
    pg_fixture_init(&fixture);
    pg_proxy_init(&proxy, &fixture.place);
    snprintf(url, sizeof(url), "%s", fixture.place.url);
    snprintf(ports, sizeof(ports), "1,%d", proxy.port);
    pg_place_add(url, sizeof(url), "hostaddr", "");
    pg_place_add(url, sizeof(url), "host", "127.0.0.1,127.0.0.1");
    pg_place_add(url, sizeof(url), "port", ports);
    ck_assert_int_eq(try_open(url, &why), ERR_OK);
    pg_proxy_done(&proxy);
    pg_fixture_done(&fixture);
}
END_TEST

/* It accepts the connection and says nothing. */
START_TEST(a_host_that_does_not_answer_is_not_waited_for)
{
    struct pg_fixture fixture;
    struct pg_proxy proxy;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    char url[2048];
    pg_fixture_init(&fixture);
    pg_proxy_init(&proxy, &fixture.place);
    pg_proxy_arm(&proxy, PROXY_CLIENT, 0, PROXY_STALLS);
    pg_proxy_url(&proxy, &fixture.place, url, sizeof(url));
    pg_place_add(url, sizeof(url), "connect_timeout", "2");
    int64_t start_us = clock_monotonic_us();
    ck_assert_int_eq(try_open(url, &why), ERR_CONNECTION);
    ck_assert_int_lt(clock_monotonic_us() - start_us, 5000000);
    assert_why(&why, "timeout");
    pg_proxy_done(&proxy);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(memory_may_run_out)
{
    struct pg_fixture fixture;
    struct db_target_options options = {.path = ""};
    struct db_target *target;
    struct db_statement *statement;
    struct db *db;
    pg_fixture_init(&fixture);
    mem_fault_set(1);
    ck_assert_int_eq(pg_driver.attach(&options, &target, &fixture.why), ERR_MEMORY);
    mem_fault_set(1);
    ck_assert_int_eq(pg_driver.open(fixture.target, DB_WRITE, &db, &fixture.why), ERR_MEMORY);
    mem_fault_set(1);
    ck_assert_int_eq(db_prepare(fixture.db, "SELECT 1", 0, &statement), ERR_MEMORY);
    mem_fault_set(-1);
    ck_assert_int_eq(pg_fixture_number(fixture.db, "SELECT 1"), 1);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(another_encoding_is_refused)
{
    struct pg_place place;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    pg_place_init_with(&place, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    ck_assert_int_eq(try_open(place.url, &why), ERR_CONFIG);
    assert_why(&why, "LATIN1");
    assert_why(&why, "UTF8");
    pg_place_done(&place);
}
END_TEST

static void assert_setting(struct db *db, const char *name, const char *expected)
{
    struct db_statement *statement = pg_fixture_prepare(db, "SELECT current_setting($1)", 1);
    bool row;
    db_bind_text(statement, 1, slice_from(name));
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    ck_assert_msg(slice_equal(db_column_bytes(statement, 0), slice_from(expected)), "%s is %.*s", name,
                  SLICE_ARG(db_column_bytes(statement, 0)));
    db_finish(statement);
}

START_TEST(connections_have_their_settings)
{
    static const struct {
        enum db_mode mode;
        const char *name, *value;
    } rows[] = {
        {DB_WRITE, "statement_timeout", "20s"},
        {DB_WRITE, "lock_timeout", "10s"},
        {DB_WRITE, "idle_in_transaction_session_timeout", "1min"},
        {DB_WRITE, "application_name", "inlet"},
        {DB_WRITE, "client_encoding", "UTF8"},
        {DB_WRITE, "transaction_isolation", "read committed"},
        {DB_READ, "statement_timeout", "10s"},
        {DB_READ, "default_transaction_read_only", "on"},
        {DB_READ, "transaction_isolation", "repeatable read"},
    };
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    char sql[256];
    snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET default_transaction_isolation = serializable",
             fixture.place.name);
    pg_place_run(&fixture.place, sql);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct db *db = pg_fixture_open(&fixture, rows[i].mode);
        ck_assert_int_eq(db_begin(db), ERR_OK);
        assert_setting(db, rows[i].name, rows[i].value);
        ck_assert_int_eq(db_rollback(db), ERR_OK);
        pg_driver.close(db);
    }
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(a_commit_is_as_durable_as_was_asked)
{
    static const struct {
        const char *server;
        bool relaxed;
        const char *expected;
    } rows[] = {
        {"on", false, "on"},       {"off", false, "on"},
        {"local", false, "local"}, {"remote_apply", false, "remote_apply"},
        {"on", true, "off"},       {"remote_write", false, "remote_write"},
    };
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char sql[256];
        struct db_target *target;
        struct db *db;
        struct db_target_options options = {.path = fixture.place.url, .relaxed = rows[i].relaxed};
        snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET synchronous_commit = %s", fixture.place.name,
                 rows[i].server);
        pg_place_run(&fixture.place, sql);
        ck_assert_int_eq(pg_driver.attach(&options, &target, &fixture.why), ERR_OK);
        ck_assert_int_eq(pg_driver.open(target, DB_WRITE, &db, &fixture.why), ERR_OK);
        assert_setting(db, "synchronous_commit", rows[i].expected);
        pg_driver.close(db);
        pg_driver.detach(target);
    }
    pg_fixture_done(&fixture);
}
END_TEST

/* At which point of a transaction the server ends the session, and what commit, or what comes before it, says. */
START_TEST(a_session_that_is_ended_is_noticed)
{
    for (int point = 0; point < 6; point++) {
        struct pg_fixture fixture;
        pg_fixture_init(&fixture);
        struct db *db = fixture.db;
        struct db_statement *insert = pg_fixture_prepare(db, INSERT_WORD, 1);
        enum err error = ERR_OK;
        for (int at = 0; at < 6 && error == ERR_OK; at++) {
            if (at == point)
                pg_fixture_kick(&fixture, db);
            if (at == 0)
                error = db_begin(db);
            else if (at == 3)
                error = db_savepoint(db);
            else if (at == 5)
                error = db_commit(db);
            else if (at == 4)
                error = db_post(insert);
            else
                error = pg_fixture_run(insert);
        }
        ck_assert_int_eq(error, ERR_CONNECTION);
        ck_assert(!db_usable(db));
        ck_assert(!db_in_transaction(db));
        ck_assert_str_ne(db_error_text(db), "");
        ck_assert_int_eq(db_rollback(db), ERR_OK);
        ck_assert_int_eq(db_begin(db), ERR_CONNECTION);
        ck_assert_int_eq(db_savepoint(db), ERR_CONNECTION);
        ck_assert_int_eq(db_release(db), ERR_CONNECTION);
        ck_assert_int_eq(db_rollback_to(db), ERR_CONNECTION);
        ck_assert_int_eq(db_commit(db), ERR_CONNECTION);
        ck_assert_int_eq(db_post(insert), ERR_CONNECTION);
        ck_assert_int_eq(db_execute(db, "SELECT 1"), ERR_CONNECTION);
        ck_assert_int_eq(db_lock_schema(db), ERR_CONNECTION);
        ck_assert_int_eq(db_chore(db, DB_IDLE), ERR_OK);
        db_finish(insert);
        ck_assert_int_eq(pg_place_number(&fixture.place, "SELECT count(*) FROM note"), 0);
        pg_fixture_done(&fixture);
    }
}
END_TEST

START_TEST(what_follows_the_end_of_the_session_fails)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *statement;
    pg_place_kick(&fixture.place);
    ck_assert_int_eq(db_prepare(fixture.db, "SELECT 1", 0, &statement), ERR_CONNECTION);
    pg_driver.close(fixture.db);
    fixture.db = pg_fixture_open(&fixture, DB_WRITE);
    ck_assert_int_eq(db_begin(fixture.db), ERR_OK);
    ck_assert_int_eq(db_execute(fixture.db, "SELECT 1"), ERR_OK);
    pg_place_kick(&fixture.place);
    ck_assert_int_eq(db_execute(fixture.db, "SELECT 1"), ERR_CONNECTION);
    pg_driver.close(fixture.db);
    fixture.db = pg_fixture_open(&fixture, DB_WRITE);
    ck_assert_int_eq(db_begin(fixture.db), ERR_OK);
    ck_assert_int_eq(db_execute(fixture.db, "SELECT 1"), ERR_OK);
    pg_place_kick(&fixture.place);
    enum err error = db_rollback(fixture.db);
    ck_assert(error == ERR_OK || error == ERR_CONNECTION);
    ck_assert(!db_in_transaction(fixture.db));
    ck_assert_int_eq(db_execute(fixture.db, "SELECT 1"), ERR_CONNECTION);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(an_idle_connection_notices_its_end)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db *reader = pg_fixture_open(&fixture, DB_READ);
    for (int i = 0; i < 2; i++) {
        struct db *db = i ? reader : fixture.db;
        ck_assert_int_eq(db_begin(db), ERR_OK);
        ck_assert_int_eq(pg_fixture_number(db, "SELECT 1"), 1);
        ck_assert_int_eq(db_rollback(db), ERR_OK);
        ck_assert_int_eq(db_chore(db, DB_IDLE), ERR_OK);
        ck_assert_int_eq(db_chore(db, DB_AFTER_COMMIT), ERR_OK);
        ck_assert(db_usable(db));
    }
    for (int i = 0; i < 2; i++) {
        struct db *db = i ? reader : fixture.db;
        pg_fixture_kick(&fixture, db);
        ck_assert_int_eq(db_chore(db, DB_IDLE), ERR_OK);
        ck_assert(!db_usable(db));
        ck_assert_ptr_nonnull(strstr(db_error_text(db), "terminating connection"));
    }
    pg_driver.close(reader);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(a_server_that_became_a_standby_is_left)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    ck_assert_int_eq(db_execute(fixture.db, "CREATE TABLE x (y BIGINT)"), ERR_OK);
    ck_assert_int_eq(db_begin(fixture.db), ERR_OK);
    ck_assert_int_eq(db_execute(fixture.db, "SET TRANSACTION READ ONLY"), ERR_OK);
    ck_assert_int_eq(db_execute(fixture.db, "INSERT INTO x VALUES (1)"), ERR_READ_ONLY);
    ck_assert(!db_usable(fixture.db));
    ck_assert_int_eq(db_rollback(fixture.db), ERR_OK);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(a_plan_that_does_not_fit_the_schema_any_more_is_left)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db_statement *statement = pg_fixture_prepare(fixture.db, "SELECT * FROM note", 0);
    ck_assert_int_eq(pg_fixture_run(statement), ERR_OK);
    pg_place_run(&fixture.place, "ALTER TABLE note ADD COLUMN more TEXT");
    ck_assert_int_ne(pg_fixture_run(statement), ERR_OK);
    ck_assert(!db_usable(fixture.db));
    db_finish(statement);
    pg_fixture_done(&fixture);
}
END_TEST

START_TEST(the_server_gives_up_what_takes_too_long)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    struct db *db = fixture.db;
    struct db_statement *insert = pg_fixture_prepare(db, INSERT_WORD, 1);
    struct db_statement *sleep = pg_fixture_prepare(db, "SELECT pg_sleep(60)", 0);
    ck_assert_int_eq(db_execute(db, "SET statement_timeout = 100; SET lock_timeout = 50"), ERR_OK);
    int64_t start_us = clock_monotonic_us();
    ck_assert_int_eq(pg_fixture_run(sleep), ERR_TIMEOUT);
    ck_assert_int_eq(db_begin(db), ERR_OK);
    pg_place_run(&fixture.place, "BEGIN; INSERT INTO note (word) VALUES ('x')");
    db_bind_text(insert, 1, SLICE("x"));
    ck_assert_int_eq(pg_fixture_run(insert), ERR_BUSY);
    ck_assert_int_eq(db_rollback(db), ERR_OK);
    pg_place_run(&fixture.place, "ROLLBACK");
    ck_assert_int_lt(clock_monotonic_us() - start_us, 5000000);
    ck_assert(db_usable(db));
    db_finish(insert);
    db_finish(sleep);
    pg_fixture_done(&fixture);
}
END_TEST

/* Two transactions that wait for each other: one of them is told to try again. */
struct rival {
    struct db *db;
    struct db_statement *update;
    enum err error;
};

static void *update_first(void *argument)
{
    struct rival *rival = argument;
    db_bind_integer(rival->update, 1, 1);
    rival->error = pg_fixture_run(rival->update);
    if (rival->error == ERR_OK)
        rival->error = db_commit(rival->db);
    else
        ck_assert_int_eq(db_rollback(rival->db), ERR_OK);
    return NULL;
}

START_TEST(a_deadlock_is_worth_another_try)
{
    struct pg_fixture fixture;
    pg_fixture_init(&fixture);
    pg_place_run(&fixture.place, "INSERT INTO note (id) VALUES (1), (2)");
    struct rival rivals[2];
    pthread_t thread;
    for (int i = 0; i < 2; i++) {
        rivals[i].db = pg_fixture_open(&fixture, DB_WRITE);
        rivals[i].update = pg_fixture_prepare(rivals[i].db, "UPDATE note SET number = 1 WHERE id = $1", 1);
        ck_assert_int_eq(db_begin(rivals[i].db), ERR_OK);
        db_bind_integer(rivals[i].update, 1, 1 + i);
        ck_assert_int_eq(pg_fixture_run(rivals[i].update), ERR_OK);
    }
    ck_assert_int_eq(pthread_create(&thread, NULL, update_first, &rivals[1]), 0);
    db_bind_integer(rivals[0].update, 1, 2);
    rivals[0].error = pg_fixture_run(rivals[0].update);
    if (rivals[0].error == ERR_OK)
        rivals[0].error = db_commit(rivals[0].db);
    else
        ck_assert_int_eq(db_rollback(rivals[0].db), ERR_OK);
    pthread_join(thread, NULL);
    ck_assert_msg((rivals[0].error == ERR_OK && rivals[1].error == ERR_BUSY) ||
                      (rivals[0].error == ERR_BUSY && rivals[1].error == ERR_OK),
                  "%s and %s", err_symbol(rivals[0].error), err_symbol(rivals[1].error));
    for (int i = 0; i < 2; i++) {
        db_finish(rivals[i].update);
        pg_driver.close(rivals[i].db);
    }
    pg_fixture_done(&fixture);
}
END_TEST

PG_UNIT_MAIN("store/pg/connection", what_cannot_be_connected_to_has_a_reason,
             of_several_hosts_one_that_answers_is_taken, a_host_that_does_not_answer_is_not_waited_for,
             memory_may_run_out, another_encoding_is_refused, connections_have_their_settings,
             a_commit_is_as_durable_as_was_asked, a_session_that_is_ended_is_noticed,
             what_follows_the_end_of_the_session_fails, an_idle_connection_notices_its_end,
             a_server_that_became_a_standby_is_left, a_plan_that_does_not_fit_the_schema_any_more_is_left,
             the_server_gives_up_what_takes_too_long, a_deadlock_is_worth_another_try)
