/* The event loop: waits, takes what came in, lets the engine work, closes what is overdue. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * DESIGN. The loop is ours because libmicrohttpd 0.9.75's own one stalls when a multiple of 128 descriptors
 * is ready at once: it waits again with the same timeout while events lie unprocessed. Driven from outside it
 * never waits.
 */

void worker_expects(struct connection *connection, enum deadline deadline)
{
    struct worker *worker = connection->worker;
    if (deadline == DEADLINE_IDLE && worker->draining)
        shutdown(connection->fd, SHUT_RDWR); /* it has had its answer */
    deadlines_set(&worker->deadlines, connection, deadline, worker->now_us);
}

struct connection *worker_opened(struct worker *worker, int fd)
{
    for (struct connection **link = &worker->arriving; *link; link = &(*link)->next) {
        struct connection *connection = *link;
        if (connection->fd != fd)
            continue;
        *link = connection->next;
        connection->next = NULL;
        worker->connections++;
        deadlines_set(&worker->deadlines, connection, DEADLINE_IDLE, worker->now_us);
        return connection;
    }
    return NULL;
}

static void forget(struct worker *worker, struct connection *connection)
{
    admission_leave(worker->admission, connection);
    mem_free(connection);
}

void worker_closed(struct worker *worker, struct connection *connection)
{
    deadlines_set(&worker->deadlines, connection, DEADLINE_NONE, 0);
    worker->connections--;
    forget(worker, connection);
}

void worker_returned(struct exchange *exchange)
{
    const struct connection *connection = exchange->connection;
    inbox_push_job(&connection->worker->inbox, &exchange->call.job);
}

static void take_in(struct worker *worker)
{
    struct connection *connections;
    struct job *jobs;
    inbox_drain(&worker->inbox, &connections, &jobs);
    while (jobs) {
        struct job *next = jobs->next;
        struct exchange *exchange = CONTAINER_OF(jobs, struct exchange, call.job);
        exchange_lane_ended(exchange, exchange->call.lane_error);
        engine_resume(worker->engine, exchange);
        jobs = next;
    }
    while (connections) {
        struct connection *next = connections->next;
        connections->next = worker->arriving;
        worker->arriving = connections;
        engine_add(worker->engine, connections);
        connections = next;
    }
}

static void work(struct worker *worker)
{
    engine_turn(worker->engine);
    /* Those that the engine did not take (it had no memory) it has closed. */
    while (worker->arriving) {
        struct connection *connection = worker->arriving;
        worker->arriving = connection->next;
        forget(worker, connection);
    }
}

static void sweep(struct worker *worker)
{
    struct connection *connection;
    /* The engine sees the end of the stream in its next turn and closes. */
    while ((connection = deadlines_take_due(&worker->deadlines, worker->now_us)))
        shutdown(connection->fd, SHUT_RDWR);
}

/* Closes all connections of which nothing is expected but a request; with everything, all that are not in a
 * lane. */
static void shut_down(struct worker *worker, bool everything)
{
    for (enum deadline kind = 0; kind < DEADLINE_COUNT; kind++)
        if (everything || kind == DEADLINE_IDLE)
            for (struct connection *at = worker->deadlines.first[kind]; at; at = at->after)
                shutdown(at->fd, SHUT_RDWR);
}

static void advance_drain(struct worker *worker)
{
    int64_t until_us = atomic_load(&worker->drain_until_us);
    if (until_us == 0)
        return;
    if (!worker->draining) {
        worker->draining = true;
        take_in(worker); /* what the acceptor has handed over at last; it has ended */
        work(worker);    /* requests that have arrived are answered */
        shut_down(worker, false);
    }
    if (worker->now_us >= until_us) {
        if (!worker->cut)
            LOG(LOG_WARNING, "closing connections before their answers are through",
                LOG_INTEGER_FIELD("connections", (int64_t)worker->connections));
        worker->cut = true;
        shut_down(worker, true);
    }
}

/* Milliseconds until something has to be done without any event; rounded up, or the loop would spin. */
static int wait_ms(struct worker *worker)
{
    int engine_ms = engine_timeout_ms(worker->engine);
    int64_t next_us = deadlines_next_us(&worker->deadlines);
    if (worker->draining && !worker->cut) {
        int64_t until_us = atomic_load(&worker->drain_until_us);
        next_us = until_us < next_us ? until_us : next_us;
    }
    if (next_us == INT64_MAX || engine_ms == 0)
        return engine_ms;
    int64_t left_ms = next_us > worker->now_us ? (next_us - worker->now_us + 999) / 1000 : 0;
    if (left_ms > 60000)
        left_ms = 60000;
    return engine_ms >= 0 && engine_ms < left_ms ? engine_ms : (int)left_ms;
}

static void turn(struct worker *worker)
{
    struct pollfd ready[] = {
        {.fd = engine_poll_fd(worker->engine), .events = POLLIN},
        {.fd = worker->inbox.event_fd, .events = POLLIN},
    };
    int count = poll(ready, ARRAY_LENGTH(ready), wait_ms(worker));
    worker->now_us = clock_monotonic_us();
    if (count > 0 && ready[1].revents)
        take_in(worker);
    work(worker);
    sweep(worker);
    advance_drain(worker);
}

struct start {
    struct worker *worker;
    enum err error;
    sem_t ready;
};

static void run(void *argument)
{
    struct start *start = argument;
    struct worker *worker = start->worker;
    worker->now_us = clock_monotonic_us();
    enum err error = engine_start(worker, &worker->machine->limits, &worker->engine);
    start->error = error;
    sem_post(&start->ready); /* START is gone from here on */
    if (error != ERR_OK)
        return;
    /* A connection whose call is in a lane is open, so that no lane can come back to an inbox that is gone.
     */
    while (!worker->draining || worker->connections > 0)
        turn(worker);
    worker->engine = engine_stop(worker->engine);
}

enum err worker_start(struct worker *worker, size_t index, struct machine *machine,
                      struct admission *admission)
{
    *worker = (struct worker){.machine = machine, .admission = admission};
    deadlines_init(&worker->deadlines, &machine->limits);
    TRY(inbox_init(&worker->inbox));
    char name[16];
    snprintf(name, sizeof(name), "http-%u", (unsigned)index % 1000);
    struct start start = {.worker = worker};
    sem_init(&start.ready, 0, 0);
    enum err error = thread_start(&worker->thread, name, run, &start);
    if (error == ERR_OK) {
        while (sem_wait(&start.ready) != 0 && errno == EINTR)
            ;
        error = start.error;
        if (error != ERR_OK)
            thread_join(worker->thread);
    }
    sem_destroy(&start.ready);
    if (error != ERR_OK)
        inbox_done(&worker->inbox);
    return error;
}

void worker_drain(struct worker *worker, int64_t until_us)
{
    atomic_store(&worker->drain_until_us, until_us);
    inbox_wake(&worker->inbox);
}

void worker_stop(struct worker *worker)
{
    thread_join(worker->thread);
    inbox_done(&worker->inbox);
}
