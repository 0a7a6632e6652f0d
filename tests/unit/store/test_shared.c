/* Many writers on one server: lost connections, lost answers, deadlocks, rows that all of them change. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/dnc.h"
#include "inlet/store/setup.h"
#include "inlet/store/store.h"

#include "fixture.h"
#include "inlet/base/random.h"
#include "leaky.h"
#include "pool.h"
#include "receipt.h"

#include <pthread.h>
#include <semaphore.h>

#define THREADS 8
#define JOBS    200

/* ---- a pool on a database of its own ---- */

struct bench {
    struct fixture fixture;
    struct pool pool;
    sem_t finished;
};

static void bench_init_with(struct bench *bench, size_t threads)
{
    fixture_init(&bench->fixture);
    sem_init(&bench->finished, 0, 0);
    leaky_init();
    bench->fixture.target->driver = &leaky_driver;
    struct session *session = fixture_session(&bench->fixture, DB_WRITE);
    ck_assert_int_eq(pool_open(&bench->pool, bench->fixture.target, session, JOBS, threads), ERR_OK);
    ck_assert_int_eq(lane_start(&bench->pool.lane), ERR_OK);
    for (int i = 0; i < 1000 && atomic_load(&bench->pool.links.connected) < threads; i++)
        usleep(10000);
    ck_assert_uint_eq(atomic_load(&bench->pool.links.connected), threads);
}

static void bench_init(struct bench *bench)
{
    bench_init_with(bench, THREADS);
}

static void bench_done(struct bench *bench)
{
    lane_close(&bench->pool.lane);
    bench->fixture.target->driver = &pg_driver;
    sem_destroy(&bench->finished);
    fixture_done(&bench->fixture);
}

struct sample {
    struct job job;
    struct bench *bench;
    int number, runs;
    int64_t id; /* of a lead */
    const int64_t *ids;
    pthread_barrier_t *together; /* the first run waits for the others' */
    enum err error;
};

static void done(struct job *job, enum err error)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->error = error;
    sem_post(&sample->bench->finished);
}

static void push(struct sample *sample)
{
    sample->job.done = done;
    sample->error = ERR_INTERNAL;
    ck_assert_int_eq(queue_push(&sample->bench->pool.lane.queue, &sample->job), ERR_OK);
}

static void wait_for(struct bench *bench, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (sem_wait(&bench->finished) != 0)
            ;
    }
}

/* A lead that is nobody's duplicate: if it went in twice, nothing but the number of leads would tell. */
static enum err run_insert(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct lead lead = sample_lead(NULL, NULL);
    sample->runs++;
    return store_lead_insert(session, &lead, &sample->id, NULL);
}

static void assert_leads(struct bench *bench, int64_t count)
{
    ck_assert_int_eq(fixture_number(&bench->fixture, "SELECT count(*) FROM lead"), count);
    ck_assert_int_eq(
        fixture_number(&bench->fixture, "SELECT CAST(COALESCE(sum(leads), 0) AS BIGINT) FROM lead_count"),
        count);
}

START_TEST(terminated_connections_cost_no_job)
{
    static struct sample samples[JOBS];
    struct bench bench;
    bench_init(&bench);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < JOBS; i++) {
            samples[i] = (struct sample){.job.run = run_insert, .bench = &bench};
            push(&samples[i]);
            if (i == JOBS / 2)
                fixture_number(&bench.fixture,
                               "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                               " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
        wait_for(&bench, JOBS);
        for (int i = 0; i < JOBS; i++)
            ck_assert_msg(samples[i].error == ERR_OK, "%s", err_symbol(samples[i].error));
        assert_leads(&bench, JOBS * (round + 1));
    }
    ck_assert_int_eq(atomic_load(&bench.pool.lane.state), ERR_OK);
    bench_done(&bench);
}
END_TEST

static void wait_for_arrival(enum err error)
{
    while (sem_wait(&arrived) != 0)
        ;
    ck_assert_int_eq(atomic_load(&arrived_error), error);
}

