/* What becomes of a job when connections get lost, transactions clash, and answers never come. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attempt.h"

#include "fake.h"
#include "inlet/base/clock.h"

struct sample {
    struct job job;
    struct fake_target *target;
    int runs;
    int64_t now_us;
};

static enum err run(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->runs++;
    sample->now_us = session_now_us(session);
    return fake_do(fake_db_of(session->db), 'R', NULL);
}

struct row {
    const char *name;
    struct fake_step steps[FAKE_STEPS];
    enum err error;
    int runs;
};

#define OPEN                                                                                                 \
    {                                                                                                        \
        'O', ERR_OK, false                                                                                   \
    }
#define NO_SERVER                                                                                            \
    {                                                                                                        \
        'O', ERR_CONNECTION, false                                                                           \
    }
#define BEGIN                                                                                                \
    {                                                                                                        \
        'B', ERR_OK, false                                                                                   \
    }
#define RUN                                                                                                  \
    {                                                                                                        \
        'R', ERR_OK, false                                                                                   \
    }
#define LEAVE                                                                                                \
    {                                                                                                        \
        'L', ERR_OK, false                                                                                   \
    }
#define COMMIT                                                                                               \
    {                                                                                                        \
        'C', ERR_OK, false                                                                                   \
    }
#define UNKNOWN                                                                                              \
    {                                                                                                        \
        'C', ERR_COMMIT_UNKNOWN, false                                                                       \
    }
#define CLAIMED                                                                                              \
    {                                                                                                        \
        'K', ERR_OK, false                                                                                   \
    }
#define THERE                                                                                                \
    {                                                                                                        \
        'K', ERR_OK, true                                                                                    \
    }
#define RUNS(error)                                                                                          \
    {                                                                                                        \
        'R', error, false                                                                                    \
    }
#define ENDS(error)                                                                                          \
    {                                                                                                        \
        'C', error, false                                                                                    \
    }
#define CLASH BEGIN, RUN, LEAVE, ENDS(ERR_BUSY)
/* What is there is safe once another receipt is. */
#define CONFIRMED THERE, LEAVE, COMMIT
#define FIRST     OPEN, BEGIN, RUN, LEAVE
/* A COMMIT whose answer is lost, and a new connection. */
#define DOUBT FIRST, UNKNOWN, OPEN, BEGIN

