/* The writer: batches, savepoints, lost transactions, full disks. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include "fixture.h"

#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define JOBS 20

enum behaviour { INSERTS, FAILS, CONFLICTS, LOSES_TRANSACTION, COUNTS, INSERTS_MUCH };

/* What the jobs of one test share. */
struct bench {
    struct fixture fixture;
    struct writer writer;
    struct session *reader;
    sem_t finished;
};

struct sample {
    struct job job;
    struct bench *bench;
    int number;
    enum behaviour behaviour;
    int64_t counted, visible; /* by a COUNTS job; by another connection when done was called */
    enum err error;
    int runs, ends;
};

static int64_t count_with(struct session *session)
{
    struct lead_filter filter = {.organization_id = 1};
    int64_t count = -1;
    ck_assert_int_eq(store_lead_count(session, &filter, &count), ERR_OK);
    return count;
}

static enum err insert_nth(struct session *session, int number, size_t metadata_size)
{
    char phone[32];
    snprintf(phone, sizeof(phone), "+1%d", number);
    struct lead lead = sample_lead(phone, NULL);
    char *metadata = metadata_size ? calloc(1, metadata_size) : NULL;
    if (metadata)
        memset(metadata, 'x', metadata_size);
    lead.metadata = slice_of(metadata, metadata_size);
    int64_t id;
    enum err error = store_lead_insert(session, &lead, &id, NULL);
    free(metadata);
    return error;
}

static enum err run(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->runs++;
    if (sample->behaviour == COUNTS) {
        sample->counted = count_with(session);
        return ERR_OK;
    }
    TRY(insert_nth(session, sample->number, sample->behaviour == INSERTS_MUCH ? (size_t)4 << 20 : 0));
    switch (sample->behaviour) {
    case FAILS: return ERR_INVALID;
    case CONFLICTS:
        return db_execute(session->db, "INSERT INTO organization (id, name, created_us) VALUES (1, 'x', 1)");
    case LOSES_TRANSACTION: TRY(db_execute(session->db, "ROLLBACK")); return ERR_IO;
    case INSERTS:
    case COUNTS:
    case INSERTS_MUCH: break;
    }
    return ERR_OK;
}

static void done(struct job *job, enum err error)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->error = error;
    sample->ends++;
    sample->visible = count_with(sample->bench->reader);
    sem_post(&sample->bench->finished);
}

static void bench_init(struct bench *bench, size_t batch_max)
{
    fixture_init(&bench->fixture);
    sem_init(&bench->finished, 0, 0);
    struct session *session = bench->fixture.session;
    bench->fixture.session = NULL;
    ck_assert_int_eq(session_open(bench->fixture.target, DB_READ, &bench->reader, &bench->fixture.why),
                     ERR_OK);
    ck_assert_int_eq(writer_open(&bench->writer, bench->fixture.target, session, 1000, batch_max), ERR_OK);
}

static void bench_done(struct bench *bench)
{
    session_close(bench->reader);
    lane_close(&bench->writer.lane);
    sem_destroy(&bench->finished);
    fixture_done(&bench->fixture);
}

static void wait_for(struct bench *bench, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (sem_wait(&bench->finished) != 0)
            ;
    }
}

static void push(struct bench *bench, struct sample *sample, int number, enum behaviour behaviour)
{
    *sample = (struct sample){.job = {.run = run, .done = done},
                              .bench = bench,
                              .number = number,
                              .behaviour = behaviour,
                              .error = ERR_INTERNAL};
    ck_assert_int_eq(queue_push(&bench->writer.lane.queue, &sample->job), ERR_OK);
}

