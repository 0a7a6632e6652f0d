/* The store as a whole: lanes, jobs, closing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/store.h"

#include "fixture.h"

#include <semaphore.h>

/* With one thread that writes, so that jobs follow each other on every engine. */
static struct store *open_store(const struct place *place, bool lanes, size_t queue_max)
{
    struct store_options options = {.url = place->url,
                                    .create = true,
                                    .migrate = true,
                                    .lanes = lanes,
                                    .queue_max = queue_max,
                                    .writers = 1};
    struct store *store = NULL;
    struct buffer why;
    buffer_init(&why, 4096);
    enum err error = store_open(&options, &store, &why);
    ck_assert_msg(error == ERR_OK, "%s: %.*s", err_symbol(error), SLICE_ARG(buffer_slice(&why)));
    buffer_done(&why);
    return store;
}

/* The error of opening, which must come with a sentence. */
static enum err try_open(const char *url, bool create, bool migrate)
{
    struct store_options options = {.url = url, .create = create, .migrate = migrate};
    struct store *store = NULL;
    struct buffer why;
    buffer_init(&why, 4096);
    enum err error = store_open(&options, &store, &why);
    ck_assert((error == ERR_OK) == (store != NULL));
    ck_assert((error == ERR_OK) == (buffer_slice(&why).n == 0));
    store_close(store);
    buffer_done(&why);
    return error;
}

START_TEST(a_newer_schema_is_refused)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, false, 0);
    store_close(store);
    struct db_target *target;
    struct session *session;
    struct buffer why;
    buffer_init(&why, 4096);
    struct db_target_options options = {.path = place.path};
    ck_assert_int_eq(test_driver()->attach(&options, &target, &why), ERR_OK);
    ck_assert_int_eq(session_open(target, DB_WRITE, &session, &why), ERR_OK);
    ck_assert_int_eq(db_execute(session->db, "INSERT INTO migration (number, name, checksum, applied_us)"
                                             " VALUES (9999, 'future', 'x', 1)"),
                     ERR_OK);
    session_close(session);
    test_driver()->detach(target);
    buffer_done(&why);
    ck_assert_int_eq(try_open(place.url, true, true), ERR_TOO_NEW);
    place_done(&place);
}
END_TEST

/* ---- jobs ---- */

struct sample {
    struct job job;
    sem_t *finished, *gate; /* gate: run waits for it */
    struct store *store;
    int64_t counted, counted_again, now_us;
    enum err result, error;
    int number;
};

static int64_t count_with(struct session *session)
{
    struct lead_filter filter = {.organization_id = 1};
    int64_t count = -1;
    ck_assert_int_eq(store_lead_count(session, &filter, &count), ERR_OK);
    return count;
}

static enum err run_insert(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    while (sample->gate && sem_wait(sample->gate) != 0)
        ;
    sample->now_us = session_now_us(session);
    struct lead lead = sample_lead(NULL, NULL);
    int64_t id;
    TRY(store_lead_insert(session, &lead, &id, NULL));
    return sample->result;
}

static enum err run_count(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->counted = count_with(session);
    while (sample->gate && sem_wait(sample->gate) != 0)
        ;
    sample->counted_again = count_with(session);
    return sample->result;
}

static void done(struct job *job, enum err error)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->error = error;
    sem_post(sample->finished);
}

static void wait_for(sem_t *finished, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (sem_wait(finished) != 0)
            ;
    }
}

static enum err write_with(const struct dispatcher *dispatcher, struct sample *sample)
{
    return dispatcher->submit_write(dispatcher->context, &sample->job);
}

START_TEST(one_job_runs_and_is_waited_for)
{
    for (int lanes = 0; lanes < 2; lanes++) {
        struct place place;
        place_init(&place);
        struct store *store = open_store(&place, lanes == 1, 0);
        struct sample insert = {.job.run = run_insert},
                      fails = {.job.run = run_insert, .result = ERR_INVALID};
        struct sample count = {.job.run = run_count};
        ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
        ck_assert_int_eq(store_run(store, &fails.job), ERR_INVALID);
        ck_assert_int_eq(store_run(store, &count.job), ERR_OK);
        ck_assert_int_eq(count.counted, 1);
        ck_assert_int_ge(fails.now_us, insert.now_us);
        store_close(store);
        place_done(&place);
    }
}
END_TEST

