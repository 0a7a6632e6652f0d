/* Runs jobs in batches: one transaction, one sync, then everybody gets an answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

/* Without work for so long, the writer tidies up. */
#define IDLE_MS 1000
#define HOUR_US INT64_C(3600000000)

/* A batch whose jobs have run for so long is committed, and the others of it make the next one: the memory that finished
 * jobs hold, and the time the first of them waits, stay bounded however heavy the jobs are. */
#define BATCH_US 100000

static const struct lane_kind writer_lane;

static struct writer *writer_of(struct lane *lane)
{
    return CONTAINER_OF(lane, struct writer, lane);
}

enum err writer_open(struct writer *writer, struct db_target *target, struct session *session,
                     size_t queue_max, size_t batch_max)
{
    *writer = (struct writer){
        .lane.kind = &writer_lane,
        .target = target,
        .session = session,
        .batch_max = batch_max,
        .next_hourly_us = clock_monotonic_us() + HOUR_US,
    };
    writer->errors = mem_zero(batch_max, sizeof(*writer->errors));
    enum err error = writer->errors ? queue_init(&writer->lane.queue, queue_max) : ERR_MEMORY;
    if (error != ERR_OK) {
        mem_free(writer->errors);
        writer->session = session_close(session);
    }
    return error;
}

/* One job, in its savepoint. *RET_GONE: the whole transaction is, with the work of the jobs before. */
static enum err run_job(struct session *session, struct job *job, bool *ret_gone)
{
    struct lead_counter before = session->counter;
    session_start_job(session);
    enum err error = db_savepoint(session->db);
    if (error == ERR_OK)
        error = job->run(session, job);
    if (error == ERR_OK)
        error = db_release(session->db);
    *ret_gone = false;
    if (error == ERR_OK)
        return ERR_OK;
    if (err_kind(error) == ERR_KIND_OURS)
        session_log_failure(session, "a write failed", error);
    session->counter = before;
    *ret_gone = !db_in_transaction(session->db) || db_rollback_to(session->db) != ERR_OK;
    return error;
}

/* Writes something and takes it back: a row that keeps its value would not be written at all. */
static enum err write_probe(struct session *session)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_WRITE_PROBE, &statement));
    TRY(session_run(statement, NULL, NULL));
    db_reset(statement);
    return session_run(statement, NULL, NULL);
}

/* The transaction: on ERR_OK writer->errors tells how each job ended, otherwise nothing of it happened. Without jobs it
 * finds out whether there could be one. Jobs that the batch has no time for are cut off the list and become *RET_REST. */
static enum err run_transaction(struct writer *writer, struct job *first, struct job **ret_rest)
{
    struct session *session = writer->session;
    TRY(db_begin(session->db));
    if (!first)
        TRY(write_probe(session));
    int64_t until_us = clock_monotonic_us() + BATCH_US;
    size_t at = 0;
    for (struct job *job = first; job; job = job->next) {
        bool gone;
        writer->errors[at] = run_job(session, job, &gone);
        if (gone)
            return err_kind(writer->errors[at]) == ERR_KIND_CLIENT ? ERR_IO : writer->errors[at];
        at++;
        if (job->next && clock_monotonic_us() > until_us) {
            *ret_rest = job->next;
            job->next = NULL;
        }
    }
    return session_commit(session);
}

static void after_failure(struct writer *writer, enum err error)
{
    if (session_abandon(writer->session) != ERR_OK || error == ERR_IO || error == ERR_CORRUPT)
        writer->suspect = true;
}

/* A new connection in place of one that cannot be trusted; the old one stays when there is none to be had. */
static void replace_session(struct writer *writer)
{
    struct session *fresh;
    struct buffer why;
    buffer_init(&why, 1024);
    if (session_open(writer->target, DB_WRITE, &fresh, &why) == ERR_OK) {
        fresh->now_us = writer->session->now_us;
        session_close(writer->session);
        writer->session = fresh;
        writer->suspect = false;
    }
    buffer_done(&why);
}

/* A batch of jobs, or a probe. Returns the jobs that there was no time for. */
static struct job *run_batch(struct writer *writer, struct job *first)
{
    struct job *rest = NULL;
    if (writer->suspect)
        replace_session(writer);
    lane_begin(&writer->lane);
    enum err error = run_transaction(writer, first, &rest);
    lane_end(&writer->lane);
    lane_note(&writer->lane, error, db_error_text(writer->session->db));
    if (error == ERR_OK)
        atomic_fetch_add(&writer->lane.commits, 1);
    else
        after_failure(writer, error);
    size_t count = 0;
    while (first) {
        struct job *job = first;
        first = job->next; /* done gives the job away */
        job->done(job, error == ERR_OK ? writer->errors[count] : error);
        count++;
    }
    atomic_fetch_add(&writer->lane.jobs, count);
    return rest;
}

/* A chore that fails is tried again with the next occasion; what it fails of will show in a commit. */
static void do_chore(struct writer *writer, enum db_chore chore)
{
    enum err error = db_chore(writer->session->db, chore);
    if (error != ERR_OK && error != ERR_BUSY)
        session_log_failure(writer->session, "cannot tidy up the database", error);
}

static void do_hourly(struct writer *writer)
{
    int64_t now_us = clock_monotonic_us();
    if (now_us < writer->next_hourly_us)
        return;
    writer->next_hourly_us = now_us + HOUR_US;
    do_chore(writer, DB_HOURLY);
}

/* While writing fails, no client may be sent here any more: the writer finds out by itself when it works again. */
static void do_idle(struct writer *writer)
{
    if (atomic_load(&writer->lane.state) == ERR_OK) {
        do_chore(writer, DB_IDLE);
        return;
    }
    /* The log may be what fills the disk. Whether emptying it works shows in the probe. */
    enum err error = db_chore(writer->session->db, DB_IDLE);
    writer->suspect = writer->suspect || error == ERR_IO || error == ERR_CORRUPT;
    (void)run_batch(writer, NULL);
}

static void run_thread(void *argument)
{
    struct writer *writer = argument;
    for (;;) {
        size_t count;
        bool closed;
        struct job *first =
            queue_take_timed(&writer->lane.queue, writer->batch_max, IDLE_MS, &count, &closed);
        if (!first && closed)
            return;
        if (!first)
            do_idle(writer);
        while (first) {
            first = run_batch(writer, first);
            do_chore(writer, DB_AFTER_COMMIT);
        }
        do_hourly(writer);
    }
}

static enum err start(struct lane *lane)
{
    struct writer *writer = writer_of(lane);
    TRY(thread_start(&writer->thread, "writer", run_thread, writer));
    writer->threaded = true;
    return ERR_OK;
}

static void run_here(struct lane *lane, struct job *job)
{
    struct writer *writer = writer_of(lane);
    job->next = NULL;
    (void)run_batch(writer, job); /* one job leaves no rest */
    do_chore(writer, DB_AFTER_COMMIT);
}

static void close_all(struct lane *lane)
{
    struct writer *writer = writer_of(lane);
    queue_close(&lane->queue);
    if (writer->threaded)
        thread_join(writer->thread);
    do_chore(writer, DB_CLOSING);
    writer->session = session_close(writer->session);
    queue_done(&lane->queue);
    mem_free(writer->errors);
}

static const struct lane_kind writer_lane = {.start = start, .run = run_here, .close = close_all};