START_TEST(done_comes_after_the_commit_of_the_whole_batch)
{
    struct bench bench;
    struct sample samples[JOBS];
    bench_init(&bench, JOBS);
    for (int i = 0; i < JOBS; i++)
        push(&bench, &samples[i], i, INSERTS);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    wait_for(&bench, JOBS);
    for (int i = 0; i < JOBS; i++) {
        ck_assert_int_eq(samples[i].error, ERR_OK);
        ck_assert_int_eq(samples[i].ends, 1);
        ck_assert_int_eq(samples[i].visible, JOBS);
    }
    ck_assert_uint_eq(atomic_load(&bench.writer.lane.commits), 1);
    bench_done(&bench);
}
END_TEST

START_TEST(a_failing_job_harms_no_other)
{
    static const enum behaviour behaviours[] = {INSERTS, FAILS, INSERTS, CONFLICTS, INSERTS, COUNTS, INSERTS};
    static const enum err errors[] = {ERR_OK, ERR_INVALID, ERR_OK, ERR_CONFLICT, ERR_OK, ERR_OK, ERR_OK};
    struct bench bench;
    struct sample samples[ARRAY_LENGTH(behaviours)];
    bench_init(&bench, JOBS);
    for (size_t i = 0; i < ARRAY_LENGTH(behaviours); i++)
        push(&bench, &samples[i], (int)i, behaviours[i]);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    wait_for(&bench, ARRAY_LENGTH(behaviours));
    for (size_t i = 0; i < ARRAY_LENGTH(behaviours); i++)
        ck_assert_int_eq(samples[i].error, errors[i]);
    ck_assert_int_eq(samples[5].counted, 3);
    ck_assert_int_eq(count_with(bench.reader), 4);
    bench_done(&bench);
}
END_TEST

/* What an earlier job counted is written by a job that reads the count; when that one fails, it must not get lost. */
START_TEST(a_failing_job_that_counted_loses_no_count)
{
    struct bench bench;
    struct sample samples[3];
    bench_init(&bench, JOBS);
    push(&bench, &samples[0], 1, INSERTS);
    push(&bench, &samples[1], 2, CONFLICTS);
    push(&bench, &samples[2], 3, COUNTS);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    wait_for(&bench, 3);
    ck_assert_int_eq(samples[2].counted, 1);
    ck_assert_int_eq(count_with(bench.reader), 1);
    bench_done(&bench);
}
END_TEST

START_TEST(a_lost_transaction_is_everybodys)
{
    struct bench bench;
    struct sample samples[5];
    bench_init(&bench, JOBS);
    for (int i = 0; i < 5; i++)
        push(&bench, &samples[i], i, i == 2 ? LOSES_TRANSACTION : INSERTS);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    wait_for(&bench, 5);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(samples[i].error, ERR_IO);
        ck_assert_int_eq(samples[i].ends, 1);
    }
    ck_assert_int_eq(count_with(bench.reader), 0);
    struct sample after;
    push(&bench, &after, 9, INSERTS);
    wait_for(&bench, 1);
    ck_assert_int_eq(after.error, ERR_OK);
    ck_assert_int_eq(count_with(bench.reader), 1);
    ck_assert_int_eq(atomic_load(&bench.writer.lane.state), ERR_OK);
    bench_done(&bench);
}
END_TEST

