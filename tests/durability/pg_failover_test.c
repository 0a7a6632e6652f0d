/* The primary dies under load, its standby takes over: nothing acknowledged is lost, nothing is there twice. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a synchronous standby a commit returns when both have it on disk. The connection string names both servers and asks
 * for the one that can be written.
 */
#include "check.h"
#include "evidence.h"
#include "people.h"
#include "postgresql.h"
#include "server.h"

#include "inlet/base/clock.h"

#include <stdio.h>

#define LEADS_MAX   200000
#define CONNECTIONS 16
#define SOON_MS     (SERVER_IS_SANITIZED ? 30000 : 10000)

#define READS_MS    6000

/* The harness's database on either server: "postgresql://user@host:1,host:2/name?target_session_attrs=read-write". */
static void name_both(struct harness *harness, const struct postgresql *standby)
{
    char url[DATABASE_URL_MAX];
    int host = (int)(strchr(standby->url, '@') - standby->url) + 1;
    int host_length = (int)strcspn(standby->url + host, "/");
    const char *name = strrchr(harness->db, '/');
    int length = snprintf(url, sizeof(url), "%.*s,%.*s%s?target_session_attrs=read-write",
                          (int)(name - harness->db), harness->db, host_length, standby->url + host, name);
    if (length >= (int)sizeof(url))
        fail("the connection string is too long");
    snprintf(harness->db, sizeof(harness->db), "%s", url);
}

static void play(struct harness *harness, struct postgresql *primary, const struct postgresql *standby,
                 struct load *load, struct people *people)
{
    load_start(load, LEADS_MAX);
    people_start(people);
    server_pause_ms(600);
    check(atomic_load(&load->stored) > 0, "nothing was stored before the primary died");
    size_t refused = atomic_load(&load->refused);
    postgresql_crash(primary);
    check(server_becomes(harness, 503, 500, SOON_MS), "/readyz is not 503 without a primary");
    int64_t since_us = clock_monotonic_us();
    postgresql_promote(standby);
    check(server_becomes(harness, 200, 0, SOON_MS), "/readyz does not get back to 200 on the new primary");
    printf("ready %lld ms after the order to promote\n",
           (long long)((clock_monotonic_us() - since_us) / 1000));
    size_t stored = atomic_load(&load->stored);
    server_pause_ms(600);
    people_stop(people);
    load_stop(load);
    check(atomic_load(&load->refused) > refused, "nothing was refused without a primary");
    check(atomic_load(&load->stored) > stored, "nothing is stored on the new primary");
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct postgresql primary, standby;
    struct harness harness;
    struct load load;
    struct people people;
    postgresql_start(&primary);
    harness_open(&harness);
    postgresql_follow(&standby, &primary);
    name_both(&harness, &standby);
    load_init(&load, &harness, LEADS_MAX);
    load.connections = CONNECTIONS;
    load.refusal_rest_ms = 20;
    load.refusals_are_doubtful = true;
    people_init(&people, &harness);
    harness_start(&harness, options);
    play(&harness, &primary, &standby, &load, &people);
    printf("%zu leads acknowledged, %zu refused\n", atomic_load(&load.stored), atomic_load(&load.refused));
    check(atomic_load(&load.wrong) == 0, "%zu wrong answers", atomic_load(&load.wrong));
    check(atomic_load(&load.broken) + atomic_load(&people.broken) == 0, "%zu requests without an answer",
          atomic_load(&load.broken) + atomic_load(&people.broken));
    check(server_answers(&harness, "/api/leads/?page_size=5", 200, READS_MS) < READS_MS,
          "lists are not answered although the server is ready");
    evidence_from_server(&load, 1000);
    check(harness_stop(&harness) == 0, "the server ended badly");
    postgresql_stop(&primary); /* it must not answer in place of the new one */
    evidence_from_database(&load);
    people_check(&people);
    load_done(&load);
    harness_close(&harness);
    postgresql_stop(&standby);
    return check_end();
}