static const struct row rows[] = {
    {"nothing happens", {FIRST, COMMIT}, ERR_OK, 1},
    {"the job fails", {OPEN, BEGIN, RUNS(ERR_INVALID)}, ERR_INVALID, 1},
    {"the job finds a mistake of ours", {OPEN, BEGIN, RUNS(ERR_INTERNAL)}, ERR_INTERNAL, 1},
    {"the disk is full", {FIRST, ENDS(ERR_DISK_FULL)}, ERR_DISK_FULL, 1},
    {"there is no server", {NO_SERVER}, ERR_CONNECTION, 0},
    {"clashes pass",
     {FIRST, ENDS(ERR_BUSY), CLASH, BEGIN, RUNS(ERR_BUSY), BEGIN, RUN, LEAVE, COMMIT},
     ERR_OK,
     4},
    {"clashes do not pass",
     {OPEN, CLASH, CLASH, CLASH, CLASH, CLASH, CLASH, CLASH, CLASH, CLASH},
     ERR_BUSY,
     9},
    {"lost at the beginning",
     {OPEN, {'B', ERR_CONNECTION, false}, OPEN, BEGIN, RUN, LEAVE, COMMIT},
     ERR_OK,
     1},
    {"lost in the job", {OPEN, BEGIN, RUNS(ERR_CONNECTION), FIRST, COMMIT}, ERR_OK, 2},
    {"lost before COMMIT was sent", {FIRST, ENDS(ERR_CONNECTION), FIRST, COMMIT}, ERR_OK, 2},
    {"lost twice", {OPEN, BEGIN, RUNS(ERR_CONNECTION), OPEN, BEGIN, RUNS(ERR_CONNECTION)}, ERR_CONNECTION, 2},
    {"lost for good", {OPEN, BEGIN, RUNS(ERR_CONNECTION), NO_SERVER}, ERR_CONNECTION, 1},
    {"not the primary any more", {OPEN, BEGIN, RUNS(ERR_READ_ONLY), FIRST, COMMIT}, ERR_OK, 2},
    {"a clash, then lost", {FIRST, ENDS(ERR_BUSY), BEGIN, RUNS(ERR_CONNECTION), FIRST, COMMIT}, ERR_OK, 3},
    {"in doubt: it was committed", {DOUBT, CONFIRMED}, ERR_OK, 1},
    {"in doubt: it was committed, and confirmed by the second attempt only",
     {DOUBT, THERE, LEAVE, ENDS(ERR_BUSY), BEGIN, CONFIRMED},
     ERR_OK,
     1},
    {"in doubt: it was committed, in doubt whether confirmed",
     {DOUBT, THERE, LEAVE, UNKNOWN, OPEN, BEGIN, CONFIRMED},
     ERR_OK,
     1},
    {"in doubt: it was committed, and cannot be confirmed",
     {DOUBT, THERE, LEAVE, ENDS(ERR_DISK_FULL)},
     ERR_COMMIT_UNKNOWN,
     1},
    {"in doubt: it was not", {DOUBT, CLAIMED, RUN, COMMIT}, ERR_OK, 2},
    {"in doubt: the server is away for a while",
     {FIRST, UNKNOWN, NO_SERVER, NO_SERVER, OPEN, BEGIN, CONFIRMED},
     ERR_OK,
     1},
    {"in doubt: lost while asking", {DOUBT, {'K', ERR_CONNECTION, false}, OPEN, BEGIN, CONFIRMED}, ERR_OK, 1},
    {"in doubt: run again, clashing",
     {DOUBT, CLAIMED, RUN, ENDS(ERR_BUSY), BEGIN, CLAIMED, RUN, COMMIT},
     ERR_OK,
     3},
    {"in doubt again: one was committed, and nobody knows whether the results are of that one",
     {DOUBT, CLAIMED, RUN, UNKNOWN, OPEN, BEGIN, CONFIRMED},
     ERR_COMMIT_UNKNOWN,
     2},
    {"in doubt again: neither was",
     {DOUBT, CLAIMED, RUN, UNKNOWN, OPEN, BEGIN, CLAIMED, RUN, COMMIT},
     ERR_OK,
     3},
    {"in doubt: the first one after all, with results that were overwritten",
     {DOUBT, CLAIMED, RUNS(ERR_CONNECTION), OPEN, BEGIN, CONFIRMED},
     ERR_COMMIT_UNKNOWN,
     2},
    {"in doubt: refused now, and the first one can never be committed",
     {DOUBT, CLAIMED, RUNS(ERR_INVALID), BEGIN, CLAIMED, COMMIT},
     ERR_INVALID,
     2},
    {"in doubt: refused now, but the first one was committed after all",
     {DOUBT, CLAIMED, RUNS(ERR_INVALID), BEGIN, CONFIRMED},
     ERR_COMMIT_UNKNOWN,
     2},
    {"in doubt: refused now, in doubt again",
     {DOUBT, CLAIMED, RUNS(ERR_INVALID), BEGIN, CLAIMED, UNKNOWN, OPEN, BEGIN, CONFIRMED},
     ERR_COMMIT_UNKNOWN,
     2},
    {"in doubt: the disk is full", {DOUBT, CLAIMED, RUNS(ERR_DISK_FULL)}, ERR_COMMIT_UNKNOWN, 2},
};

START_TEST(every_job_ends_as_it_should)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct fake_target target = {.base.driver = &fake_driver, .next = rows[i].steps, .row = rows[i].name};
        struct sample sample = {.job.run = run, .target = &target};
        struct links links;
        struct link link;
        links_init(&links, &target.base, DB_WRITE, "writers", 1);
        links.doubt_us = 10000000;
        link_init(&link, &links, NULL);
        enum err error = attempt_job(&link, &sample.job);
        ck_assert_msg(error == rows[i].error, "%s: %s", rows[i].name, err_symbol(error));
        ck_assert_msg(sample.runs == rows[i].runs, "%s: %d runs", rows[i].name, sample.runs);
        ck_assert_msg(target.next->what == '\0', "%s: %c was expected", rows[i].name, target.next->what);
        if (link.session)
            ck_assert(!db_in_transaction(link.session->db));
        link_done(&link);
        ck_assert_int_eq(target.open, 0);
        ck_assert_uint_eq(atomic_load(&links.connected), 0);
    }
}
END_TEST

START_TEST(without_a_job_there_is_a_receipt)
{
    static const struct fake_step steps[] = {OPEN, BEGIN, LEAVE, COMMIT, {0}};
    struct fake_target target = {.base.driver = &fake_driver, .next = steps, .row = "probe"};
    struct links links;
    struct link link;
    links_init(&links, &target.base, DB_WRITE, "writers", 1);
    link_init(&link, &links, NULL);
    ck_assert_int_eq(attempt_job(&link, NULL), ERR_OK);
    ck_assert_int_eq(target.next->what, '\0');
    link_done(&link);
}
END_TEST

