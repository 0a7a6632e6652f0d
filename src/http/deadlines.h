/* Deadlines of connections: what is due next, in constant time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_DEADLINES_H
#define INLET_SRC_HTTP_DEADLINES_H

#include "connection.h"
#include "inlet/http/server.h"

/* DESIGN. One list per kind of deadline. All of a kind have the same length of time, so that each list is
 * ordered by appending to its end, and its head is the next one due: no heap, no scan of thousands of
 * connections. */
struct deadlines {
    int64_t duration_us[DEADLINE_COUNT];
    struct connection *first[DEADLINE_COUNT], *last[DEADLINE_COUNT];
};

void deadlines_init(struct deadlines *deadlines, const struct http_limits *limits);

/* Gives CONNECTION a deadline of KIND, counted from NOW_US; DEADLINE_NONE takes it off. A new connection has
 * to have deadline DEADLINE_NONE. */
void deadlines_set(struct deadlines *deadlines, struct connection *connection, enum deadline kind,
                   int64_t now_us);

/* The earliest one; INT64_MAX when there is none. */
int64_t deadlines_next_us(const struct deadlines *deadlines);

/* Takes off a connection that is overdue at NOW_US; NULL: none. */
struct connection *deadlines_take_due(struct deadlines *deadlines, int64_t now_us);

#endif
