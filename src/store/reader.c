/* Runs read jobs, each inside one read transaction. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

/* Without work for so long, a thread looks whether its connection is still there, where it can be lost. */
#define IDLE_MS      1000
#define FILE_IDLE_MS 3600000

static enum err run_once(struct link *link, struct job *job)
{
    struct session *session = link->session;
    session_start_job(session);
    enum err error = db_begin(session->db);
    if (error == ERR_OK)
        error = job->run(session, job);
    if (err_kind(error) == ERR_KIND_OURS)
        session_log_failure(session, "a read failed", error);
    /* Nothing was written, so giving up ends a transaction as well as COMMIT, from every state. */
    enum err ended = session_abandon(session);
    return error == ERR_OK ? ended : error;
}

/* Reading can be repeated: what a lost connection cut short is run again over a new one, once. */
static enum err run_job(struct link *link, struct job *job)
{
    enum err error = ERR_OK;
    for (int run = 0; run < 2; run++) {
        TRY(link_ready(link, false));
        error = run_once(link, job);
        link_check(link);
        if (link->session) {
            link_prove(link);
            break;
        }
    }
    return error;
}

static bool is_shared(const struct link *link)
{
    return link->links->target->driver->shared;
}

/* So that the number of those that are connected can be believed. */
static void rest(struct link *link)
{
    link_idle(link);
    if (link->session && is_shared(link) && db_chore(link->session->db, DB_IDLE) != ERR_OK)
        link_recover(link);
    link_check(link);
}

static void run_thread(void *argument)
{
    struct reader *reader = argument;
    struct link *link = &reader->link;
    int idle_ms = is_shared(link) ? IDLE_MS : FILE_IDLE_MS;
    for (;;) {
        bool closed;
        struct job *job = link_take(link, reader->queue, idle_ms, &closed);
        if (!job && closed)
            return;
        if (!job) {
            rest(link);
            continue;
        }
        enum err error = run_job(link, job);
        job->done(job, error);
    }
}

/* Where the engine is shared, and can be away at any time, the first one is enough to begin with, and can do without. */
static enum err open_session(const struct readers *readers, bool first, struct session **ret_session,
                             struct buffer *why)
{
    struct db_target *target = readers->links.target;
    if (!target->driver->shared)
        return session_open(target, DB_READ, ret_session, why);
    struct buffer ignored CLEANUP(buffer_done) = BUFFER_INIT(2048);
    if (!first || session_open(target, DB_READ, ret_session, &ignored) != ERR_OK)
        *ret_session = NULL;
    return ERR_OK;
}

static enum err open_one(struct readers *readers, struct reader *reader, struct buffer *why)
{
    struct session *session;
    TRY(open_session(readers, reader == readers->readers, &session, why));
    reader->queue = &readers->queue;
    link_init(&reader->link, &readers->links, session);
    TRY(thread_start(&reader->thread, "reader", run_thread, reader));
    reader->threaded = true;
    return ERR_OK;
}

enum err readers_open(struct readers *readers, struct db_target *target, size_t count, size_t queue_max,
                      struct buffer *why)
{
    *readers = (struct readers){.readers = mem_zero(count, sizeof(*readers->readers))};
    enum err error = readers->readers ? queue_init(&readers->queue, queue_max) : ERR_MEMORY;
    if (error != ERR_OK) {
        mem_free(TAKE(readers->readers));
        return error;
    }
    links_init(&readers->links, target, DB_READ, "readers", count);
    readers->count = count;
    for (size_t i = 0; i < count && error == ERR_OK; i++)
        error = open_one(readers, &readers->readers[i], why);
    if (error != ERR_OK)
        readers_close(readers);
    return error;
}

bool readers_ready(struct readers *readers)
{
    return atomic_load(&readers->links.connected) > 0;
}

void readers_close(struct readers *readers)
{
    if (!readers->readers)
        return;
    queue_close(&readers->queue);
    atomic_store(&readers->links.closing, true);
    for (size_t i = 0; i < readers->count; i++) {
        if (readers->readers[i].threaded)
            thread_join(readers->readers[i].thread);
        link_done(&readers->readers[i].link);
    }
    queue_done(&readers->queue);
    mem_free(TAKE(readers->readers));
}

enum err readers_run(struct db_target *target, struct job *job)
{
    struct links links;
    struct link link;
    links_init(&links, target, DB_READ, "reader", 1);
    link_init(&link, &links, NULL);
    enum err error = run_job(&link, job);
    link_done(&link);
    return error;
}
