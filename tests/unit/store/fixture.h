/* What the store's tests share: a database in a directory of its own, a session, sample rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_FIXTURE_H
#define INLET_TESTS_STORE_FIXTURE_H

#include "inlet/store/lead.h"
#include "migrate.h"
#include "session.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where a test's database is: on the PostgreSQL server that INLET_TEST_POSTGRESQL names (the connection string of a superuser),
 * or in a file. */
struct place {
    char directory[256], path[1024], url[1040]; /* path: as db_target_options.path */
    char name[64];                              /* of the database on the server; "" for a file */
};

/* The server's connection string; NULL: the tests run on SQLite. */
static inline const char *test_server(void)
{
    const char *server = getenv("INLET_TEST_POSTGRESQL");
    return server && server[0] ? server : NULL;
}

static inline const struct db_driver *test_driver(void)
{
    return test_server() ? &pg_driver : &sqlite_driver;
}

/* Tests of what one engine alone does, in place of UNIT_MAIN. */
#define SKIPPED 77
#define UNIT_MAIN_IF(condition, name, ...)                                                                   \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
        return (condition) ? unit_run(name, tests, sizeof(tests) / sizeof(tests[0])) : SKIPPED;              \
    }

/* Runs SQL on the server itself. */
static inline void run_on_server(const char *sql)
{
    struct db_target_options options = {.path = test_server()};
    struct db_target *target;
    struct db *db;
    struct buffer why;
    buffer_init(&why, 4096);
    ck_assert_int_eq(pg_driver.attach(&options, &target, &why), ERR_OK);
    enum err error = pg_driver.open(target, DB_WRITE, &db, &why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&why)));
    error = db_execute(db, sql);
    ck_assert_msg(error == ERR_OK, "%s: %s", sql, db_error_text(db));
    pg_driver.close(db);
    pg_driver.detach(target);
    buffer_done(&why);
}

static inline void place_init_server(struct place *place)
{
    static int count;
    char sql[128];
    const char *server = test_server();
    bool uri = strstr(server, "://") != NULL;
    snprintf(place->name, sizeof(place->name), "inlet_test_%d_%d", (int)getpid(), ++count);
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", place->name);
    run_on_server(sql);
    const char *joint = uri ? strchr(server, '?') ? "&" : "?" : " "; /* of several, the last dbname counts */
    snprintf(place->url, sizeof(place->url), "%s%sdbname=%s", server, joint, place->name);
    snprintf(place->path, sizeof(place->path), "%.1000s", place->url);
}

static inline void place_init_file(struct place *place)
{
    const char *base = getenv("TMPDIR");
    snprintf(place->directory, sizeof(place->directory), "%s/inlet-store-XXXXXX", base ? base : P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(place->directory));
    snprintf(place->path, sizeof(place->path), "%s/inlet.db", place->directory);
    snprintf(place->url, sizeof(place->url), "sqlite:%s", place->path);
}

static inline void place_init_on(struct place *place, const struct db_driver *driver)
{
    memset(place, 0, sizeof(*place));
    if (driver == &pg_driver)
        place_init_server(place);
    else
        place_init_file(place);
}

static inline void place_init(struct place *place)
{
    place_init_on(place, test_driver());
}

static inline void place_done(const struct place *place)
{
    if (place->name[0]) {
        char sql[128];
        snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", place->name);
        run_on_server(sql);
        return;
    }
    DIR *directory = opendir(place->directory);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(directory), entry->d_name, 0);
    }
    closedir(directory);
    rmdir(place->directory);
}

/* A migrated database with a writing session. */
struct fixture {
    const struct db_driver *driver;
    struct place place;
    struct db_target *target;
    struct session *session;
    struct arena arena;
    struct buffer why;
};

static inline struct session *fixture_session(struct fixture *fixture, enum db_mode mode)
{
    struct session *session = NULL;
    enum err error = session_open(fixture->target, mode, &session, &fixture->why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&fixture->why)));
    return session;
}

