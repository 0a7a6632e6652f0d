/* The floor's engine on PostgreSQL: 16 connections, each of which keeps one lead at a time by one prepared INSERT. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: a statement outside of a transaction block is a transaction of its own: one round trip takes a lead in, and the
 * server groups the flushes of those that commit at the same moment. Less cannot be done for an answer of its own per lead.
 */
#include "floor.h"

#include "inlet/base/clock.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define CONNECTIONS     16
#define PARAMETER_COUNT (FLOOR_MEMBER_COUNT + 2)

static bool insert(PGconn *connection, const struct request *request)
{
    static const char *const members[] = FLOOR_MEMBERS;
    const char *values[PARAMETER_COUNT] = {NULL};
    char numbers[PARAMETER_COUNT][24];
    snprintf(numbers[0], sizeof(numbers[0]), "%" PRId64, clock_now_us());
    values[0] = numbers[0];
    for (size_t i = 0; i < FLOOR_MEMBER_COUNT; i++) {
        const json_t *member = json_object_get(request->lead, members[i]);
        if (json_is_string(member)) {
            values[i + 1] = json_string_value(member);
        } else if (json_is_integer(member)) {
            snprintf(numbers[i + 1], sizeof(numbers[i + 1]), "%" JSON_INTEGER_FORMAT,
                     json_integer_value(member));
            values[i + 1] = numbers[i + 1];
        }
    }
    values[PARAMETER_COUNT - 1] = request->metadata;
    PGresult *result = PQexecPrepared(connection, "insert", PARAMETER_COUNT, values, NULL, NULL, 0);
    bool stored = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!stored && PQstatus(connection) != CONNECTION_OK)
        floor_die(PQerrorMessage(connection));
    PQclear(result);
    return stored;
}

static void *run(void *argument)
{
    for (;;) {
        struct request *request = floor_take(1);
        request->is_kept = insert(argument, request);
        floor_hand_back(request);
    }
    return NULL;
}

/* What the leads of the load generator refer to. */
static const char referred[] =
    "INSERT INTO lead_type (id, organization_id, name, created_us, modified_us) VALUES (123, 1, 'Bench', 0, "
    "0);"
    "INSERT INTO representative (id, organization_id, name, created_us) VALUES (456, 1, 'Bench', 0)";

static PGconn *open_connection(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        floor_die(PQerrorMessage(connection));
    return connection;
}

static void expect(PGconn *connection, PGresult *result)
{
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        floor_die(PQerrorMessage(connection));
    PQclear(result);
}

void floor_pg_start(const char *url, const char *sql)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        pthread_t thread;
        PGconn *connection = open_connection(url);
        if (i == 0) {
            expect(connection, PQexec(connection, sql));
            expect(connection, PQexec(connection, referred));
        }
        expect(connection, PQprepare(connection, "insert", FLOOR_INSERT, 0, NULL));
        if (pthread_create(&thread, NULL, run, connection) != 0)
            floor_die("cannot start a writer");
    }
}
