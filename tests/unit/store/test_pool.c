/* The pool's threads: who takes jobs when not all are connected, what readiness says, how it ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include "inlet/base/clock.h"
#include "reader.h"
#include "unit.h"

#include <semaphore.h>
#include <unistd.h>

/*
 * A server that takes so many connections and no more, keeps nothing, and can be switched off. THREADS: any.
 */
struct server {
    struct db_target base;
    atomic_int
        capacity; /* connections that it takes; negative: it is gone, and so are those that were open */
    atomic_int open, attempts, commits;
    _Atomic(enum err) trouble; /* what every COMMIT ends with */
};

struct connection {
    struct db base;
    struct server *server;
    bool lost;
};

static const struct db_driver server_driver;

static struct connection *connection_of(struct db *db)
{
    return (struct connection *)(void *)db;
}

static enum err server_open(struct db_target *target, enum db_mode mode, struct db **ret_db,
                            struct buffer *why)
{
    (void)mode;
    struct server *server = (struct server *)(void *)target;
    atomic_fetch_add(&server->attempts, 1);
    if (atomic_fetch_add(&server->open, 1) >= atomic_load(&server->capacity)) {
        atomic_fetch_sub(&server->open, 1);
        buffer_append_text(why, "too many clients already");
        return ERR_CONNECTION;
    }
    struct connection *connection = calloc(1, sizeof(*connection));
    ck_assert_ptr_nonnull(connection);
    *connection = (struct connection){.base.driver = &server_driver, .server = server};
    *ret_db = &connection->base;
    return ERR_OK;
}

static void server_close(struct db *db)
{
    atomic_fetch_sub(&connection_of(db)->server->open, 1);
    free(db);
}

static enum err ask(struct connection *connection)
{
    connection->lost = connection->lost || atomic_load(&connection->server->capacity) < 0;
    return connection->lost ? ERR_CONNECTION : ERR_OK;
}

static enum err server_begin(struct db *db)
{
    return ask(connection_of(db));
}

static enum err server_commit(struct db *db)
{
    struct server *server = connection_of(db)->server;
    TRY(ask(connection_of(db)));
    TRY(atomic_load(&server->trouble));
    atomic_fetch_add(&server->commits, 1);
    return ERR_OK;
}

static enum err server_rollback(struct db *db)
{
    (void)db;
    return ERR_OK;
}

static enum err server_chore(struct db *db, enum db_chore chore)
{
    return chore == DB_IDLE ? ask(connection_of(db)) : ERR_OK;
}

static bool server_usable(const struct db *db)
{
    return !((const struct connection *)(const void *)db)->lost;
}

static const char *server_error_text(const struct db *db)
{
    (void)db;
    return "";
}

struct statement {
    struct db_statement base;
    struct connection *connection;
};

static enum err server_prepare(struct db *db, const char *sql, int parameters,
                               struct db_statement **ret_statement)
{
    (void)sql;
    (void)parameters;
    struct statement *statement = calloc(1, sizeof(*statement));
    ck_assert_ptr_nonnull(statement);
    *statement = (struct statement){.base.driver = &server_driver, .connection = connection_of(db)};
    *ret_statement = &statement->base;
    return ERR_OK;
}

static void server_finish(struct db_statement *statement)
{
    free(statement);
}

static void server_bind_integer(struct db_statement *statement, int parameter, int64_t value)
{
    (void)statement;
    (void)parameter;
    (void)value;
}

static void server_bind_blob(struct db_statement *statement, int parameter, struct slice value)
{
    (void)statement;
    (void)parameter;
    (void)value;
}

static enum err server_post(struct db_statement *statement)
{
    return ask(((struct statement *)(void *)statement)->connection);
}

static void server_reset(struct db_statement *statement)
{
    (void)statement;
}

static const struct db_driver server_driver = {
    .engine = "fake",
    .shared = true,
    .open = server_open,
    .close = server_close,
    .begin = server_begin,
    .commit = server_commit,
    .rollback = server_rollback,
    .chore = server_chore,
    .usable = server_usable,
    .error_text = server_error_text,
    .prepare = server_prepare,
    .finish = server_finish,
    .bind_integer = server_bind_integer,
    .bind_blob = server_bind_blob,
    .post = server_post,
    .reset = server_reset,
};

