/* Runs jobs on many connections at once; the server groups their commits. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include "attempt.h"
#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"
#include "receipt.h"

/* Without work for so long, a thread looks whether its connection is still there. */
#define IDLE_MS 1000
#define HOUR_US INT64_C(3600000000)
/* The client waits for as long; more would only make it give up first. */
#define DOUBT_US INT64_C(30000000)

/* A transaction takes milliseconds. */
#define SLOW_US INT64_C(3000000)

struct pool_thread {
    struct pool *pool;
    struct link link;
    pthread_t thread;
    bool started;
};

static const struct lane_kind pool_lane;

static struct pool *pool_of(struct lane *lane)
{
    return CONTAINER_OF(lane, struct pool, lane);
}

enum err pool_open(struct pool *pool, struct db_target *target, struct session *session, size_t queue_max,
                   size_t count)
{
    *pool = (struct pool){.lane.kind = &pool_lane, .count = count};
    links_init(&pool->links, target, DB_WRITE, "writers", count);
    pool->links.doubt_us = DOUBT_US;
    /* Processes that were started together do not tidy up together. */
    atomic_store(&pool->next_hourly_us, clock_monotonic_us() + link_jitter(HOUR_US));
    pool->threads = mem_zero(count, sizeof(*pool->threads));
    enum err error = pool->threads ? queue_init(&pool->lane.queue, queue_max) : ERR_MEMORY;
    if (error != ERR_OK) {
        mem_free(pool->threads);
        session_close(session);
        return error;
    }
    for (size_t i = 0; i < count; i++) {
        pool->threads[i].pool = pool;
        link_init(&pool->threads[i].link, &pool->links, i == 0 ? session : NULL);
    }
    return ERR_OK;
}

bool pool_connected(const struct pool *pool)
{
    return atomic_load(&pool->links.connected) > 0;
}

/* Whether ERROR says something about all writing, and not about one job. */
static bool stops_writing(const struct pool *pool, enum err error)
{
    if (error == ERR_CONNECTION || error == ERR_COMMIT_UNKNOWN)
        return !pool_connected(pool);
    return error == ERR_DISK_FULL || error == ERR_READ_ONLY || error == ERR_IO;
}

/* A job, or none: a probe. */
static enum err attempt(struct pool_thread *thread, struct job *job)
{
    struct pool *pool = thread->pool;
    lane_begin(&pool->lane);
    enum err error = attempt_job(&thread->link, job);
    lane_end(&pool->lane);
    if (error == ERR_OK || stops_writing(pool, error))
        lane_note(&pool->lane, error, thread->link.words);
    if (error == ERR_OK)
        atomic_fetch_add(&pool->lane.commits, 1);
    return error;
}

static void serve(struct pool_thread *thread, struct job *job)
{
    enum err error = attempt(thread, job);
    atomic_fetch_add(&thread->pool->lane.jobs, 1);
    job->done(job, error);
}

static void rest(struct pool_thread *thread)
{
    struct link *link = &thread->link;
    struct pool *pool = thread->pool;
    link_idle(link);
    if (link->session && db_chore(link->session->db, DB_IDLE) != ERR_OK)
        link_recover(link);
    link_check(link);
    if (!link->session && stops_writing(pool, ERR_CONNECTION))
        lane_note(&pool->lane, ERR_CONNECTION, link->words);
    /* No client is sent here any more: somebody has to find out when writing works again. And where the others have been at it
     * for long, whether it is their rows or everything: then this one gets stuck, too, and no further one. */
    bool refused = atomic_load(&pool->lane.state) != ERR_OK;
    if (link->session && (refused || lane_stuck_us(&pool->lane) > SLOW_US) &&
        !atomic_exchange(&pool->probing, true)) {
        (void)attempt(thread, NULL);
        atomic_store(&pool->probing, false);
    }
}

/* One thread of all, once an hour. What it cannot do now, it or another process does the next time. */
static void do_hourly(struct pool_thread *thread)
{
    struct link *link = &thread->link;
    int_fast64_t now_us = clock_monotonic_us(), next_us = atomic_load(&thread->pool->next_hourly_us);
    if (!link->session || now_us < next_us ||
        !atomic_compare_exchange_strong(&thread->pool->next_hourly_us, &next_us, now_us + HOUR_US))
        return;
    enum err error = receipt_purge(link->session);
    if (error == ERR_OK)
        error = db_chore(link->session->db, DB_HOURLY);
    if (error == ERR_OK)
        return;
    link_recover(link);
    if (error != ERR_BUSY)
        LOG(LOG_WARNING, "cannot tidy up the database", LOG_TEXT_FIELD("error", slice_from(err_text(error))),
            LOG_TEXT_FIELD("engine", slice_from(link->words)));
}

static void run_thread(void *argument)
{
    struct pool_thread *thread = argument;
    for (;;) {
        bool closed;
        struct job *job = link_take(&thread->link, &thread->pool->lane.queue, IDLE_MS, &closed);
        if (job)
            serve(thread, job);
        else if (closed)
            return;
        else
            rest(thread);
        do_hourly(thread);
    }
}

static enum err start(struct lane *lane)
{
    struct pool *pool = pool_of(lane);
    for (size_t i = 0; i < pool->count; i++) {
        struct pool_thread *thread = &pool->threads[i];
        TRY(thread_start(&thread->thread, "writer", run_thread, thread));
        thread->started = true;
    }
    return ERR_OK;
}

static void run_here(struct lane *lane, struct job *job)
{
    serve(&pool_of(lane)->threads[0], job);
}

static void close_all(struct lane *lane)
{
    struct pool *pool = pool_of(lane);
    queue_close(&lane->queue);
    atomic_store(&pool->links.closing, true);
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->threads[i].started)
            thread_join(pool->threads[i].thread);
    }
    for (size_t i = 0; i < pool->count; i++)
        link_done(&pool->threads[i].link);
    queue_done(&lane->queue);
    mem_free(pool->threads);
}

static const struct lane_kind pool_lane = {.start = start, .run = run_here, .close = close_all};
