/* The bounded queue: one mutex, one condition, lists moved as a whole. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/queue.h"

#include <errno.h>
#include <time.h>

enum err queue_init(struct queue *queue, size_t max)
{
    *queue = (struct queue){.max = max};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&queue->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    if (failed)
        return ERR_SYSTEM;
    if (pthread_mutex_init(&queue->mutex, NULL) != 0) {
        pthread_cond_destroy(&queue->filled);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

void queue_done(struct queue *queue)
{
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
}

enum err queue_push(struct queue *queue, struct job *job)
{
    enum err error = ERR_OK;
    pthread_mutex_lock(&queue->mutex);
    if (queue->closed) {
        error = ERR_CLOSED;
    } else if (queue->length >= queue->max) {
        error = ERR_QUEUE_FULL;
    } else {
        job->next = NULL;
        if (queue->last)
            queue->last->next = job;
        else
            queue->first = job;
        queue->last = job;
        queue->length++;
    }
    bool wake = error == ERR_OK && queue->waiting > 0;
    pthread_mutex_unlock(&queue->mutex);
    if (wake)
        pthread_cond_signal(&queue->filled);
    return error;
}

/* With the mutex held. */
static struct job *take_list(struct queue *queue, size_t most, size_t *ret_count)
{
    struct job *first = queue->first, *last = first;
    size_t count = 0;
    for (struct job *job = first; job && count < most; job = job->next) {
        last = job;
        count++;
    }
    if (first) {
        queue->first = last->next;
        if (!queue->first)
            queue->last = NULL;
        last->next = NULL;
        queue->length -= count;
    }
    *ret_count = count;
    return first;
}

struct job *queue_take(struct queue *queue, size_t most, size_t *ret_count)
{
    pthread_mutex_lock(&queue->mutex);
    queue->waiting++;
    while (!queue->first && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->mutex);
    queue->waiting--;
    struct job *list = take_list(queue, most, ret_count);
    pthread_mutex_unlock(&queue->mutex);
    return list;
}

struct job *queue_take_timed(struct queue *queue, size_t most, int timeout_ms, size_t *ret_count,
                             bool *ret_closed)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&queue->mutex);
    queue->waiting++;
    int expired = 0;
    while (!queue->first && !queue->closed && expired != ETIMEDOUT)
        expired = pthread_cond_timedwait(&queue->filled, &queue->mutex, &until);
    queue->waiting--;
    struct job *list = take_list(queue, most, ret_count);
    *ret_closed = queue->closed;
    pthread_mutex_unlock(&queue->mutex);
    return list;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_broadcast(&queue->filled);
}

size_t queue_length(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t length = queue->length;
    pthread_mutex_unlock(&queue->mutex);
    return length;
}
