/* Two lists under one lock, and an eventfd to wake who drains them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inbox.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum err inbox_init(struct inbox *inbox)
{
    *inbox = (struct inbox){.event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    if (inbox->event_fd < 0)
        return ERR_SYSTEM;
    if (pthread_mutex_init(&inbox->mutex, NULL) != 0) {
        close(inbox->event_fd);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

void inbox_done(struct inbox *inbox)
{
    close(inbox->event_fd);
    pthread_mutex_destroy(&inbox->mutex);
}

void inbox_wake(struct inbox *inbox)
{
    uint64_t one = 1;
    ssize_t ignored =
        write(inbox->event_fd, &one, sizeof(one)); /* fails only when it is readable 2^64 times */
    (void)ignored;
}

/* Wakes with the mutex held: once it is free the worker may take the last job, end, and the eventfd with it.
 */
static void finish_push(struct inbox *inbox)
{
    if (!inbox->full)
        inbox_wake(inbox);
    inbox->full = true;
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_push_connection(struct inbox *inbox, struct connection *connection)
{
    connection->next = NULL;
    pthread_mutex_lock(&inbox->mutex);
    if (inbox->last_connection)
        inbox->last_connection->next = connection;
    else
        inbox->first_connection = connection;
    inbox->last_connection = connection;
    finish_push(inbox);
}

void inbox_push_job(struct inbox *inbox, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&inbox->mutex);
    if (inbox->last_job)
        inbox->last_job->next = job;
    else
        inbox->first_job = job;
    inbox->last_job = job;
    finish_push(inbox);
}

void inbox_drain(struct inbox *inbox, struct connection **ret_connections, struct job **ret_jobs)
{
    /* First the eventfd, then the lists: what is pushed in between wakes us once more for nothing, never too
     * little. */
    uint64_t count;
    ssize_t ignored = read(inbox->event_fd, &count, sizeof(count));
    (void)ignored;
    pthread_mutex_lock(&inbox->mutex);
    *ret_connections = inbox->first_connection;
    *ret_jobs = inbox->first_job;
    inbox->first_connection = inbox->last_connection = NULL;
    inbox->first_job = inbox->last_job = NULL;
    inbox->full = false;
    pthread_mutex_unlock(&inbox->mutex);
}
