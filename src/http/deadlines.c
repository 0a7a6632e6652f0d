/* Lists of connections, ordered by when something has to have happened. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "deadlines.h"

void deadlines_init(struct deadlines *deadlines, const struct http_limits *limits)
{
    const int64_t header_us = (int64_t)limits->header_timeout_ms * 1000;
    const int64_t body_us = (int64_t)limits->body_timeout_ms * 1000;
    *deadlines = (struct deadlines){0};
    /* We do not see the first byte of a request, only its first line. A connection without any byte is closed
     * by the engine, so whoever is here after both times has been dripping bytes. */
    deadlines->duration_us[DEADLINE_IDLE] = (int64_t)limits->idle_timeout_s * 1000000 + header_us;
    deadlines->duration_us[DEADLINE_HEADER] = header_us;
    deadlines->duration_us[DEADLINE_BODY] = body_us;
    deadlines->duration_us[DEADLINE_ANSWER] = body_us;
}

static void take_off(struct deadlines *deadlines, struct connection *connection)
{
    enum deadline kind = connection->deadline;
    if (kind == DEADLINE_NONE)
        return;
    if (connection->before)
        connection->before->after = connection->after;
    else
        deadlines->first[kind] = connection->after;
    if (connection->after)
        connection->after->before = connection->before;
    else
        deadlines->last[kind] = connection->before;
    connection->before = connection->after = NULL;
    connection->deadline = DEADLINE_NONE;
}

void deadlines_set(struct deadlines *deadlines, struct connection *connection, enum deadline kind,
                   int64_t now_us)
{
    take_off(deadlines, connection);
    if (kind == DEADLINE_NONE)
        return;
    connection->deadline = kind;
    connection->deadline_us = now_us + deadlines->duration_us[kind];
    connection->before = deadlines->last[kind];
    if (connection->before)
        connection->before->after = connection;
    else
        deadlines->first[kind] = connection;
    deadlines->last[kind] = connection;
}

int64_t deadlines_next_us(const struct deadlines *deadlines)
{
    int64_t next_us = INT64_MAX;
    for (enum deadline kind = 0; kind < DEADLINE_COUNT; kind++)
        if (deadlines->first[kind] && deadlines->first[kind]->deadline_us < next_us)
            next_us = deadlines->first[kind]->deadline_us;
    return next_us;
}

struct connection *deadlines_take_due(struct deadlines *deadlines, int64_t now_us)
{
    for (enum deadline kind = 0; kind < DEADLINE_COUNT; kind++) {
        struct connection *first = deadlines->first[kind];
        if (first && first->deadline_us <= now_us) {
            take_off(deadlines, first);
            return first;
        }
    }
    return NULL;
}
