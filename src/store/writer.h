/* The writer: the only connection that writes, and the thread that owns it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_WRITER_H
#define INLET_STORE_WRITER_H

#include "lane.h"
#include "session.h"

#include <pthread.h>

/* THREADS: the session belongs to the writer's thread once it runs, before and after to whoever opened the writer. */
struct writer {
    struct lane lane;
    struct db_target *target;
    struct session *session;
    enum err *errors; /* of the jobs of the running batch */
    size_t batch_max;
    pthread_t thread;
    bool threaded;
    bool suspect;           /* the connection met an error that only a new one is sure to be free of */
    int64_t next_hourly_us; /* monotonic */
};

/* Takes SESSION over, in any case. From then on it is used and closed as a lane: its state is that of the last
 * transaction. */
NODISCARD enum err writer_open(struct writer *writer, struct db_target *target, struct session *session,
                               size_t queue_max, size_t batch_max);

#endif
