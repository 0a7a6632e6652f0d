/* PostgreSQL is taken away under load and comes back: refusals with a reason meanwhile, nothing lost, nothing twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "people.h"
#include "postgresql.h"
#include "server.h"

#include "inlet/base/clock.h"

#include <stdio.h>

#define LEADS_MAX   400000
#define CONNECTIONS 16
#define ROUNDS      3
#define SOON_MS     (SERVER_IS_SANITIZED ? 20000 : 5000)
#define WAIT_MS     400
#define LISTS       16 /* more than there are readers */
/* Without traffic: so that whoever cannot connect makes longer pauses than the tests have patience. */
#define OUTAGE_MS 4000

/* What reads has connections of its own; who is ready has them, too. */
static void check_recovery(const struct harness *harness, const char *when)
{
    int64_t since_us = clock_monotonic_us();
    check(server_becomes(harness, 200, 0, SOON_MS), "%s: /readyz does not get back to 200 by itself", when);
    printf("%s: ready again after %lld ms\n", when, (long long)((clock_monotonic_us() - since_us) / 1000));
    size_t refusals = server_refusals(harness, "/api/leads/?page_size=5", LISTS);
    check(refusals == 0, "%s: the server is ready, and refuses %zu of %d lists", when, refusals, LISTS);
}

static void play_under_load(struct harness *harness, const struct postgresql *postgresql, struct load *load,
                            struct people *people)
{
    size_t refused = atomic_load(&load->refused);
    load_start(load, LEADS_MAX);
    people_start(people);
    server_pause_ms(400);
    postgresql_crash(postgresql);
    check(server_becomes(harness, 503, 500, SOON_MS), "under load: /readyz is not 503 without PostgreSQL");
    check(server_get(harness, "/healthz") == 200, "/healthz is not 200 without PostgreSQL");
    postgresql_resume(postgresql);
    check_recovery(harness, "under load");
    size_t stored = atomic_load(&load->stored);
    server_pause_ms(400);
    people_stop(people);
    load_stop(load);
    /* Whoever was caught in a COMMIT waits for its fate. */
    check(atomic_load(&load->refused) > refused || atomic_load(&load->slowest_us) > WAIT_MS * 1000,
          "neither refused nor waited for without PostgreSQL");
    check(atomic_load(&load->stored) > stored, "nothing is stored afterwards");
}

static void play_in_peace(const struct harness *harness, const struct postgresql *postgresql)
{
    struct arena arena;
    struct http_answer answer;
    postgresql_crash(postgresql);
    check(server_becomes(harness, 503, OUTAGE_MS, OUTAGE_MS + SOON_MS),
          "without traffic: /readyz is not 503");
    arena_init(&arena, (size_t)1 << 20);
    if (check(http_json(harness, &arena, "GET", "/api/leads/", NULL, &answer), "no answer to a list")) {
        printf("a list is answered with %u %.*s\n", answer.status, SLICE_ARG(answer.body));
        check(load_is_refusal(&answer), "that is no refusal with a reason and Retry-After");
    }
    arena_done(&arena);
    postgresql_resume(postgresql);
    check_recovery(harness, "without traffic");
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct postgresql postgresql;
    struct harness harness;
    struct load load;
    struct people people;
    postgresql_start(&postgresql);
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    load.connections = CONNECTIONS;
    load.refusal_rest_ms = 20;
    load.refusals_are_doubtful = true;
    people_init(&people, &harness);
    harness_start(&harness, options);
    for (int round = 0; round < ROUNDS; round++)
        play_under_load(&harness, &postgresql, &load, &people);
    play_in_peace(&harness, &postgresql);
    printf("%zu leads acknowledged, %zu refused\n", atomic_load(&load.stored), atomic_load(&load.refused));
    check(atomic_load(&load.wrong) == 0, "%zu wrong answers", atomic_load(&load.wrong));
    check(atomic_load(&load.broken) + atomic_load(&people.broken) == 0, "%zu requests without an answer",
          atomic_load(&load.broken) + atomic_load(&people.broken));
    check(server_lives(&harness), "the server died");
    evidence_from_server(&load, 1000);
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    people_check(&people);
    load_done(&load);
    harness_close(&harness);
    postgresql_stop(&postgresql);
    return check_end();
}
