/* The connection to PostgreSQL is cut at every message of a few requests: what was answered happened, and happened once. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case that matters is the lost answer to COMMIT: the server cannot know what became of it, and must neither say that it
 * failed and let it stand nor do it a second time. An outage right after the cut keeps it from finding out.
 */
#include "check.h"
#include "load_client.h"
#include "proxy.h"
#include "server.h"

#include "inlet/base/number.h"

#include <stdio.h>
#include <unistd.h>

#define SCRIPTS_MAX 4000
#define COMMITS     3 /* of one script: each request has one */
#define REPEATS     8
#define SPARE       6 /* scripts without a cut, after which no message is left */
#define OUTAGE_MS   400
#define LIMIT_MS    30000

/* One person, posted three times. */
struct script {
    size_t told, doubtful; /* answers 200 and 201; refusals */
    size_t ingest_told,
        ingest_doubtful; /* of them at the provider's URL, where each post leaves a submission */
    bool was_cut;
    int64_t counted,
        submissions; /* in the database: how often the person came in, and the submissions that say so */
    size_t leads;
};

struct play {
    struct harness harness;
    char direct[DATABASE_URL_MAX]; /* past the proxy */
    char ingest[80];
    struct proxy proxy;
    struct script scripts[SCRIPTS_MAX];
    size_t script_count;
    size_t wrong, retried;
};

static void post(struct play *play, struct script *script, size_t number, const char *target, bool is_bulk)
{
    char person[128], body[160];
    struct arena arena;
    struct http_answer answer;
    snprintf(person, sizeof(person),
             "{\"phone_number\":\"+1415555%04zu\",\"email\":\"script-%zu@example.com\"}", 1000 + number,
             number);
    snprintf(body, sizeof(body), is_bulk ? "{\"leads\":[%s]}" : "%s", person);
    arena_init(&arena, (size_t)1 << 20);
    if (!http_json(&play->harness, &arena, "POST", target, body, &answer))
        fail("POST %s: no answer", target);
    bool is_done = answer.status == 201 || answer.status == 200;
    if (is_done && is_bulk)
        is_done = load_occurrences(answer.body, SLICE("\"action\":\"reengaged\"")) == 1 ||
                  load_occurrences(answer.body, SLICE("\"action\":\"created\"")) == 1;
    if (is_done) {
        script->told++;
        script->ingest_told += target == play->ingest;
    } else if (load_is_refusal(&answer)) {
        script->doubtful++;
        script->ingest_doubtful += target == play->ingest;
    } else {
        play->wrong++;
        printf("   a wrong answer: %u %.*s\n", answer.status, SLICE_ARG(answer.body));
    }
    arena_done(&arena);
}

/* Creates, reengages by a provider's URL, reengages in bulk. */
static struct script *play_script(struct play *play)
{
    if (play->script_count == SCRIPTS_MAX)
        fail("more scripts than there is room for");
    size_t number = play->script_count++;
    struct script *script = &play->scripts[number];
    post(play, script, number, "/api/leads/", false);
    post(play, script, number, play->ingest, false);
    post(play, script, number, "/api/leads/bulk-create/", true);
    return script;
}

/* A script whose connection is cut at the CUT_AT-th message. Returns false when there were not that many. */
static bool play_cut(struct play *play, enum proxy_what what, size_t cut_at, size_t outage_ms)
{
    size_t seen[PROXY_WHATS];
    proxy_arm(&play->proxy, what, cut_at, outage_ms);
    struct script *script = play_script(play);
    script->was_cut = proxy_disarm(&play->proxy, seen);
    play->retried += script->was_cut && script->doubtful == 0;
    if (outage_ms > 0)
        check(server_becomes(&play->harness, 200, 0, LIMIT_MS),
              "not ready again after the connection was cut");
    return script->was_cut;
}

/* How many messages a script takes at least when nothing is cut. */
static size_t count_messages(struct play *play, enum proxy_what what)
{
    size_t seen[PROXY_WHATS], least = SIZE_MAX;
    for (size_t i = 0; i < REPEATS; i++) {
        proxy_arm(&play->proxy, what, 0, 0);
        const struct script *script = play_script(play);
        proxy_disarm(&play->proxy, seen);
        check(script->told == 3, "an undisturbed script is refused");
        least = seen[what] < least ? seen[what] : least;
    }
    return least;
}

/* A script may take more messages than another: statements are prepared on the connections where they are first run. */
static void play_every_message(struct play *play, enum proxy_what what, const char *name)
{
    size_t messages = count_messages(play, what), retried = play->retried, cuts = 0, uncut = 0;
    for (size_t n = 1; uncut < SPARE; n++) {
        bool cut = play_cut(play, what, n, 0);
        cuts += cut;
        uncut = cut ? 0 : uncut + 1;
    }
    printf("%s: %zu messages, %zu cuts, %zu scripts wholly acknowledged all the same\n", name, messages, cuts,
           play->retried - retried);
    check(cuts >= messages - messages / 10, "%s: only %zu cuts at %zu messages", name, cuts, messages);
}

