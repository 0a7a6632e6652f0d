/* The database under test, through SQLite's library and through libpq. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "database.h"

#include "harness.h"

#include "inlet/base/clock.h"
#include "inlet/base/number.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS_MAX 16

bool database_on_postgresql(void)
{
    return getenv("INLET_TEST_POSTGRESQL") != NULL;
}

static bool is_file(const char *url)
{
    return strncmp(url, "sqlite:", 7) == 0;
}

static PGconn *connect_to(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        fail("%s: %s", url, PQerrorMessage(connection));
    return connection;
}

static PGresult *ask(PGconn *connection, const char *sql, const char *const *texts, size_t count)
{
    PGresult *result = PQexecParams(connection, sql, (int)count, NULL, texts, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail("%s: %s", sql, PQerrorMessage(connection));
    return result;
}

static void execute(PGconn *connection, const char *sql)
{
    PQclear(ask(connection, sql, NULL, 0));
}

void database_execute(const char *url, const char *sql)
{
    PGconn *connection = connect_to(url);
    execute(connection, sql);
    PQfinish(connection);
}

/* URL's parts around its database's name: "postgresql://host:port/", "name", "?option=value". */
static void take_apart(const char *url, int *ret_before, int *ret_name)
{
    const char *authority = strstr(url, "://"), *slash = authority ? strchr(authority + 3, '/') : NULL;
    if (!slash)
        fail("%s: \"postgresql://…/name\" expected", url);
    *ret_before = (int)(slash - url) + 1;
    *ret_name = (int)strcspn(slash + 1, "?");
}

static void with_name(const char *server, const char *name, int name_length, char url[DATABASE_URL_MAX])
{
    int before, old;
    take_apart(server, &before, &old);
    int length = snprintf(url, DATABASE_URL_MAX, "%.*s%.*s%s", before, server, name_length, name,
                          server + before + old);
    if (length >= DATABASE_URL_MAX)
        fail("%s: too long", server);
}

void database_elsewhere(const char *url, const char *server, char ret_url[DATABASE_URL_MAX])
{
    int before, length;
    take_apart(url, &before, &length);
    with_name(server, url + before, length, ret_url);
}

void database_make(const char *directory, char url[DATABASE_URL_MAX])
{
    static atomic_uint made;
    const char *server = getenv("INLET_TEST_POSTGRESQL");
    char name[64], sql[128];
    if (!server) {
        snprintf(url, DATABASE_URL_MAX, "sqlite:%.300s/inlet.db", directory);
        return;
    }
    snprintf(name, sizeof(name), "inlet_%d_%u", (int)getpid(), atomic_fetch_add(&made, 1));
    with_name(server, name, (int)strlen(name), url);
    snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)",
             name); /* a process number comes again */
    database_execute(server, sql);
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'", name);
    database_execute(server, sql);
}

void database_drop(const char *url)
{
    char sql[128], server[DATABASE_URL_MAX];
    int before, length;
    if (is_file(url))
        return;
    take_apart(url, &before, &length);
    snprintf(sql, sizeof(sql), "DROP DATABASE %.*s WITH (FORCE)", length, url + before);
    with_name(url, "postgres", 8, server);
    database_execute(server, sql);
}

void database_open(struct database *database, const char *url)
{
    sqlite3 *file = NULL;
    *database = (struct database){.is_postgresql = !is_file(url)};
    if (database->is_postgresql) {
        database->handle = connect_to(url);
        execute(database->handle, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    } else {
        if (sqlite3_open_v2(url + strlen("sqlite:"), &file, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
            fail("%s: %s", url, sqlite3_errmsg(file));
        sqlite3_exec(file, "BEGIN", NULL, NULL, NULL);
        database->handle = file;
    }
}

void database_close(struct database *database)
{
    if (database->is_postgresql)
        PQfinish(database->handle);
    else
        sqlite3_close(database->handle);
}

static sqlite3_stmt *prepare(const struct database *database, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(database->handle));
    return statement;
}

static int64_t file_number(const struct database *database, const char *sql, const char *const *texts,
                           size_t count)
{
    sqlite3_stmt *statement = prepare(database, sql);
    for (size_t i = 0; i < count; i++) {
        char name[24]; /* SQLite numbers $2, $1 in the order in which they come */
        snprintf(name, sizeof(name), "$%zu", i + 1);
        sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, name), texts[i], -1,
                          SQLITE_STATIC);
    }
    if (sqlite3_step(statement) != SQLITE_ROW)
        fail("%s: %s", sql, sqlite3_errmsg(database->handle));
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

int64_t database_number(const struct database *database, const char *sql, const char *const *texts,
                        size_t count)
{
    int64_t number = 0;
    if (!database->is_postgresql)
        return file_number(database, sql, texts, count);
    PGresult *result = ask(database->handle, sql, texts, count);
    if (PQntuples(result) != 1 || number_parse_int64(slice_from(PQgetvalue(result, 0, 0)), &number) != ERR_OK)
        fail("%s: no number", sql);
    PQclear(result);
    return number;
}

static void see_file(const struct database *database, const char *sql,
                     void (*see)(void *context, const struct slice *columns), void *context)
{
    sqlite3_stmt *statement = prepare(database, sql);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        struct slice columns[COLUMNS_MAX];
        for (int i = 0; i < sqlite3_column_count(statement) && i < COLUMNS_MAX; i++)
            columns[i] = slice_from((const char *)sqlite3_column_text(statement, i));
        see(context, columns);
    }
    sqlite3_finalize(statement);
}

void database_each(const struct database *database, const char *sql,
                   void (*see)(void *context, const struct slice *columns), void *context)
{
    if (!database->is_postgresql) {
        see_file(database, sql, see, context);
        return;
    }
    PGresult *result = ask(database->handle, sql, NULL, 0);
    for (int row = 0; row < PQntuples(result); row++) {
        struct slice columns[COLUMNS_MAX];
        for (int i = 0; i < PQnfields(result) && i < COLUMNS_MAX; i++)
            columns[i] = PQgetisnull(result, row, i) ? SLICE_NULL : slice_from(PQgetvalue(result, row, i));
        see(context, columns);
    }
    PQclear(result);
}

static bool is_file_sound(const struct database *database, char why[256])
{
    sqlite3_stmt *statement = prepare(database, "PRAGMA integrity_check");
    bool sound = sqlite3_step(statement) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    snprintf(why, 256, "integrity_check: %s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    statement = prepare(database, "PRAGMA foreign_key_check");
    if (sqlite3_step(statement) != SQLITE_DONE) {
        snprintf(why, 256, "foreign_key_check finds something");
        sound = false;
    }
    sqlite3_finalize(statement);
    return sound;
}

bool database_is_sound(const struct database *database, char why[256])
{
    if (!database->is_postgresql)
        return is_file_sound(database, why);
    /* On a connection of its own: what it finds would end the other one's transaction. */
    char url[DATABASE_URL_MAX];
    snprintf(url, sizeof(url), "postgresql://%s@%s:%s/%s", PQuser(database->handle), PQhost(database->handle),
             PQport(database->handle), PQdb(database->handle));
    PGconn *connection = connect_to(url);
    execute(connection, "SET client_min_messages = warning");
    execute(connection, "CREATE EXTENSION IF NOT EXISTS amcheck");
    PGresult *result =
        PQexec(connection, "SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class c ON c.oid = "
                           "indexrelid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND "
                           "c.relpersistence = 'p' AND c.relkind = 'i'");
    bool sound = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    snprintf(why, 256, "bt_index_check: %s", PQresultErrorMessage(result));
    PQclear(result);
    PQfinish(connection);
    return sound;
}