START_TEST(a_lost_answer_is_found_out)
{
    static const enum loss kinds[] = {LOSS_AFTER, LOSS_BEFORE, LOSS_SLOW};
    struct bench bench;
    bench_init(&bench);
    int64_t leads = 0, confirmations = 0;
    for (int i = 0; i < 12; i++) {
        enum loss loss = kinds[i % 3];
        confirmations += loss != LOSS_BEFORE;
        struct sample sample = {.job.run = run_insert, .bench = &bench};
        int before = atomic_load(&losses);
        atomic_store(&next_loss, loss);
        push(&sample);
        wait_for(&bench, 1);
        ck_assert_msg(sample.error == ERR_OK, "%s", err_symbol(sample.error));
        ck_assert_int_eq(atomic_load(&losses), before + 1);
        ck_assert_int_eq(sample.runs, loss == LOSS_BEFORE ? 2 : 1);
        if (loss == LOSS_SLOW)
            wait_for_arrival(ERR_OK);
        assert_leads(&bench, ++leads);
        char sql[96];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM lead WHERE id = %lld", (long long)sample.id);
        ck_assert_int_eq(fixture_number(&bench.fixture, sql), 1);
    }
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT count(*) FROM write_receipt"),
                     leads + confirmations);
    bench_done(&bench);
}
END_TEST

/* The job was run again, and then the first COMMIT reaches the server. Before each, a job for whose sake the connection knows
 * its statements: a receipt is sent with COMMIT, and not while a statement is prepared. */
START_TEST(what_comes_too_late_is_not_committed)
{
    struct bench bench;
    bench_init_with(&bench, 1);
    for (int i = 0; i < 8; i++) {
        struct sample sample = {.job.run = run_insert, .bench = &bench};
        atomic_store(&next_loss, i % 2 ? LOSS_LATE : LOSS_NONE);
        push(&sample);
        wait_for(&bench, 1);
        ck_assert_msg(sample.error == ERR_OK, "%s", err_symbol(sample.error));
        ck_assert_int_eq(sample.runs, i % 2 ? 2 : 1);
        if (i % 2) {
            sem_post(&late_may_arrive);
            wait_for_arrival(ERR_CONFLICT);
        }
        assert_leads(&bench, i + 1);
    }
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT count(*) FROM write_receipt"), 8);
    bench_done(&bench);
}
END_TEST

static enum err add_one(struct session *session, int64_t id)
{
    struct arena arena CLEANUP(arena_done);
    struct lead lead;
    arena_init(&arena, 1 << 20);
    TRY(store_lead_by_id_locked(session, &arena, 1, id, &lead));
    lead.reengagements_count++;
    return store_lead_update(session, &lead);
}

static enum err run_add(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->runs++;
    return add_one(session, sample->id);
}

START_TEST(no_change_of_a_lead_is_lost)
{
    static struct sample samples[JOBS];
    struct bench bench;
    bench_init(&bench);
    struct sample insert = {.job.run = run_insert, .bench = &bench};
    push(&insert);
    wait_for(&bench, 1);
    for (int i = 0; i < JOBS; i++) {
        samples[i] = (struct sample){.job.run = run_add, .bench = &bench, .id = insert.id};
        push(&samples[i]);
    }
    wait_for(&bench, JOBS);
    for (int i = 0; i < JOBS; i++)
        ck_assert_int_eq(samples[i].error, ERR_OK);
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT reengagements_count FROM lead"), JOBS);
    bench_done(&bench);
}
END_TEST

/* One and then the other, or the other way round. */
static enum err run_both(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    TRY(add_one(session, sample->ids[sample->number % 2]));
    if (sample->runs++ == 0)
        pthread_barrier_wait(sample->together);
    return add_one(session, sample->ids[1 - sample->number % 2]);
}

START_TEST(deadlocks_are_run_again)
{
    struct bench bench;
    struct sample inserts[2], samples[2];
    int64_t ids[2];
    pthread_barrier_t together;
    bench_init(&bench);
    pthread_barrier_init(&together, NULL, 2);
    for (int i = 0; i < 2; i++) {
        inserts[i] = (struct sample){.job.run = run_insert, .bench = &bench};
        push(&inserts[i]);
    }
    wait_for(&bench, 2);
    ids[0] = inserts[0].id;
    ids[1] = inserts[1].id;
    for (int i = 0; i < 2; i++) {
        samples[i] = (struct sample){
            .job.run = run_both, .bench = &bench, .number = i, .ids = ids, .together = &together};
        push(&samples[i]);
    }
    wait_for(&bench, 2);
    ck_assert_int_eq(samples[0].error, ERR_OK);
    ck_assert_int_eq(samples[1].error, ERR_OK);
    ck_assert_int_eq(samples[0].runs + samples[1].runs, 3);
    ck_assert_int_eq(
        fixture_number(&bench.fixture, "SELECT count(*) FROM lead WHERE reengagements_count = 2"), 2);
    pthread_barrier_destroy(&together);
    bench_done(&bench);
}
END_TEST

