/* The writer: the only connection that writes, and the thread that owns it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_WRITER_H
#define INLET_STORE_WRITER_H

#include "inlet/base/job.h"
#include "inlet/base/queue.h"
#include "session.h"

#include <pthread.h>
#include <stdatomic.h>

/* THREADS: the session belongs to the writer's thread once it runs, before and after to whoever opened the writer;
 * the queue and the figures to everybody. */
struct writer {
    struct db_target *target;
    struct session *session;
    struct queue queue;
    enum err *errors; /* of the jobs of the running batch */
    size_t batch_max;
    pthread_t thread;
    bool threaded;
    bool suspect;           /* the connection met an error that only a new one is sure to be free of */
    int64_t next_hourly_us; /* monotonic */

    _Atomic(enum err) state; /* of the last transaction */
    atomic_uint_fast64_t commits, jobs;
};

/* Takes SESSION over, in any case. */
NODISCARD enum err writer_open(struct writer *writer, struct db_target *target, struct session *session,
                               size_t queue_max, size_t batch_max);

/* Starts the thread. */
NODISCARD enum err writer_start(struct writer *writer);

/* Finishes what waits, ends the thread, checkpoints and closes. */
void writer_close(struct writer *writer);

/* Runs one job now, on the caller's thread: only without a thread. Calls done. */
void writer_run(struct writer *writer, struct job *job);

#endif
