/* Two servers share one database: one lead of each person, and what operators change at one is soon known to the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "harness.h"
#include "salvo.h"
#include "server.h"

#include "inlet/base/clock.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"

#include <stdio.h>
#include <unistd.h>

#define STARTS      4
#define CONNECTIONS 25 /* at each */
#define EACH        4
#define SOON_MS     (SERVER_IS_SANITIZED ? 5000 : 1000)
#define LIMIT_MS    30000

static const char *const options[] = {"--log-level", "error", NULL};

struct pair {
    struct harness servers[2];
};

/* Both start on the same empty database at the same moment: one migrates it, the other waits. */
static void start_at_once(struct pair *pair)
{
    struct database database;
    harness_prepare(&pair->servers[0]);
    harness_join(&pair->servers[1], &pair->servers[0]);
    for (size_t i = 0; i < 2; i++)
        harness_launch(&pair->servers[i], options);
    for (size_t i = 0; i < 2; i++)
        harness_await(&pair->servers[i]);
    database_open(&database, pair->servers[0].db);
    int64_t organizations = database_number(&database, "SELECT count(*) FROM organization", NULL, 0);
    check(organizations == 1, "%lld organizations in a new database", (long long)organizations);
    database_close(&database);
}

static void furnish(struct pair *pair)
{
    harness_furnish(&pair->servers[0]);
    memcpy(pair->servers[1].token, pair->servers[0].token, sizeof(pair->servers[0].token));
    memcpy(pair->servers[1].admin_token, pair->servers[0].admin_token, sizeof(pair->servers[0].admin_token));
}

static void stop(struct pair *pair)
{
    for (size_t i = 2; i-- > 0;) {
        check(harness_stop(&pair->servers[i]) == 0, "a server ended badly");
        harness_close(&pair->servers[i]);
    }
}

/* One request; its status, and its answer in ARENA. */
static unsigned ask(const struct harness *server, struct arena *arena, const char *method, const char *target,
                    const char *token, const char *body, struct value *ret_answer)
{
    struct harness with_token = *server;
    struct http_answer answer;
    struct jin_fault fault;
    snprintf(with_token.token, sizeof(with_token.token), "%s", token);
    if (!http_json(&with_token, arena, method, target, body, &answer))
        fail("%s %s: no answer", method, target);
    if (ret_answer && jin_decode(arena, answer.body, NULL, ret_answer, &fault) != ERR_OK)
        fail("%s %s: no JSON", method, target);
    return answer.status;
}

static unsigned status_of(const struct harness *server, const char *method, const char *target,
                          const char *token, const char *body)
{
    struct arena arena;
    arena_init(&arena, (size_t)16 << 20);
    unsigned status = ask(server, &arena, method, target, token, body, NULL);
    arena_done(&arena);
    return status;
}

/* Asks until the answer has STATUS, which has to be soon. */
static void check_seen(const struct harness *server, const char *what, const char *method, const char *target,
                       const char *token, const char *body, unsigned status)
{
    int64_t began_us = clock_monotonic_us(), elapsed_ms = 0;
    unsigned seen = 0;
    while (elapsed_ms < LIMIT_MS && (seen = status_of(server, method, target, token, body)) != status) {
        server_pause_ms(5);
        elapsed_ms = (clock_monotonic_us() - began_us) / 1000;
    }
    printf("%s: seen after %lld ms\n", what, (long long)elapsed_ms);
    check(seen == status, "%s: %u instead of %u", what, seen, status);
    check(elapsed_ms <= SOON_MS, "%s: it takes %lld ms", what, (long long)elapsed_ms);
}

static void text_member(const struct value *object, const char *key, char *text, size_t size)
{
    const struct value *value = value_get(object, slice_from(key));
    if (!value || value->kind != VALUE_STRING)
        fail("the answer has no %s", key);
    snprintf(text, size, "%.*s", SLICE_ARG(value->text));
}

/* A token that one server makes and revokes. */
static void play_token(const struct harness *here, const struct harness *there)
{
    char key[64], target[64];
    struct arena arena;
    struct value answer;
    arena_init(&arena, (size_t)16 << 20);
    unsigned status = ask(here, &arena, "POST", "/api/tokens/", here->admin_token,
                          "{\"name\":\"pair\",\"scope\":\"full\"}", &answer);
    check(status == 201, "POST /api/tokens/: %u", status);
    text_member(&answer, "key", key, sizeof(key));
    const struct value *id = value_get(&answer, SLICE("id"));
    snprintf(target, sizeof(target), "/api/tokens/%lld/", id ? (long long)id->integer : 0);
    check(status_of(here, "GET", "/api/leads/", key, NULL) == 200,
          "a new token does not work where it was made");
    check_seen(there, "a token made by the other server", "GET", "/api/leads/", key, NULL, 200);
    status_of(here, "DELETE", target, here->admin_token, NULL);
    check(status_of(here, "GET", "/api/leads/", key, NULL) == 401,
          "a revoked token works where it was revoked");
    check_seen(there, "a token revoked by the other server", "GET", "/api/leads/", key, NULL, 401);
    arena_done(&arena);
}

