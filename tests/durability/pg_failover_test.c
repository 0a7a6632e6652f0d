/* The standby goes away, then the primary for good: nothing acknowledged is lost, nothing is there twice. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a synchronous standby a commit returns when both have it on disk. The connection string names both servers and asks
 * for the one that can be written. A commit whose wait for the standby is ended by somebody can be seen and may be lost with
 * the primary: it is not acknowledged before another one has reached the standby.
 */
#include "check.h"
#include "evidence.h"
#include "people.h"
#include "postgresql.h"
#include "server.h"

#include "inlet/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>

#define LEADS_MAX   200000
#define CONNECTIONS 16
#define SOON_MS     (SERVER_IS_SANITIZED ? 30000 : 10000)
#define LISTS       16   /* more than there are readers */
#define SILENCE_MS  1500 /* for so long nothing is acknowledged that only the primary has */
#define WAIT_MS     400
#define LOOKS       200 /* of 50 ms */

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

/* ---- a commit that waits for the standby in vain ---- */

struct patient {
    const struct harness *harness;
    const char *body;
    pthread_t thread;
    atomic_uint status; /* 0: no answer yet */
};

static void *post_lead(void *argument)
{
    struct patient *patient = argument;
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)1 << 20);
    bool answered = http_json(patient->harness, &arena, "POST", "/api/leads/", patient->body, &answer);
    atomic_store(&patient->status, answered ? answer.status : 1);
    arena_done(&arena);
    return NULL;
}

static int64_t number_of(const struct postgresql *server, const char *sql)
{
    struct database database;
    database_open(&database, server->url);
    int64_t number = database_number(&database, sql, NULL, 0);
    database_close(&database);
    return number;
}

static void wait_for_standby_named(const struct postgresql *primary, const char *setting)
{
    database_execute(primary->url, setting);
    database_execute(primary->url, "SELECT pg_reload_conf()");
}

/* END_WAIT: what somebody does to the connections whose COMMIT waits. */
static void play_silence(const struct harness *harness, const struct postgresql *primary,
                         const char *end_wait, const char *body)
{
    struct patient patient = {.harness = harness, .body = body};
    int64_t waiting = 0;
    wait_for_standby_named(primary, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server_pause_ms(500); /* all processes of the server read it */
    if (pthread_create(&patient.thread, NULL, post_lead, &patient) != 0)
        fail("no thread");
    for (int i = 0; i < LOOKS && waiting == 0; i++) {
        server_pause_ms(50);
        waiting = number_of(primary, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
    check(waiting == 1, "%s: %lld connections wait for the standby", end_wait, (long long)waiting);
    check(number_of(primary, end_wait) == 1, "%s: nobody's wait was ended", end_wait);
    server_pause_ms(SILENCE_MS);
    check(atomic_load(&patient.status) == 0, "%s: answered with %u what the standby has not got", end_wait,
          atomic_load(&patient.status));
    wait_for_standby_named(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    database_execute(primary->url, "SELECT pg_switch_wal()"); /* the standby has something to confirm, now */
    pthread_join(patient.thread, NULL);
    check(atomic_load(&patient.status) == 201, "%s: %u when the standby is back", end_wait,
          atomic_load(&patient.status));
}

/* On a database of its own: what is posted here is no part of the load. */
static void play_silences(const struct postgresql *primary)
{
    struct harness harness;
    struct arena arena;
    struct http_answer answer;
    harness_open(&harness);
    harness_start(&harness, NULL);
    play_silence(&harness, primary,
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                 "{\"phone_number\":\"+14155550101\",\"email\":\"terminated@example.com\"}");
    play_silence(&harness, primary,
                 "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                 "{\"phone_number\":\"+14155550102\",\"email\":\"cancelled@example.com\"}");
    arena_init(&arena, (size_t)1 << 20);
    if (check(http_json(&harness, &arena, "GET", "/api/leads/", NULL, &answer), "no answer to a list"))
        check(slice_starts(answer.body, SLICE("{\"count\":2,")), "not two leads, but %.*s",
              SLICE_ARG(answer.body));
    arena_done(&arena);
    harness_close(&harness);
}

/* ---- the primary dies ---- */

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
    size_t refusals = server_refusals(harness, "/api/leads/?page_size=5", LISTS);
    check(refusals == 0, "the server is ready, and refuses %zu of %d lists", refusals, LISTS);
    size_t stored = atomic_load(&load->stored);
    server_pause_ms(600);
    people_stop(people);
    load_stop(load);
    /* Whoever was caught in a COMMIT waits for its fate. */
    check(atomic_load(&load->refused) > refused || atomic_load(&load->slowest_us) > WAIT_MS * 1000,
          "neither refused nor waited for without a primary");
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
    play_silences(&primary);
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