/* The answers to COMMIT. */
static void play_commits(struct play *play, size_t outage_ms, size_t repeats, const char *name)
{
    size_t retried = play->retried, cuts = 0, scripts = 0;
    for (size_t i = 0; i < repeats; i++)
        for (size_t n = 1; n <= COMMITS; n++, scripts++)
            cuts += play_cut(play, PROXY_COMMITTED, n, outage_ms);
    printf("%s: %zu cuts, %zu scripts wholly acknowledged all the same\n", name, cuts,
           play->retried - retried);
    check(cuts >= scripts * 2 / 3, "%s: only %zu cuts in %zu scripts", name, cuts, scripts);
}

static void see(void *context, const struct slice *columns)
{
    struct play *play = context;
    uint64_t number;
    int64_t reengagements, submissions;
    if (!slice_starts(columns[0], SLICE("script-")) ||
        number_parse_unsigned(slice_head(slice_skip(columns[0], 7), slice_find(columns[0], '@') - 7),
                              SCRIPTS_MAX - 1, &number) != ERR_OK ||
        number_parse_int64(columns[1], &reengagements) != ERR_OK ||
        number_parse_int64(columns[2], &submissions) != ERR_OK)
        fail("a lead nobody posted: %.*s", SLICE_ARG(columns[0]));
    play->scripts[number].leads++;
    play->scripts[number].counted += 1 + reengagements;
    play->scripts[number].submissions += submissions;
}

static void check_scripts(struct play *play)
{
    struct database database;
    size_t lost = 0, invented = 0, doubled = 0, unproved = 0, told = 0, doubtful = 0;
    database_open(&database, play->direct);
    database_each(
        &database,
        "SELECT email, reengagements_count, (SELECT count(*) FROM submission s WHERE s.lead_id = l.id AND "
        "outcome IN ('created', 'reengaged')) FROM lead l",
        see, play);
    int64_t counter = database_number(
        &database, "SELECT (SELECT sum(leads) FROM lead_count) - (SELECT count(*) FROM lead)", NULL, 0);
    database_close(&database);
    for (size_t i = 0; i < play->script_count; i++) {
        const struct script *script = &play->scripts[i];
        told += script->told;
        doubtful += script->doubtful;
        lost += script->counted < (int64_t)script->told;
        invented += script->counted > (int64_t)(script->told + script->doubtful);
        doubled += script->leads > 1;
        unproved += script->submissions < (int64_t)script->ingest_told ||
                    script->submissions > (int64_t)(script->ingest_told + script->ingest_doubtful);
    }
    printf("%zu scripts: %zu requests acknowledged, %zu refused\n", play->script_count, told, doubtful);
    check(lost == 0, "%zu people have posts that were acknowledged and do not count", lost);
    check(invented == 0, "%zu people have posts that count twice", invented);
    check(doubled == 0, "%zu people are there twice", doubled);
    check(unproved == 0, "%zu people have another number of submissions than of posts by the provider",
          unproved);
    check(counter == 0, "the counter of leads is off by %lld", (long long)counter);
    check(play->retried > 0, "no cut was survived unseen");
    check(play->wrong == 0, "%zu wrong answers", play->wrong);
}

/* The server reaches its database through the proxy only. */
static void start(struct play *play)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    static const char *const config[] = {"ingest", "create", "--name", "Provider", "--open", NULL};
    struct buffer uuid CLEANUP(buffer_done) = BUFFER_INIT(1024);
    char through[DATABASE_URL_MAX];
    uint64_t port;
    harness_open(&play->harness);
    if (harness_command(&play->harness, config, SLICE_NULL, &uuid) != 0)
        fail("cannot make an ingestion config");
    snprintf(play->ingest, sizeof(play->ingest), "/ingest/%.*s/", SLICE_ARG(buffer_slice(&uuid)));
    snprintf(play->direct, sizeof(play->direct), "%s", play->harness.db);
    const char *colon = strrchr(play->direct, ':'), *slash = strrchr(play->direct, '/');
    if (!colon || !slash || slash < colon ||
        number_parse_unsigned(slice_of(colon + 1, (size_t)(slash - colon) - 1), 65535, &port) != ERR_OK)
        fail("%s has no port", play->direct);
    proxy_start(&play->proxy, (unsigned)port);
    snprintf(through, sizeof(through), "%.*s%u%s?sslmode=disable&gssencmode=disable",
             (int)(colon - play->direct) + 1, play->direct, play->proxy.port, slash);
    snprintf(play->harness.db, sizeof(play->harness.db), "%s", through);
    harness_start(&play->harness, options);
}

int main(void)
{
    static struct play play;
    start(&play);
    play_every_message(&play, PROXY_REQUESTS, "before a request");
    play_every_message(&play, PROXY_ANSWERS, "before an answer");
    play_commits(&play, 0, REPEATS, "before the answer to COMMIT");
    play_commits(&play, OUTAGE_MS, 2, "before the answer to COMMIT, and then an outage");
    check(server_becomes(&play.harness, 200, 0, LIMIT_MS), "not ready at the end");
    check(harness_stop(&play.harness) == 0, "the server ended badly");
    check_scripts(&play);
    proxy_stop(&play.proxy);
    snprintf(play.harness.db, sizeof(play.harness.db), "%s", play.direct);
    harness_close(&play.harness);
    return check_end();
}
