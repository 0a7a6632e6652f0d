/* A unit of database work, opaque to whoever hands it in and to whoever runs it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_JOB_H
#define INLET_BASE_JOB_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"

#include <stdbool.h>

struct session;

/*
 * Embedded in what it works for. OWNERSHIP: from a successful submit until done is called the job belongs to the lane;
 * done is called exactly once, and hands it back.
 */
struct job {
    struct job *next; /* the owner's list */

    /* On a lane's thread, inside a transaction (writes: in a savepoint of its own). An error rolls back what this job
     * did and nothing else. Bounded work, no waiting. May be called again when the transaction has to be repeated, so
     * it must not keep what an earlier run left behind. */
    enum err (*run)(struct session *session, struct job *job);

    /* On a lane's thread. ERR_OK only after COMMIT has returned: what was written is on disk. Otherwise the error of
     * run or of the transaction. */
    void (*done)(struct job *job, enum err error);
};

/* Where jobs are handed in. Submitting never blocks: ERR_QUEUE_FULL or ERR_CLOSED, and the job stays the caller's. */
struct dispatcher {
    void *context;
    NODISCARD enum err (*submit_write)(void *context, struct job *job);
    NODISCARD enum err (*submit_read)(void *context, struct job *job);

    /* A primary-key look-up: where the engine answers one without waiting (SQLite), runs it now on this thread, with a
     * session of this thread, puts the error of run into *RET_ERROR and returns true; done is not called. Otherwise
     * false, and the caller submits it as a read. */
    bool (*lookup)(void *context, struct job *job, enum err *ret_error);
};

#endif