START_TEST(a_full_queue_refuses_and_close_drains)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, true, 10);
    const struct dispatcher *dispatcher = store_dispatcher(store);
    sem_t finished, gate;
    sem_init(&finished, 0, 0);
    sem_init(&gate, 0, 0);
    struct sample samples[12];
    for (size_t i = 0; i < ARRAY_LENGTH(samples); i++) {
        samples[i] = (struct sample){.job = {.run = run_insert, .done = done}, .finished = &finished};
        samples[i].gate = i == 0 ? &gate : NULL;
    }
    ck_assert_int_eq(write_with(dispatcher, &samples[0]), ERR_OK);
    struct store_health health;
    do {
        usleep(1000);
        store_health(store, &health);
    } while (health.writes_waiting > 0); /* the writer holds the first */
    for (size_t i = 1; i <= 10; i++)
        ck_assert_int_eq(write_with(dispatcher, &samples[i]), ERR_OK);
    ck_assert_int_eq(write_with(dispatcher, &samples[11]), ERR_QUEUE_FULL);
    store_health(store, &health);
    ck_assert(health.writable && health.readable);
    ck_assert_uint_eq(health.writes_waiting, 10);
    sem_post(&gate);
    store_close(store);
    wait_for(&finished, 11);
    for (size_t i = 0; i <= 10; i++)
        ck_assert_int_eq(samples[i].error, ERR_OK);
    store = open_store(&place, false, 0);
    struct sample count = {.job.run = run_count};
    ck_assert_int_eq(store_run(store, &count.job), ERR_OK);
    ck_assert_int_eq(count.counted, 11);
    store_close(store);
    sem_destroy(&finished);
    sem_destroy(&gate);
    place_done(&place);
}
END_TEST

START_TEST(a_read_job_sees_one_snapshot)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, true, 0);
    const struct dispatcher *dispatcher = store_dispatcher(store);
    sem_t finished, gate;
    sem_init(&finished, 0, 0);
    sem_init(&gate, 0, 0);
    struct sample insert = {.job.run = run_insert}, again = {.job = {.run = run_count, .done = done}};
    struct sample count = {
        .job = {.run = run_count, .done = done}, .finished = &finished, .gate = &gate, .counted = -1};
    again.finished = &finished;
    ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
    ck_assert_int_eq(dispatcher->submit_read(dispatcher->context, &count.job), ERR_OK);
    usleep(50000); /* only makes it likelier that the writer comes in between; right in any order */
    ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
    sem_post(&gate);
    wait_for(&finished, 1);
    ck_assert_int_eq(count.error, ERR_OK);
    ck_assert_int_eq(count.counted, count.counted_again);
    ck_assert_int_eq(dispatcher->submit_read(dispatcher->context, &again.job), ERR_OK);
    wait_for(&finished, 1);
    ck_assert_int_eq(again.counted, 2);
    store_close(store);
    sem_destroy(&finished);
    sem_destroy(&gate);
    place_done(&place);
}
END_TEST

START_TEST(reads_cannot_write)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, true, 0);
    const struct dispatcher *dispatcher = store_dispatcher(store);
    sem_t finished;
    sem_init(&finished, 0, 0);
    struct sample insert = {.job = {.run = run_insert, .done = done}, .finished = &finished};
    ck_assert_int_eq(dispatcher->submit_read(dispatcher->context, &insert.job), ERR_OK);
    wait_for(&finished, 1);
    ck_assert_int_eq(insert.error, ERR_READ_ONLY);
    store_close(store);
    sem_destroy(&finished);
    place_done(&place);
}
END_TEST

START_TEST(health_counts)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, false, 0);
    struct sample insert = {.job.run = run_insert};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
    struct store_health health;
    store_health(store, &health);
    ck_assert(health.writable);
    ck_assert_int_eq(health.last_error, ERR_OK);
    ck_assert_uint_eq(health.commits, 3);
    ck_assert_uint_eq(health.jobs, 3);
    ck_assert((health.wal_bytes > 0) == !test_server());
    ck_assert(store_is_shared(store) == (test_server() != NULL));
    store_close(store);
    place_done(&place);
}
END_TEST

/* Where an answer takes a trip to a server, nobody waits for it on a thread of events. */
START_TEST(only_a_file_is_looked_into)
{
    struct place place;
    place_init(&place);
    struct store *store = open_store(&place, true, 0);
    const struct dispatcher *dispatcher = store_dispatcher(store);
    struct sample count = {.job.run = run_count, .counted = -1};
    enum err error;
    bool looked = dispatcher->lookup(dispatcher->context, &count.job, &error);
    ck_assert(looked == !test_server());
    ck_assert_int_eq(count.counted, looked ? 0 : -1);
    store_close(store);
    place_done(&place);
}
END_TEST

START_TEST(one_job_reads_and_is_waited_for)
{
    for (int lanes = 0; lanes < 2; lanes++) {
        struct place place;
        place_init(&place);
        struct store *store = open_store(&place, lanes == 1, 0);
        struct sample insert = {.job.run = run_insert}, count = {.job.run = run_count};
        struct sample fails = {.job.run = run_count, .result = ERR_NOT_FOUND};
        ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
        ck_assert_int_eq(store_read(store, &count.job), ERR_OK);
        ck_assert_int_eq(count.counted, 1);
        ck_assert_int_eq(store_read(store, &fails.job), ERR_NOT_FOUND);
        ck_assert_int_eq(store_read(store, &insert.job), ERR_READ_ONLY);
        store_close(store);
        place_done(&place);
    }
}
END_TEST

UNIT_MAIN("store", a_newer_schema_is_refused, one_job_runs_and_is_waited_for, one_job_reads_and_is_waited_for,
          a_full_queue_refuses_and_close_drains, a_read_job_sees_one_snapshot, reads_cannot_write,
          only_a_file_is_looked_into, health_counts)
