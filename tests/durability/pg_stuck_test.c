/* Commits that wait for a standby which does not come: the service says so while they wait, and goes on when they are let go. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "postgresql.h"
#include "server.h"

#include "inlet/base/clock.h"

#include <pthread.h>
#include <stdio.h>

/* The service notices after 6 s. */
#define NOTICED_MS (SERVER_IS_SANITIZED ? 20000 : 9000)
#define SOON_MS    (SERVER_IS_SANITIZED ? 20000 : 5000)

struct post {
    const struct harness *harness;
    pthread_t thread;
    unsigned status; /* 0: no answer yet */
};

static void *send_post(void *argument)
{
    struct post *post = argument;
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)1 << 20);
    if (http_json(post->harness, &arena, "POST", "/api/leads/", "{\"phone_number\":\"+14155550199\"}",
                  &answer))
        post->status = answer.status;
    arena_done(&arena);
    return NULL;
}

static void wait_for_standby(const struct postgresql *server, const char *name)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "ALTER SYSTEM SET synchronous_standby_names = '%s'", name);
    database_execute(server->url, sql);
    database_execute(server->url, "SELECT pg_reload_conf()");
}

static void play(const struct harness *harness, const struct postgresql *postgresql)
{
    struct post post = {.harness = harness};
    int64_t began_us = clock_monotonic_us();
    wait_for_standby(postgresql, "nobody");
    server_pause_ms(300); /* until the server's processes have heard of it */
    if (pthread_create(&post.thread, NULL, send_post, &post) != 0)
        fail("no thread");
    check(server_becomes(harness, 503, 1000, NOTICED_MS + 1000), "/readyz is not 503 while commits wait");
    printf("not ready after %lld ms\n", (long long)((clock_monotonic_us() - began_us) / 1000));
    wait_for_standby(postgresql, "");
    check(server_becomes(harness, 200, 0, SOON_MS), "/readyz does not get back to 200");
    pthread_join(post.thread, NULL);
    check(post.status == 201, "the post that waited is answered with %u", post.status);
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct postgresql postgresql;
    struct harness harness;
    struct arena arena;
    struct http_answer answer;
    postgresql_start(&postgresql);
    harness_open(&harness);
    harness_start(&harness, options);
    play(&harness, &postgresql);
    arena_init(&arena, (size_t)1 << 20);
    check(
        http_json(&harness, &arena, "POST", "/api/leads/", "{\"phone_number\":\"+14155550199\"}", &answer) &&
            answer.status == 200,
        "the lead is not there afterwards");
    arena_done(&arena);
    check(harness_stop(&harness) == 0, "the server ended badly");
    harness_close(&harness);
    postgresql_stop(&postgresql);
    return check_end();
}
