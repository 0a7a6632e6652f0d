/* Runs read jobs, each inside one read transaction. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

static enum err run_job(struct session *session, struct job *job)
{
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

static void run_thread(void *argument)
{
    struct reader *reader = argument;
    for (;;) {
        size_t count;
        struct job *job = queue_take(reader->queue, 1, &count);
        if (!job)
            return;
        enum err error = run_job(reader->session, job);
        job->done(job, error);
    }
}

static enum err open_one(struct reader *reader, struct queue *queue, struct db_target *target,
                         struct buffer *why)
{
    reader->queue = queue;
    TRY(session_open(target, DB_READ, &reader->session, why));
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
    readers->count = count;
    for (size_t i = 0; i < count && error == ERR_OK; i++)
        error = open_one(&readers->readers[i], &readers->queue, target, why);
    if (error != ERR_OK)
        readers_close(readers);
    return error;
}

void readers_close(struct readers *readers)
{
    if (!readers->readers)
        return;
    queue_close(&readers->queue);
    for (size_t i = 0; i < readers->count; i++) {
        if (readers->readers[i].threaded)
            thread_join(readers->readers[i].thread);
        session_close(readers->readers[i].session);
    }
    queue_done(&readers->queue);
    mem_free(TAKE(readers->readers));
}
