/* Readers: threads with read-only connections that run one job at a time, each on one snapshot. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_READER_H
#define INLET_STORE_READER_H

#include "link.h"

#include <pthread.h>

struct reader {
    struct queue *queue;
    struct link link;
    pthread_t thread;
    bool threaded;
};

struct readers {
    struct queue queue;
    struct links links;
    struct reader *readers;
    size_t count;
};

/* Starts COUNT threads. Their connections are opened first; all but one by the threads themselves where the engine is shared
 * and may be away at any time. On failure nothing is left, and *WHY has a sentence. */
NODISCARD enum err readers_open(struct readers *readers, struct db_target *target, size_t count,
                                size_t queue_max, struct buffer *why);

/* Whether one of them is connected. THREADS: any. */
bool readers_ready(struct readers *readers);

/* Finishes what waits, ends the threads, closes the sessions. Fine after a failed open, and twice. */
void readers_close(struct readers *readers);

/* Runs one job now, on the caller's thread, over a connection of its own. done is not called. */
NODISCARD enum err readers_run(struct db_target *target, struct job *job);

#endif
