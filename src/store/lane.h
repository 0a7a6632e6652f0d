/* The lane that writes take: one queue, a few figures, and a kind of threads behind it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_LANE_H
#define INLET_STORE_LANE_H

#include "inlet/base/job.h"
#include "inlet/base/queue.h"

#include <stdatomic.h>
#include <stdint.h>

struct lane;

/* The writer (writer.h): one thread, many jobs in a transaction. The pool (pool.h): many threads, a job in each. */
struct lane_kind {
    NODISCARD enum err (*start)(struct lane *lane);
    void (*run)(struct lane *lane, struct job *job);
    void (*close)(struct lane *lane);
};

/* THREADS: everybody's. */
struct lane {
    const struct lane_kind *kind;
    struct queue queue;
    _Atomic(enum err) state; /* why writing does not work, ERR_OK when it does */
    atomic_uint_fast64_t commits, jobs;
    atomic_int_fast64_t under_way; /* transactions that have begun and not ended */
    atomic_int_fast64_t
        moved_us; /* monotonic: when the last one ended, or the first of those under way began */
};

/* Around every transaction. */
void lane_begin(struct lane *lane);
void lane_end(struct lane *lane);

/* For how long transactions have been under way without any of them ending; 0: none is. What waits for a disk, a lock or
 * a standby that does not come back shows here long before it fails. */
int64_t lane_stuck_us(struct lane *lane);

/* Starts its threads. On failure lane_close is still to be called. */
NODISCARD static inline enum err lane_start(struct lane *lane)
{
    return lane->kind->start(lane);
}

/* Runs one job now, on the caller's thread: only without threads. Calls done. */
static inline void lane_run(struct lane *lane, struct job *job)
{
    lane->kind->run(lane, job);
}

/* Finishes what waits, ends the threads, tidies up and closes the connections. */
static inline void lane_close(struct lane *lane)
{
    lane->kind->close(lane);
}

/* How the last transaction ended. Says once that writing fails, with the engine's WORDS, and once that it works again. */
void lane_note(struct lane *lane, enum err error, const char *words);

#endif
