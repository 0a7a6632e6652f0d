/* A worker: an event thread with its engine, its inbox and its connections. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_WORKER_H
#define INLET_SRC_HTTP_WORKER_H

#include "admission.h"
#include "deadlines.h"
#include "engine.h"
#include "inbox.h"
#include "machine.h"

#include <pthread.h>

/* THREADS: everything but the inbox and drain_until_us is the worker's own. */
struct worker {
    struct machine *machine;
    struct admission *admission;
    struct inbox inbox;
    struct engine *engine;
    pthread_t thread;
    struct deadlines deadlines;
    struct connection *arriving; /* handed to the engine, not yet opened */
    size_t connections;          /* opened */
    int64_t now_us;              /* monotonic, read once per turn */
    bool draining;
    bool cut;                           /* the grace is over */
    atomic_int_fast64_t drain_until_us; /* 0: go on; otherwise finish by then */
};

/* Starts the thread; it is ready when this returns. ERR_SYSTEM, ERR_MEMORY. */
NODISCARD enum err worker_start(struct worker *worker, size_t index, struct machine *machine,
                                struct admission *admission);

/* Asks it to finish until a monotonic time; then waits for it. Nothing is pushed from outside between the two
 * but calls that come back from lanes. */
void worker_drain(struct worker *worker, int64_t until_us);
void worker_stop(struct worker *worker);

/* What the engine tells, on the worker's thread. */
struct connection *worker_opened(struct worker *worker, int fd); /* NULL: not one of ours */
void worker_closed(struct worker *worker, struct connection *connection);
void worker_expects(struct connection *connection, enum deadline deadline);

/* The call is back, on a lane's thread: for exchange->returned. */
void worker_returned(struct exchange *exchange);

#endif
