/* A bounded queue of jobs between threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_QUEUE_H
#define INLET_BASE_QUEUE_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/job.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Many threads push, one or many take. Every wait is for an event, never for time. */
struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct job *first, *last;
    size_t length, max;
    unsigned waiting; /* takers asleep: a push signals only when there is one */
    bool closed;
};

NODISCARD enum err queue_init(struct queue *queue, size_t max);
void queue_done(struct queue *queue);

/* ERR_QUEUE_FULL, ERR_CLOSED: the job stays the caller's. */
NODISCARD enum err queue_push(struct queue *queue, struct job *job);

/* Waits for work and takes up to MOST jobs, oldest first, as a list by job->next. NULL: closed and empty. */
struct job *queue_take(struct queue *queue, size_t most, size_t *ret_count);

/* As queue_take, but waits for TIMEOUT_MS at most; *RET_CLOSED tells an end from an idle NULL. */
struct job *queue_take_timed(struct queue *queue, size_t most, int timeout_ms, size_t *ret_count,
                             bool *ret_closed);

/* No push succeeds any more; takers get what is left, then NULL. */
void queue_close(struct queue *queue);

/* How many wait now. */
size_t queue_length(struct queue *queue);

#endif
