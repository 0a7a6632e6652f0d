/* What was acknowledged survives kill -9: a child writes and reports, is killed, and its database is opened again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/store.h"

#include "fixture.h"

#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

#define IN_FLIGHT 64
#define REPORTS   3000

struct sample {
    struct job job;
    int64_t id;
    int report; /* descriptor */
    sem_t *finished;
    struct store *store;
};

static enum err run(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct lead lead = sample_lead(NULL, NULL);
    return store_lead_insert(session, &lead, &sample->id, NULL);
}

/* Reports, then submits itself again: the load never ends. */
static void done(struct job *job, enum err error)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    if (error != ERR_OK || write(sample->report, &sample->id, sizeof(sample->id)) != sizeof(sample->id))
        _exit(3);
    const struct dispatcher *dispatcher = store_dispatcher(sample->store);
    if (dispatcher->submit_write(dispatcher->context, &sample->job) != ERR_OK)
        _exit(4);
}

static struct store *open_store(const struct place *place, bool lanes)
{
    struct store_options options = {.url = place->url, .create = true, .migrate = true, .lanes = lanes};
    struct store *store = NULL;
    struct buffer why;
    buffer_init(&why, 4096);
    enum err error = store_open(&options, &store, &why);
    buffer_done(&why);
    return error == ERR_OK ? store : NULL;
}

static void write_for_ever(const struct place *place, int report)
{
    static struct sample samples[IN_FLIGHT];
    struct store *store = open_store(place, true);
    if (!store)
        _exit(1);
    const struct dispatcher *dispatcher = store_dispatcher(store);
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        samples[i] = (struct sample){.job = {.run = run, .done = done}, .report = report, .store = store};
        if (dispatcher->submit_write(dispatcher->context, &samples[i].job) != ERR_OK)
            _exit(2);
    }
    for (;;)
        pause();
}

struct check {
    struct job job;
    const int64_t *ids;
    size_t count, found;
    int64_t counted;
};

static enum err run_check(struct session *session, struct job *job)
{
    struct check *check = CONTAINER_OF(job, struct check, job);
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    check->found = 0;
    for (size_t i = 0; i < check->count; i++) {
        struct lead lead;
        check->found += store_lead_by_id(session, &arena, 1, check->ids[i], &lead) == ERR_OK;
    }
    arena_done(&arena);
    struct lead_filter filter = {.organization_id = 1};
    return store_lead_count(session, &filter, &check->counted);
}

/* Kills the child as soon as it has reported often enough. */
static size_t read_reports(int fd, int64_t *ids, pid_t child)
{
    size_t count = 0;
    while (count < REPORTS && read(fd, &ids[count], sizeof(ids[0])) == sizeof(ids[0]))
        count++;
    kill(child, SIGKILL);
    return count;
}

START_TEST(what_was_acknowledged_is_there)
{
    static int64_t ids[REPORTS];
    for (int round = 0; round < 3; round++) {
        struct place place = {.name = ""};
        int ends[2];
        place_init_file(&place);
        ck_assert_int_eq(pipe(ends), 0);
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            close(ends[0]);
            write_for_ever(&place, ends[1]);
        }
        close(ends[1]);
        size_t count = read_reports(ends[0], ids, child);
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status));
        close(ends[0]);
        ck_assert_uint_eq(count, REPORTS);
        struct store *store = open_store(&place, false);
        ck_assert_ptr_nonnull(store);
        struct check check = {.job.run = run_check, .ids = ids, .count = count};
        ck_assert_int_eq(store_run(store, &check.job), ERR_OK);
        ck_assert_uint_eq(check.found, count);
        ck_assert_int_ge(check.counted, (int64_t)count);
        store_close(store);
        place_done(&place);
    }
}
END_TEST

UNIT_MAIN_IF(!test_server(), "kill", what_was_acknowledged_is_there)