/* The server never comes back. */
START_TEST(doubt_has_an_end)
{
    static const struct fake_step steps[FAKE_STEPS] = {FIRST,     UNKNOWN,   NO_SERVER, NO_SERVER, NO_SERVER,
                                                       NO_SERVER, NO_SERVER, NO_SERVER, NO_SERVER, NO_SERVER};
    struct fake_target target = {.base.driver = &fake_driver, .next = steps, .row = "doubt"};
    struct sample sample = {.job.run = run, .target = &target};
    struct links links;
    struct link link;
    links_init(&links, &target.base, DB_WRITE, "writers", 1);
    links.doubt_us = 300000;
    link_init(&link, &links, NULL);
    int64_t start_us = clock_monotonic_us();
    ck_assert_int_eq(attempt_job(&link, &sample.job), ERR_COMMIT_UNKNOWN);
    ck_assert_int_ge(clock_monotonic_us() - start_us, 300000);
    ck_assert_int_eq(sample.runs, 1);
    link_done(&link);
}
END_TEST

START_TEST(the_clock_survives_the_connection)
{
    static const struct fake_step steps[] = {FIRST, COMMIT, BEGIN, RUNS(ERR_CONNECTION), FIRST, COMMIT, {0}};
    struct fake_target target = {.base.driver = &fake_driver, .next = steps, .row = "clock"};
    struct sample sample = {.job.run = run, .target = &target};
    struct links links;
    struct link link;
    links_init(&links, &target.base, DB_WRITE, "writers", 1);
    link_init(&link, &links, NULL);
    ck_assert_int_eq(attempt_job(&link, &sample.job), ERR_OK);
    int64_t future_us = clock_now_us() + 1000000000;
    link.session->now_us = future_us; /* the system's clock is set back */
    ck_assert_int_eq(attempt_job(&link, &sample.job), ERR_OK);
    ck_assert_int_eq(sample.runs, 3);
    ck_assert_int_ge(sample.now_us, future_us);
    link_done(&link);
}
END_TEST

/* After some failures a client is not made to wait for the next attempt. */
START_TEST(pauses_are_not_the_clients)
{
    static const struct fake_step steps[] = {NO_SERVER, NO_SERVER, NO_SERVER, NO_SERVER, OPEN, {0}};
    struct fake_target target = {.base.driver = &fake_driver, .next = steps, .row = "pauses"};
    struct links links;
    struct link link;
    links_init(&links, &target.base, DB_WRITE, "writers", 1);
    link_init(&link, &links, NULL);
    int64_t start_us = clock_monotonic_us();
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(link_ready(&link, false), ERR_CONNECTION);
    ck_assert_int_lt(clock_monotonic_us() - start_us, 2000000);
    ck_assert_int_lt(target.next - steps, 5);
    while (target.next->what != '\0')
        ck_assert(link_ready(&link, true) == ERR_OK || link.session == NULL);
    ck_assert_ptr_nonnull(link.session);
    link_done(&link);
}
END_TEST

/* Whichever lane finds out that the server is back: nobody waits for the end of a pause then. */
START_TEST(one_success_ends_all_pauses)
{
    static const struct fake_step steps[] = {NO_SERVER, NO_SERVER, OPEN, NO_SERVER, NO_SERVER, OPEN, {0}};
    struct fake_target target = {.base.driver = &fake_driver, .next = steps, .row = "recovery"};
    struct links lanes[2];
    struct link writer, reader;
    links_init(&lanes[0], &target.base, DB_WRITE, "writers", 1);
    links_init(&lanes[1], &target.base, DB_READ, "readers", 1);
    link_init(&writer, &lanes[0], NULL);
    link_init(&reader, &lanes[1], NULL);
    ck_assert_int_eq(link_ready(&reader, false), ERR_CONNECTION);
    ck_assert_int_eq(link_ready(&writer, false), ERR_CONNECTION);
    reader.pause_us = 5000000; /* as after many attempts */
    reader.next_us = clock_monotonic_us() + reader.pause_us;
    ck_assert_int_eq(link_ready(&writer, true), ERR_OK);
    ck_assert_int_eq(link_ready(&reader, false),
                     ERR_CONNECTION); /* the writer has yet to prove good: no attempt */
    ck_assert_int_eq(target.next - steps, 3);
    link_prove(&writer);
    int64_t start_us = clock_monotonic_us();
    ck_assert_int_eq(link_ready(&reader, false), ERR_CONNECTION); /* an attempt, and a first pause after it */
    ck_assert_int_eq(link_ready(&reader, false), ERR_CONNECTION);
    ck_assert_int_eq(link_ready(&reader, true), ERR_OK);
    ck_assert_int_lt(clock_monotonic_us() - start_us, 300000);
    ck_assert_int_eq(target.next->what, '\0');
    link_prove(&writer); /* good news only once */
    ck_assert_uint_eq(atomic_load(&target.base.recoveries), 1);
    link_done(&writer);
    link_done(&reader);
}
END_TEST

UNIT_MAIN("attempt", every_job_ends_as_it_should, without_a_job_there_is_a_receipt, doubt_has_an_end,
          the_clock_survives_the_connection, pauses_are_not_the_clients, one_success_ends_all_pauses)