/* Ten leads, and everybody wants each of them. */
static enum err run_twin(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct arena arena CLEANUP(arena_done);
    char phone[16];
    arena_init(&arena, 1 << 20);
    snprintf(phone, sizeof(phone), "+1%d", sample->number % 10);
    struct lead lead = sample_lead(phone, "a");
    sample->runs++;
    TRY(store_lead_insert(session, &lead, &sample->id, NULL));
    if (sample->id != 0)
        return ERR_OK;
    TRY(store_lead_duplicate(session, &arena, 1, lead.phone_number, lead.email_key, &lead));
    lead.reengagements_count++;
    return store_lead_update(session, &lead);
}

/* What two people ask for about one number at once: the one no calls, the other no messages. */
static enum err run_dnc(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct dnc dnc;
    char phone[16];
    snprintf(phone, sizeof(phone), "+1%d", sample->number / 2);
    if (sample->runs++ == 0)
        pthread_barrier_wait(sample->together);
    TRY(store_dnc_get_locked(session, 1, slice_from(phone), &dnc));
    usleep(1000);
    if (sample->number % 2)
        dnc.calls = true;
    else
        dnc.messages = true;
    return store_dnc_set(session, 1, slice_from(phone), &dnc);
}

START_TEST(nothing_that_was_asked_for_is_lost)
{
    struct bench bench;
    struct sample samples[40];
    pthread_barrier_t together;
    bench_init(&bench);
    pthread_barrier_init(&together, NULL, 2);
    for (int i = 0; i < 40; i += 2) {
        for (int j = i; j < i + 2; j++) {
            samples[j] =
                (struct sample){.job.run = run_dnc, .bench = &bench, .number = j, .together = &together};
            push(&samples[j]);
        }
        wait_for(&bench, 2);
        ck_assert_int_eq(samples[i].error, ERR_OK);
        ck_assert_int_eq(samples[i + 1].error, ERR_OK);
    }
    ck_assert_int_eq(fixture_number(&bench.fixture,
                                    "SELECT count(*) FROM do_not_contact WHERE call_dnc = 1 AND sms_dnc = 1"),
                     20);
    pthread_barrier_destroy(&together);
    bench_done(&bench);
}
END_TEST

START_TEST(identical_leads_become_one)
{
    static struct sample samples[JOBS];
    struct bench bench;
    bench_init(&bench);
    for (int i = 0; i < JOBS; i++) {
        samples[i] = (struct sample){.job.run = run_twin, .bench = &bench, .number = i};
        push(&samples[i]);
    }
    wait_for(&bench, JOBS);
    for (int i = 0; i < JOBS; i++)
        ck_assert_msg(samples[i].error == ERR_OK, "%s", err_symbol(samples[i].error));
    assert_leads(&bench, 10);
    ck_assert_int_eq(
        fixture_number(&bench.fixture, "SELECT CAST(sum(reengagements_count) AS BIGINT) FROM lead"),
        JOBS - 10);
    bench_done(&bench);
}
END_TEST

static enum err run_organization(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct organization organization = {.name = SLICE("o")};
    struct setup setup;
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, 1 << 20);
    TRY(store_organization_insert(session, &organization));
    sample->id = organization.id;
    TRY(store_setup_load(session, &arena, &setup));
    return setup.organization_count == (size_t)organization.id ? ERR_OK : ERR_CORRUPT;
}

/* Ids without gaps, and each sees all that were there before. */
START_TEST(changes_of_the_setup_follow_each_other)
{
    enum { COUNT = 50 };
    static struct sample samples[COUNT];
    struct bench bench;
    bench_init(&bench);
    for (int i = 0; i < COUNT; i++) {
        samples[i] = (struct sample){.job.run = run_organization, .bench = &bench};
        push(&samples[i]);
    }
    wait_for(&bench, COUNT);
    for (int i = 0; i < COUNT; i++)
        ck_assert_msg(samples[i].error == ERR_OK, "%s", err_symbol(samples[i].error));
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT max(id) FROM organization"), COUNT + 1);
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT version FROM setup_version"), COUNT + 1);
    bench_done(&bench);
}
END_TEST

