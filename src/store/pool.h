/* The pool: threads that write at the same time, each over a connection of its own, one job in a transaction. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_POOL_H
#define INLET_STORE_POOL_H

#include "lane.h"
#include "link.h"

#include <pthread.h>

struct pool_thread;

struct pool {
    struct lane lane;
    struct links links;
    struct pool_thread *threads;
    size_t count;
    atomic_int_fast64_t next_hourly_us; /* monotonic */
    atomic_bool probing;                /* a thread finds out whether writing works */
};

/* Takes SESSION over, in any case: it is the first of COUNT connections, and the one that lane_run uses. The others are
 * opened by their threads. From then on the pool is used and closed as a lane: its state tells that nobody can write. */
NODISCARD enum err pool_open(struct pool *pool, struct db_target *target, struct session *session,
                             size_t queue_max, size_t count);

/* Whether one of them is connected; while all look for what became of their COMMITs, that is all there is to see of an
 * outage. THREADS: any. */
bool pool_connected(const struct pool *pool);

#endif