static inline void fixture_open_target(struct fixture *fixture)
{
    struct db_target_options options = {.path = fixture->place.path, .create = true};
    ck_assert_int_eq(fixture->driver->attach(&options, &fixture->target, &fixture->why), ERR_OK);
    fixture->session = fixture_session(fixture, DB_WRITE);
}

/* Without a schema. */
static inline void fixture_init_empty_on(struct fixture *fixture, const struct db_driver *driver)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->driver = driver;
    place_init_on(&fixture->place, driver);
    arena_init(&fixture->arena, (size_t)64 << 20);
    buffer_init(&fixture->why, 4096);
    fixture_open_target(fixture);
}

static inline void fixture_init_empty(struct fixture *fixture)
{
    fixture_init_empty_on(fixture, test_driver());
}

static inline void fixture_init_on(struct fixture *fixture, const struct db_driver *driver)
{
    fixture_init_empty_on(fixture, driver);
    size_t count;
    const struct migration *migrations = migrations_of(driver->engine, &count);
    enum err error = migrate(fixture->session, migrations, count, true, &fixture->why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&fixture->why)));
    session_start_job(fixture->session);
}

static inline void fixture_init(struct fixture *fixture)
{
    fixture_init_on(fixture, test_driver());
}

static inline void fixture_done(struct fixture *fixture)
{
    session_close(fixture->session);
    fixture->driver->detach(fixture->target);
    arena_done(&fixture->arena);
    buffer_done(&fixture->why);
    place_done(&fixture->place);
}

/* The error of EXPRESSION, in a transaction of its own that is committed in any case: as a job's, which answers for it. */
#define IN_TRANSACTION(session, expression)                                                                  \
    __extension__({                                                                                          \
        ck_assert_int_eq(db_begin((session)->db), ERR_OK);                                                   \
        enum err transaction_error_ = (expression);                                                          \
        ck_assert_int_eq(session_commit(session), ERR_OK);                                                   \
        transaction_error_;                                                                                  \
    })

static inline void fixture_execute(struct fixture *fixture, const char *sql)
{
    enum err error = db_execute(fixture->session->db, sql);
    ck_assert_msg(error == ERR_OK, "%s: %s", sql, db_error_text(fixture->session->db));
}

/* One number from a query without parameters. */
static inline int64_t fixture_number(struct fixture *fixture, const char *sql)
{
    struct db_statement *statement;
    bool row;
    enum err error = db_prepare(fixture->session->db, sql, 0, &statement);
    ck_assert_msg(error == ERR_OK, "%s: %s", sql, db_error_text(fixture->session->db));
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    ck_assert(row);
    int64_t number = db_column_integer(statement, 0);
    db_finish(statement);
    return number;
}

/* A new lead of organization 1; NULL for none. */
static inline struct lead sample_lead(const char *phone_number, const char *email)
{
    return (struct lead){
        .organization_id = 1,
        .email = slice_from(email),
        .email_key = slice_from(email ? email : ""),
        .phone_number = slice_from(phone_number),
        .modified_us = 2000,
        .created_us = 1000,
        .received_us = 1500,
        .status = LEAD_STATUS_NEW,
        .next_call_us = TIME_NONE,
        .last_reengagement_us = TIME_NONE,
        .call_schedule_start_us = TIME_NONE,
        .last_call_us = TIME_NONE,
    };
}

static inline int64_t insert_lead(struct session *session, const struct lead *lead)
{
    int64_t id = -1;
    ck_assert_int_eq(store_lead_insert(session, lead, &id, NULL), ERR_OK);
    return id;
}

static inline void assert_slice(struct slice actual, const char *expected)
{
    if (!expected) {
        ck_assert(slice_is_null(actual));
        return;
    }
    ck_assert(!slice_is_null(actual));
    ck_assert_uint_eq(actual.n, strlen(expected));
    ck_assert_mem_eq(actual.p, expected, actual.n);
}

#endif
