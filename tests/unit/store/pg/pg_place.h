/* A database of its own on the server that INLET_TEST_POSTGRESQL names, for tests; without one they are skipped. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_PG_PLACE_H
#define INLET_TESTS_STORE_PG_PLACE_H

#include "unit.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What ctest takes for "skipped". */
#define PG_SKIPPED 77

/* The connection string of a superuser on a server made for tests; NULL: there is none. */
static inline const char *pg_place_server(void)
{
    const char *server = getenv("INLET_TEST_POSTGRESQL");
    return server && server[0] ? server : NULL;
}

struct pg_place {
    char name[64];  /* of the database */
    char url[2048]; /* leads there, as "key=value …" */
    PGconn *admin;  /* a plain connection to it, for looking and for interfering */
};

/* Appends " key='value'" to a connection string, quoted as libpq wants it. */
static inline void pg_place_add(char *url, size_t size, const char *key, const char *value)
{
    size_t n = strlen(url);
    n += (size_t)snprintf(url + n, size - n, "%s%s='", n ? " " : "", key);
    for (; *value; value++) {
        ck_assert_uint_lt(n + 4, size);
        if (*value == '\'' || *value == '\\')
            url[n++] = '\\';
        url[n++] = *value;
    }
    url[n++] = '\'';
    url[n] = '\0';
}

/* The server's connection string for the database NAME. */
static inline void pg_place_url(const char *name, char *url, size_t size)
{
    PQconninfoOption *options = PQconninfoParse(pg_place_server(), NULL);
    ck_assert_ptr_nonnull(options);
    url[0] = '\0';
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (option->val && strcmp(option->keyword, "dbname") != 0)
            pg_place_add(url, size, option->keyword, option->val);
    }
    pg_place_add(url, size, "dbname", name);
    PQconninfoFree(options);
}

static inline void pg_place_ignore(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static inline PGconn *pg_place_connect(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    ck_assert_msg(PQstatus(connection) == CONNECTION_OK, "%s", PQerrorMessage(connection));
    PQsetNoticeProcessor(connection, pg_place_ignore, NULL);
    return connection;
}

static inline void pg_place_run_on(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQresultErrorMessage(result));
    PQclear(result);
}

/* CREATE or DROP DATABASE, over a connection to the server's own database. */
static inline void pg_place_on_server(const char *sql)
{
    PGconn *server = pg_place_connect(pg_place_server());
    pg_place_run_on(server, sql);
    PQfinish(server);
}

/* Makes a database; what is encoded how may be said in OPTIONS ("" for nothing). */
static inline void pg_place_init_with(struct pg_place *place, const char *options)
{
    static int count;
    char sql[256];
    snprintf(place->name, sizeof(place->name), "inlet_unit_%ld_%d", (long)getpid(), ++count);
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE template0 %s", place->name, options);
    pg_place_on_server(sql);
    pg_place_url(place->name, place->url, sizeof(place->url));
    place->admin = pg_place_connect(place->url);
}

static inline void pg_place_init(struct pg_place *place)
{
    pg_place_init_with(place, "ENCODING 'UTF8'");
}

static inline void pg_place_done(struct pg_place *place)
{
    char sql[128];
    PQfinish(place->admin);
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", place->name);
    pg_place_on_server(sql);
}

static inline void pg_place_run(struct pg_place *place, const char *sql)
{
    pg_place_run_on(place->admin, sql);
}

/* One number, asked over a connection that the code under test knows nothing of. */
static inline int64_t pg_place_number(struct pg_place *place, const char *sql)
{
    PGresult *result = PQexec(place->admin, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql, PQresultErrorMessage(result));
    int64_t number = strtoimax(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

/* Ends every other connection to the database, and waits until they are gone. */
static inline void pg_place_kick(struct pg_place *place)
{
    pg_place_run(place, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    while (pg_place_number(place, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                  " AND pid <> pg_backend_pid()") > 0)
        usleep(1000);
}

/* As UNIT_MAIN, for tests that need the server. */
#define PG_UNIT_MAIN(name, ...)                                                                              \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
        if (!pg_place_server()) {                                                                            \
            puts("skipped: INLET_TEST_POSTGRESQL does not name a server");                                   \
            return PG_SKIPPED;                                                                               \
        }                                                                                                    \
        return unit_run(name, tests, sizeof(tests) / sizeof(tests[0]));                                      \
    }

#endif
