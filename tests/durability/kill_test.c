/* kill -9 under load, again and again on one database: what was acknowledged is there, once and whole. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A killed process loses nothing that it gave to the kernel, or to PostgreSQL: this shows that nothing is acknowledged before
 * its transaction is in the database, and that a file is whole at any moment. It does not show what a power cut does.
 */
#include "check.h"
#include "evidence.h"
#include "people.h"
#include "server.h"

#include "inlet/base/random.h"

#include <stdio.h>

#define ROUNDS      10
#define CONNECTIONS 24
#define LEADS_MAX   200000

static long random_ms(long least, long most)
{
    unsigned number;
    if (random_bytes(&number, sizeof(number)) != ERR_OK)
        fail("no random number");
    return least + (long)(number % (unsigned long)(most - least));
}

/* Ends with the server killed. */
static void play_round(struct harness *harness, struct load *load, struct people *people, int round)
{
    long ms = random_ms(10, 160);
    size_t stored = atomic_load(&load->stored), broken = atomic_load(&load->broken);
    load_start(load, LEADS_MAX);
    people_start(people);
    server_pause_ms(ms);
    harness_kill(harness);
    load_wait(load);
    people_stop(people);
    printf("round %d: killed after %ld ms, %zu leads acknowledged, %zu requests without an answer\n", round,
           ms, atomic_load(&load->stored) - stored, atomic_load(&load->broken) - broken);
    check(atomic_load(&load->wrong) == 0, "round %d: %zu wrong answers", round, atomic_load(&load->wrong));
    check(atomic_load(&load->refused) == 0, "round %d: %zu leads refused", round,
          atomic_load(&load->refused));
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct harness harness;
    struct load load;
    struct people people;
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    load.connections = CONNECTIONS;
    people_init(&people, &harness);
    harness_start(&harness, options);
    for (int round = 1; round <= ROUNDS; round++) {
        play_round(&harness, &load, &people, round);
        if (round % 2 == 0)
            evidence_from_database(&load); /* what the crash left behind, before any server repaired it */
        harness_start(&harness, options);
        size_t leads = evidence_from_server(&load, 1000);
        check(leads >= atomic_load(&load.stored), "fewer leads than were acknowledged");
    }
    check(atomic_load(&load.stored) > 0, "no lead was ever acknowledged");
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    people_check(&people);
    load_done(&load);
    harness_close(&harness);
    return check_end();
}
