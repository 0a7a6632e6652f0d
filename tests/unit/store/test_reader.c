/* Readers: a job that a lost connection cut short is run again, once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "fake.h"

struct sample {
    struct job job;
    int runs;
};

static enum err run(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    sample->runs++;
    return fake_do(fake_db_of(session->db), 'R', NULL);
}

START_TEST(reading_is_repeated_once)
{
    static const struct {
        const char *name;
        struct fake_step steps[8];
        enum err error;
        int runs;
    } rows[] = {
        {"fine", {{'O', ERR_OK, false}, {'B', ERR_OK, false}, {'R', ERR_OK, false}}, ERR_OK, 1},
        {"not found",
         {{'O', ERR_OK, false}, {'B', ERR_OK, false}, {'R', ERR_NOT_FOUND, false}},
         ERR_NOT_FOUND,
         1},
        {"too slow", {{'O', ERR_OK, false}, {'B', ERR_OK, false}, {'R', ERR_TIMEOUT, false}}, ERR_TIMEOUT, 1},
        {"no server", {{'O', ERR_CONNECTION, false}}, ERR_CONNECTION, 0},
        {"lost",
         {{'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_CONNECTION, false},
          {'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_OK, false}},
         ERR_OK,
         2},
        {"lost before it ran",
         {{'O', ERR_OK, false},
          {'B', ERR_CONNECTION, false},
          {'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_OK, false}},
         ERR_OK,
         1},
        {"lost twice",
         {{'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_CONNECTION, false},
          {'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_CONNECTION, false}},
         ERR_CONNECTION,
         2},
        {"lost for good",
         {{'O', ERR_OK, false},
          {'B', ERR_OK, false},
          {'R', ERR_CONNECTION, false},
          {'O', ERR_CONNECTION, false}},
         ERR_CONNECTION,
         1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct fake_target target = {.base.driver = &fake_driver, .next = rows[i].steps, .row = rows[i].name};
        struct sample sample = {.job.run = run};
        enum err error = readers_run(&target.base, &sample.job);
        ck_assert_msg(error == rows[i].error, "%s: %s", rows[i].name, err_symbol(error));
        ck_assert_msg(sample.runs == rows[i].runs, "%s: %d runs", rows[i].name, sample.runs);
        ck_assert_msg(target.next->what == '\0', "%s: %c was expected", rows[i].name, target.next->what);
        ck_assert_int_eq(target.open, 0);
    }
}
END_TEST

UNIT_MAIN("reader", reading_is_repeated_once)