static void limit_files(rlim_t size)
{
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static off_t size_of_log(const struct bench *bench)
{
    return (off_t)sqlite_driver.log_bytes(bench->fixture.target);
}

/* A limit on the size of files stands for a disk that is full: the system refuses the write in the middle of COMMIT. */
START_TEST(a_full_disk_is_survived)
{
    struct bench bench;
    struct sample samples[3];
    signal(SIGXFSZ, SIG_IGN);
    bench_init(&bench, 1);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    push(&bench, &samples[0], 0, INSERTS);
    wait_for(&bench, 1);
    ck_assert_int_eq(samples[0].error, ERR_OK);
    limit_files((rlim_t)size_of_log(&bench) + 100000);
    push(&bench, &samples[1], 1, INSERTS_MUCH);
    wait_for(&bench, 1);
    limit_files(RLIM_INFINITY);
    ck_assert_int_eq(samples[1].error, ERR_DISK_FULL);
    ck_assert_int_eq(samples[1].visible, 1);
    ck_assert_int_eq(atomic_load(&bench.writer.lane.state), ERR_DISK_FULL);
    push(&bench, &samples[2], 2, INSERTS_MUCH);
    wait_for(&bench, 1);
    ck_assert_int_eq(samples[2].error, ERR_OK);
    ck_assert_int_eq(samples[2].visible, 2);
    ck_assert_int_eq(atomic_load(&bench.writer.lane.state), ERR_OK);
    bench_done(&bench);
}
END_TEST

START_TEST(an_idle_writer_notices_that_writing_works_again)
{
    struct bench bench;
    struct sample sample;
    signal(SIGXFSZ, SIG_IGN);
    bench_init(&bench, 1);
    limit_files(10000);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    push(&bench, &sample, 1, INSERTS_MUCH);
    wait_for(&bench, 1);
    ck_assert_int_eq(sample.error, ERR_DISK_FULL);
    limit_files(RLIM_INFINITY);
    for (int i = 0; i < 500 && atomic_load(&bench.writer.lane.state) != ERR_OK; i++)
        usleep(10000);
    ck_assert_int_eq(atomic_load(&bench.writer.lane.state), ERR_OK);
    bench_done(&bench);
}
END_TEST

/* The same within the database: the statement fails, not the commit. */
START_TEST(a_full_database_is_survived)
{
    struct bench bench;
    struct sample samples[3];
    bench_init(&bench, JOBS);
    ck_assert_int_eq(db_execute(bench.writer.session->db, "PRAGMA max_page_count = 300"), ERR_OK);
    push(&bench, &samples[0], 0, INSERTS_MUCH);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    wait_for(&bench, 1);
    ck_assert_int_eq(samples[0].error, ERR_DISK_FULL);
    push(&bench, &samples[1], 1, INSERTS);
    wait_for(&bench, 1);
    ck_assert_int_eq(samples[1].error, ERR_OK);
    ck_assert_int_eq(count_with(bench.reader), 1);
    bench_done(&bench);
}
END_TEST

START_TEST(jobs_run_on_the_callers_thread_without_one)
{
    struct bench bench;
    struct sample sample = {.job = {.run = run, .done = done}, .bench = &bench, .number = 1};
    bench_init(&bench, JOBS);
    lane_run(&bench.writer.lane, &sample.job);
    ck_assert_int_eq(sample.ends, 1);
    ck_assert_int_eq(sample.error, ERR_OK);
    ck_assert_int_eq(sample.visible, 1);
    bench_done(&bench);
}
END_TEST

START_TEST(close_finishes_what_waits_and_empties_the_log)
{
    struct bench bench;
    static struct sample samples[500];
    bench_init(&bench, 7);
    for (int i = 0; i < 500; i++)
        push(&bench, &samples[i], i, INSERTS);
    ck_assert_int_eq(lane_start(&bench.writer.lane), ERR_OK);
    queue_close(&bench.writer.lane.queue);
    wait_for(&bench, 500);
    for (int i = 0; i < 500; i++)
        ck_assert_int_eq(samples[i].error, ERR_OK);
    ck_assert_int_eq(count_with(bench.reader), 500);
    bench.reader = session_close(bench.reader);
    lane_close(&bench.writer.lane);
    ck_assert_int_eq(size_of_log(&bench), 0);
    sem_destroy(&bench.finished);
    fixture_done(&bench.fixture);
}
END_TEST

UNIT_MAIN_IF(!test_server(), "writer", done_comes_after_the_commit_of_the_whole_batch,
             a_failing_job_harms_no_other, a_failing_job_that_counted_loses_no_count,
             a_lost_transaction_is_everybodys, a_full_disk_is_survived,
             an_idle_writer_notices_that_writing_works_again, a_full_database_is_survived,
             jobs_run_on_the_callers_thread_without_one, close_finishes_what_waits_and_empties_the_log)
