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

struct place {
    char directory[256], path[300], url[320];
};

static inline void place_init(struct place *place)
{
    const char *base = getenv("TMPDIR");
    snprintf(place->directory, sizeof(place->directory), "%s/inlet-store-XXXXXX", base ? base : P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(place->directory));
    snprintf(place->path, sizeof(place->path), "%s/inlet.db", place->directory);
    snprintf(place->url, sizeof(place->url), "sqlite:%s", place->path);
}

static inline void place_done(const struct place *place)
{
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
    struct place place;
    struct db_target *target;
    struct session *session;
    struct arena arena;
    struct buffer why;
};

static inline void fixture_open_target(struct fixture *fixture)
{
    struct db_target_options options = {.path = fixture->place.path, .create = true};
    ck_assert_int_eq(sqlite_driver.attach(&options, &fixture->target, &fixture->why), ERR_OK);
    ck_assert_int_eq(session_open(fixture->target, DB_WRITE, &fixture->session, &fixture->why), ERR_OK);
}

static inline void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    place_init(&fixture->place);
    arena_init(&fixture->arena, (size_t)64 << 20);
    buffer_init(&fixture->why, 4096);
    fixture_open_target(fixture);
    size_t count;
    const struct migration *migrations = migrations_of("sqlite", &count);
    ck_assert_int_eq(migrate(fixture->session, migrations, count, true, &fixture->why), ERR_OK);
    session_start_job(fixture->session);
}

static inline void fixture_done(struct fixture *fixture)
{
    session_close(fixture->session);
    sqlite_driver.detach(fixture->target);
    arena_done(&fixture->arena);
    buffer_done(&fixture->why);
    place_done(&fixture->place);
}

/* One number from a query without parameters. */
static inline int64_t fixture_number(struct fixture *fixture, const char *sql)
{
    struct db_statement *statement;
    bool row;
    ck_assert_int_eq(db_prepare(fixture->session->db, sql, 0, &statement), ERR_OK);
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
    };
}

static inline int64_t insert_lead(struct session *session, const struct lead *lead)
{
    int64_t id = -1;
    ck_assert_int_eq(store_lead_insert(session, lead, &id), ERR_OK);
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