static void play_lead_type(const struct harness *here, const struct harness *there)
{
    static const char post[] =
        "{\"phone_number\":\"8042221111\",\"email\":\"x@example.com\",\"lead_type\":700}";
    unsigned status =
        status_of(here, "POST", "/api/lead-types/", here->admin_token, "{\"id\":700,\"name\":\"New\"}");
    check(status == 201, "POST /api/lead-types/: %u", status);
    check_seen(there, "a lead type made by the other server", "GET", "/api/lead-types/700/", there->token,
               NULL, 200);
    check(status_of(there, "POST", "/api/leads/", there->token, post) == 201,
          "a lead of the new type is refused");
    status = status_of(here, "PATCH", "/api/lead-types/700/", here->admin_token,
                       "{\"min_reengagement_days\":\"never\"}");
    check(status == 200, "PATCH /api/lead-types/700/: %u", status);
    check_seen(there, "a lead type changed by the other server", "POST", "/api/leads/", there->token, post,
               400);
}

static void play_config(const struct harness *here, const struct harness *there)
{
    char uuid[64], ingest[96], target[96];
    struct arena arena;
    struct value answer;
    arena_init(&arena, (size_t)16 << 20);
    unsigned status = ask(here, &arena, "POST", "/api/ingestion-configs/", here->admin_token,
                          "{\"name\":\"Provider\",\"auth\":\"open\"}", &answer);
    check(status == 201, "POST /api/ingestion-configs/: %u", status);
    text_member(&answer, "uuid", uuid, sizeof(uuid));
    snprintf(ingest, sizeof(ingest), "/ingest/%s/", uuid);
    snprintf(target, sizeof(target), "/api/ingestion-configs/%s/", uuid);
    check_seen(there, "a config made by the other server", "POST", ingest, "none",
               "{\"phone_number\":\"8042221112\"}", 201);
    status = status_of(here, "PUT", target, here->admin_token,
                       "{\"name\":\"Provider\",\"auth\":\"open\",\"min_reengagement_days\":\"never\"}");
    check(status == 200, "PUT %s: %u", target, status);
    check_seen(there, "a config changed by the other server", "POST", ingest, "none",
               "{\"phone_number\":\"8042221112\"}", 400);
    arena_done(&arena);
}

/* The command line works on the database itself; both servers learn of it. */
static void play_command_line(struct pair *pair)
{
    static const char *const create[] = {"token", "create", "--name", "cli", "--scope", "read", NULL};
    static const char *const type[] = {"lead-type", "create", "--id", "800", "--name", "Typed", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(1024);
    struct buffer list CLEANUP(buffer_done) = BUFFER_INIT((size_t)1 << 20);
    char key[64];
    if (harness_command(&pair->servers[0], create, SLICE_NULL, &output) != 0)
        fail("token create fails beside two servers");
    snprintf(key, sizeof(key), "%.*s", SLICE_ARG(buffer_slice(&output)));
    for (size_t i = 0; i < 2; i++)
        check_seen(&pair->servers[i], "a token made by the command line", "GET", "/api/leads/", key, NULL,
                   200);
    harness_setup(&pair->servers[0], type);
    for (size_t i = 0; i < 2; i++)
        check_seen(&pair->servers[i], "a lead type made by the command line", "GET", "/api/lead-types/800/",
                   pair->servers[i].token, NULL, 200);
}

/* One person posted at both servers makes one lead. */
static void play_one_person(const struct pair *pair)
{
    static const char body[] = "{\"phone_number\":\"+14155550101\",\"email\":\"one@example.com\"}";
    struct salvo salvos[2];
    struct database database;
    size_t created = 0, reengaged = 0, other = 0, posts = (size_t)2 * CONNECTIONS * EACH;
    for (size_t i = 0; i < 2; i++)
        salvos[i] = (struct salvo){.target = "/api/leads/",
                                   .body = body,
                                   .connections = CONNECTIONS,
                                   .each = EACH,
                                   .harness = &pair->servers[i]};
    salvo_fire(&pair->servers[0], salvos, 2);
    for (size_t i = 0; i < 2; i++) {
        created += atomic_load(&salvos[i].created);
        reengaged += atomic_load(&salvos[i].reengaged);
        other += atomic_load(&salvos[i].other);
    }
    printf("%zu posts at two servers: %zu created, %zu reengaged, %zu other answers\n", posts, created,
           reengaged, other);
    check(created == 1 && reengaged == posts - 1 && other == 0, "the answers are not one 201 and only 200");
    database_open(&database, pair->servers[0].db);
    int64_t leads =
        database_number(&database, "SELECT count(*) FROM lead WHERE phone_number = '+14155550101'", NULL, 0);
    int64_t count = database_number(
        &database, "SELECT sum(reengagements_count) FROM lead WHERE phone_number = '+14155550101'", NULL, 0);
    database_close(&database);
    check(leads == 1 && count == (int64_t)posts - 1, "%lld leads with %lld reengagements", (long long)leads,
          (long long)count);
}

int main(void)
{
    struct pair pair;
    for (int i = 1; i < STARTS; i++) {
        start_at_once(&pair);
        stop(&pair);
    }
    start_at_once(&pair);
    furnish(&pair);
    for (size_t i = 0; i < 2; i++)
        check_seen(&pair.servers[i], "the first token", "GET", "/api/leads/", pair.servers[i].token, NULL,
                   200);
    for (size_t i = 0; i < 2; i++)
        check_seen(&pair.servers[i], "the operator's token", "GET", "/api/tokens/",
                   pair.servers[i].admin_token, NULL, 200);
    play_one_person(&pair);
    play_token(&pair.servers[0], &pair.servers[1]);
    play_token(&pair.servers[1], &pair.servers[0]);
    play_lead_type(&pair.servers[1], &pair.servers[0]);
    play_config(&pair.servers[0], &pair.servers[1]);
    play_command_line(&pair);
    stop(&pair);
    return check_end();
}