#define THREADS 4
#define JOBS    400

struct bench {
    struct server server;
    struct pool pool;
    sem_t finished;
};

struct sample {
    struct job job;
    struct bench *bench;
    int runs, ends;
    enum err error;
};

static enum err run(struct session *session, struct job *job)
{
    (void)session;
    CONTAINER_OF(job, struct sample, job)->runs++;
    usleep(100);
    return ERR_OK;
}

static void done(struct job *job, enum err error)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->error = error;
    sample->ends++;
    sem_post(&sample->bench->finished);
}

static void bench_init(struct bench *bench, int capacity)
{
    struct session *session;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(256);
    bench->server = (struct server){.base.driver = &server_driver, .capacity = capacity};
    sem_init(&bench->finished, 0, 0);
    ck_assert_int_eq(session_open(&bench->server.base, DB_WRITE, &session, &why), ERR_OK);
    ck_assert_int_eq(pool_open(&bench->pool, &bench->server.base, session, JOBS, THREADS), ERR_OK);
}

static void bench_done(struct bench *bench)
{
    lane_close(&bench->pool.lane);
    ck_assert_int_eq(atomic_load(&bench->server.open), 0);
    sem_destroy(&bench->finished);
}

static void push(struct bench *bench, struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        samples[i] = (struct sample){.job = {.run = run, .done = done}, .bench = bench};
        ck_assert_int_eq(queue_push(&bench->pool.lane.queue, &samples[i].job), ERR_OK);
    }
}

static void wait_for(struct bench *bench, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (sem_wait(&bench->finished) != 0)
            ;
    }
}

/* Until CONDITION holds: up to ten seconds. */
#define EVENTUALLY(condition)                                                                                \
    do {                                                                                                     \
        for (int tries_ = 0; tries_ < 1000 && !(condition); tries_++)                                        \
            usleep(10000);                                                                                   \
        ck_assert(condition);                                                                                \
    } while (0)

START_TEST(all_threads_work)
{
    static struct sample samples[JOBS];
    struct bench bench;
    bench_init(&bench, 100);
    push(&bench, samples, JOBS);
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    wait_for(&bench, JOBS);
    for (size_t i = 0; i < JOBS; i++) {
        ck_assert_int_eq(samples[i].error, ERR_OK);
        ck_assert_int_eq(samples[i].ends, 1);
    }
    EVENTUALLY(atomic_load(&bench.server.open) == THREADS);
    ck_assert_uint_eq(atomic_load(&bench.pool.lane.jobs), JOBS);
    ck_assert_uint_eq(atomic_load(&bench.pool.lane.commits), JOBS);
    ck_assert_int_eq(atomic_load(&bench.server.commits), JOBS);
    bench_done(&bench);
}
END_TEST

/* Threads without a connection would fail jobs faster than the others do them. */
START_TEST(who_cannot_connect_takes_no_jobs)
{
    static struct sample samples[JOBS];
    struct bench bench;
    bench_init(&bench, 1);
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    EVENTUALLY(atomic_load(&bench.server.attempts) > 2 * THREADS);
    push(&bench, samples, JOBS);
    wait_for(&bench, JOBS);
    for (size_t i = 0; i < JOBS; i++)
        ck_assert_int_eq(samples[i].error, ERR_OK);
    ck_assert_int_eq(atomic_load(&bench.pool.lane.state), ERR_OK);
    atomic_store(&bench.server.capacity, 100);
    EVENTUALLY(atomic_load(&bench.server.open) == THREADS);
    bench_done(&bench);
}
END_TEST

START_TEST(an_outage_is_seen_and_its_end_too)
{
    struct sample sample;
    struct bench bench;
    bench_init(&bench, 100);
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    EVENTUALLY(atomic_load(&bench.server.open) == THREADS);
    atomic_store(&bench.server.capacity, -1);
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_CONNECTION); /* without a job */
    ck_assert_int_eq(atomic_load(&bench.server.open), 0);
    int64_t start_us = clock_monotonic_us();
    push(&bench, &sample, 1);
    wait_for(&bench, 1);
    ck_assert_int_eq(sample.error, ERR_CONNECTION);
    ck_assert_int_eq(sample.runs, 0);
    ck_assert_int_lt(clock_monotonic_us() - start_us, 1000000);
    atomic_store(&bench.server.capacity, 100);
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_OK);
    push(&bench, &sample, 1);
    wait_for(&bench, 1);
    ck_assert_int_eq(sample.error, ERR_OK);
    bench_done(&bench);
}
END_TEST

