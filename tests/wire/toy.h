/* A toy application for the HTTP server: endpoints of every kind, a dialect, and lanes without a database. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_WIRE_TOY_H
#define INLET_TESTS_WIRE_TOY_H

#include "inlet/base/queue.h"
#include "inlet/http/server.h"

#include <pthread.h>

/*
 * Paths (see toy.c): /hello/ answers at once; /echo/ gives the body back; /write/ and /read/ go through a
 * lane, /lookup/{id}/ inline; /guarded/ asks for "Authorization: Token good"; /broken/ and /busy/ fail in
 * their lane.
 */
extern const struct endpoint_table toy_tables[1];
extern const struct dialect *const toy_dialects[1];

/* A thread that runs jobs in batches, as the writer does. */
struct toy_lane {
    struct queue queue;
    struct dispatcher dispatcher;
    pthread_t thread;
    unsigned batch_delay_us; /* what a commit takes */
};

NODISCARD enum err toy_lane_start(struct toy_lane *lane, size_t queue_max, unsigned batch_delay_us);
void toy_lane_stop(struct toy_lane *lane);

/* Options for a server on a free loopback port: tables, dialects, lane. */
struct http_options toy_options(const struct toy_lane *lane);

#endif