START_TEST(old_receipts_are_purged)
{
    struct bench bench;
    bench_init(&bench);
    struct receipt old;
    struct sample sample = {.job.run = run_insert, .bench = &bench};
    ck_assert_int_eq(random_uuid7(INT64_C(1700000000000000), old.id), ERR_OK);
    ck_assert_int_eq(receipt_leave(bench.fixture.session, &old), ERR_OK);
    push(&sample);
    wait_for(&bench, 1);
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT count(*) FROM write_receipt"), 2);
    atomic_store(&bench.pool.next_hourly_us, 0);
    for (int i = 0; i < 500; i++) {
        if (fixture_number(&bench.fixture, "SELECT count(*) FROM write_receipt") == 1)
            break;
        usleep(10000);
    }
    ck_assert_int_eq(fixture_number(&bench.fixture, "SELECT count(*) FROM write_receipt"), 1);
    bench_done(&bench);
}
END_TEST

/* ---- the whole store ---- */

struct reading {
    struct job job;
    struct fixture *fixture;
    int runs;
    int64_t count;
};

/* Its first run loses the connection. */
static enum err run_cut(struct session *session, struct job *job)
{
    struct reading *reading = CONTAINER_OF(job, struct reading, job);
    struct lead_filter filter = {.organization_id = 1};
    TRY(store_lead_count(session, &filter, &reading->count));
    if (reading->runs++ == 0)
        fixture_number(reading->fixture, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                         " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    return store_lead_count(session, &filter, &reading->count);
}

static void *count_for_ever(void *argument)
{
    struct store *store = argument;
    struct reading reading = {.job.run = run_cut, .runs = 1, .count = 7};
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(store_read(store, &reading.job), ERR_OK);
        ck_assert_int_eq(reading.count, 0);
    }
    return NULL;
}

START_TEST(a_read_that_was_cut_short_is_repeated)
{
    struct fixture fixture;
    pthread_t threads[4];
    struct store *store;
    fixture_init(&fixture);
    struct store_options options = {.url = fixture.place.url, .lanes = true, .writers = 2, .readers = 3};
    ck_assert_int_eq(store_open(&options, &store, &fixture.why), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, count_for_ever, store), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        pthread_join(threads[i], NULL);
    struct reading reading = {.job.run = run_cut, .fixture = &fixture, .count = 7};
    ck_assert_int_eq(store_read(store, &reading.job), ERR_OK);
    ck_assert_int_eq(reading.runs, 2);
    ck_assert_int_eq(reading.count, 0);
    store_close(store);
    fixture_done(&fixture);
}
END_TEST

START_TEST(what_cannot_be_opened_is_named)
{
    static const struct {
        const char *url;
        bool migrate;
        enum err error;
    } rows[] = {
        {"postgresql://inlet@127.0.0.1:1/inlet?connect_timeout=2", true, ERR_CONNECTION},
        {"host=127.0.0.1 nonsense=1", true, ERR_CONFIG},
        {NULL, false, ERR_CONFIG}, /* no schema */
        {NULL, true, ERR_OK},
        {NULL, false, ERR_OK},
    };
    struct place place;
    place_init(&place);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
        struct store_options options = {.url = rows[i].url ? rows[i].url : place.url,
                                        .migrate = rows[i].migrate};
        struct store *store = NULL;
        enum err error = store_open(&options, &store, &why);
        ck_assert_msg(error == rows[i].error, "row %zu: %s: %.*s", i, err_symbol(error),
                      SLICE_ARG(buffer_slice(&why)));
        ck_assert((why.length == 0) == (error == ERR_OK));
        store_close(store);
    }
    place_done(&place);
}
END_TEST

UNIT_MAIN_IF(test_server(), "shared", terminated_connections_cost_no_job, a_lost_answer_is_found_out,
             what_comes_too_late_is_not_committed, no_change_of_a_lead_is_lost, deadlocks_are_run_again,
             identical_leads_become_one, nothing_that_was_asked_for_is_lost,
             changes_of_the_setup_follow_each_other, old_receipts_are_purged,
             a_read_that_was_cut_short_is_repeated, what_cannot_be_opened_is_named)
