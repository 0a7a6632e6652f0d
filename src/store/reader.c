/* Runs read jobs, each inside one read transaction. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

/* A thread that is connected has nothing to do without a job. */
#define IDLE_MS 3600000

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

static void run_thread(void *argument)
{
    struct reader *reader = argument;
    for (;;) {
        bool closed;
        struct job *job = link_take(&reader->link, reader->queue, IDLE_MS, &closed);
        if (!job && closed)
            return;
        if (!job) {
            link_idle(&reader->link);
            continue;
        }
        enum err error = run_job(&reader->link, job);
        job->done(job, error);
    }
}

static enum err open_one(struct readers *readers, struct reader *reader, struct buffer *why)
{
    struct session *session = NULL;
    if (!readers->links.target->driver->shared)
        TRY(session_open(readers->links.target, DB_READ, &session, why));
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
