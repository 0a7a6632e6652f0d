/* A worker's inbox: new connections from the acceptor, finished calls from the lanes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_INBOX_H
#define INLET_SRC_HTTP_INBOX_H

#include "connection.h"
#include "inlet/base/job.h"

#include <pthread.h>

/* THREADS: any may push, the worker drains. One wake per batch: the eventfd is written when the inbox stops
 * being empty. */
struct inbox {
    pthread_mutex_t mutex;
    int event_fd; /* readable: there is something */
    bool full;    /* something was pushed since the last drain */
    struct connection *first_connection, *last_connection;
    struct job *first_job, *last_job;
};

NODISCARD enum err inbox_init(struct inbox *inbox);
void inbox_done(struct inbox *inbox);

void inbox_push_connection(struct inbox *inbox, struct connection *connection);
void inbox_push_job(struct inbox *inbox, struct job *job);

/* Wakes the worker for a reason that is told elsewhere. */
void inbox_wake(struct inbox *inbox);

/* Detaches everything, oldest first. */
void inbox_drain(struct inbox *inbox, struct connection **ret_connections, struct job **ret_jobs);

#endif