/* Readers have pauses of seconds by then; who sees that writing works again can read, too. */
START_TEST(who_reads_comes_back_with_who_writes)
{
    struct sample sample;
    struct bench bench;
    struct readers readers;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(256);
    bench_init(&bench, 100);
    ck_assert_int_eq(readers_open(&readers, &bench.server.base, THREADS, JOBS, &why), ERR_OK);
    ck_assert(readers_ready(&readers));
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    EVENTUALLY(atomic_load(&bench.server.open) == 2 * THREADS);
    atomic_store(&bench.server.capacity, -1);
    EVENTUALLY(!readers_ready(&readers)); /* without a job */
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_CONNECTION);
    sleep(4);
    atomic_store(&bench.server.capacity, 100);
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_OK);
    sample = (struct sample){.job = {.run = run, .done = done}, .bench = &bench};
    ck_assert_int_eq(queue_push(&readers.queue, &sample.job), ERR_OK);
    wait_for(&bench, 1);
    ck_assert_int_eq(sample.error, ERR_OK);
    usleep(500000);
    ck_assert_int_eq(atomic_load(&bench.server.open), 2 * THREADS);
    readers_close(&readers);
    bench_done(&bench);
}
END_TEST

/* Attempts become rarer: a server that comes up is not run over. */
START_TEST(attempts_have_pauses)
{
    struct bench bench;
    bench_init(&bench, 100);
    atomic_store(&bench.server.capacity, -1);
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_CONNECTION);
    sleep(2);
    ck_assert_int_le(atomic_load(&bench.server.attempts), THREADS * 9);
    bench_done(&bench);
}
END_TEST

START_TEST(a_full_disk_stops_writing_until_it_is_not)
{
    struct sample sample;
    struct bench bench;
    bench_init(&bench, 100);
    ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
    atomic_store(&bench.server.trouble, ERR_DISK_FULL);
    push(&bench, &sample, 1);
    wait_for(&bench, 1);
    ck_assert_int_eq(sample.error, ERR_DISK_FULL);
    ck_assert_int_eq(atomic_load(&bench.pool.lane.state), ERR_DISK_FULL);
    atomic_store(&bench.server.trouble, ERR_OK);
    EVENTUALLY(atomic_load(&bench.pool.lane.state) == ERR_OK);
    bench_done(&bench);
}
END_TEST

START_TEST(close_finishes_what_waits)
{
    static const int capacities[] = {100, 1, -1};
    static struct sample samples[JOBS];
    for (size_t c = 0; c < ARRAY_LENGTH(capacities); c++) {
        struct bench bench;
        bench_init(&bench, 100);
        atomic_store(&bench.server.capacity, capacities[c]);
        push(&bench, samples, JOBS);
        ck_assert_int_eq(lane_start(&bench.pool.lane), ERR_OK);
        lane_close(&bench.pool.lane);
        for (size_t i = 0; i < JOBS; i++) {
            ck_assert_int_eq(samples[i].ends, 1);
            ck_assert_int_eq(samples[i].error, capacities[c] < 0 ? ERR_CONNECTION : ERR_OK);
        }
        sem_destroy(&bench.finished);
    }
}
END_TEST

START_TEST(jobs_run_on_the_callers_thread_without_any)
{
    struct bench bench;
    bench_init(&bench, 1);
    struct sample sample = {.job = {.run = run, .done = done}, .bench = &bench};
    lane_run(&bench.pool.lane, &sample.job);
    ck_assert_int_eq(sample.ends, 1);
    ck_assert_int_eq(sample.error, ERR_OK);
    bench_done(&bench);
}
END_TEST

UNIT_MAIN("pool", all_threads_work, who_cannot_connect_takes_no_jobs, an_outage_is_seen_and_its_end_too,
          who_reads_comes_back_with_who_writes, attempts_have_pauses,
          a_full_disk_stops_writing_until_it_is_not, close_finishes_what_waits,
          jobs_run_on_the_callers_thread_without_any)
