/* Readers: threads with read-only connections that run one job at a time, each on one snapshot. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_READER_H
#define INLET_STORE_READER_H

#include "inlet/base/queue.h"
#include "session.h"

#include <pthread.h>

struct reader {
    struct queue *queue;
    struct session *session;
    pthread_t thread;
    bool threaded;
};

struct readers {
    struct queue queue;
    struct reader *readers;
    size_t count;
};

/* Opens COUNT sessions and starts their threads. On failure nothing is left, and *WHY has a sentence. */
NODISCARD enum err readers_open(struct readers *readers, struct db_target *target, size_t count,
                                size_t queue_max, struct buffer *why);

/* Finishes what waits, ends the threads, closes the sessions. Fine after a failed open, and twice. */
void readers_close(struct readers *readers);

#endif
