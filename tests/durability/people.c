/* Posts the same few leads over many connections, and compares what the database counted with what was answered. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include "check.h"
#include "load_client.h"
#include "server.h"

#include "inlet/base/number.h"
#include "inlet/base/thread.h"

#include <stdio.h>
#include <unistd.h>

void people_init(struct people *people, const struct harness *harness)
{
    static const char *const organization[] = {"organization", "create", "--id", "2",
                                               "--name",       "People", NULL};
    static const char *const token[] = {"token",  "create",  "--organization", "2", "--name",
                                        "people", "--scope", "full",           NULL};
    struct buffer key CLEANUP(buffer_done) = BUFFER_INIT(1024);
    struct harness own = *harness;
    *people = (struct people){.harness = harness, .connections = 8};
    harness_setup(&own, organization);
    if (harness_command(&own, token, SLICE_NULL, &key) != 0)
        fail("cannot make a token for organization 2");
    snprintf(people->token, sizeof(people->token), "%.*s", SLICE_ARG(buffer_slice(&key)));
}

static void judge(struct people *people, size_t person, const struct http_answer *answer)
{
    if (answer->status == 201) {
        atomic_fetch_add(&people->counts[person].created, 1);
    } else if (answer->status == 200) {
        atomic_fetch_add(&people->counts[person].reengaged, 1);
    } else if (load_is_refusal(answer)) {
        atomic_fetch_add(&people->counts[person].doubtful, 1);
        atomic_fetch_add(&people->refused, 1);
    } else if (atomic_fetch_add(&people->wrong, 1) == 0) {
        printf("   a wrong answer: %u %.*s\n", answer->status, SLICE_ARG(slice_head(answer->body, 300)));
    }
}

/* One post. False: the connection broke. */
static bool post(struct people *people, int fd)
{
    char authorization[96], body[160];
    struct arena arena;
    struct http_answer answer;
    size_t person = atomic_fetch_add(&people->turns, 1) * 7 % PEOPLE;
    snprintf(authorization, sizeof(authorization), "Token %s", people->token);
    snprintf(body, sizeof(body), "{\"phone_number\":\"+1415666%04zu\",\"email\":\"person-%zu@example.com\"}",
             1000 + person, person);
    struct http_header headers[] = {{SLICE("Authorization"), slice_from(authorization)},
                                    {SLICE("Content-Type"), SLICE("application/json")}};
    arena_init(&arena, (size_t)1 << 20);
    bool answered = http_ask(fd, &arena, "POST", SLICE("/api/leads/"), headers, ARRAY_LENGTH(headers),
                             slice_from(body), true, &answer);
    bool goes_on = answered && !slice_equal_nocase(http_header_of(&answer, "Connection"), SLICE("close"));
    if (answered) {
        judge(people, person, &answer);
    } else {
        atomic_fetch_add(&people->counts[person].doubtful, 1);
        atomic_fetch_add(&people->broken, 1);
    }
    if (answered && answer.status == 503)
        server_pause_ms(20);
    arena_done(&arena);
    return goes_on;
}

static void run(void *argument)
{
    struct people *people = argument;
    while (!atomic_load(&people->stopping)) {
        int fd = http_connect(people->harness->port);
        while (fd >= 0 && post(people, fd) && !atomic_load(&people->stopping))
            ;
        if (fd >= 0)
            close(fd);
        else
            server_pause_ms(10);
    }
}

void people_start(struct people *people)
{
    atomic_store(&people->stopping, false);
    for (size_t i = 0; i < people->connections && i < PEOPLE_CONNECTIONS_MAX; i++)
        if (thread_start(&people->threads[i], "people", run, people) != ERR_OK)
            fail("no more threads");
}

void people_stop(struct people *people)
{
    atomic_store(&people->stopping, true);
    for (size_t i = 0; i < people->connections && i < PEOPLE_CONNECTIONS_MAX; i++)
        thread_join(people->threads[i]);
}

/* What the database holds of one person. */
struct stored {
    int64_t leads, counted[PEOPLE]; /* how often each came in, the first time included */
    size_t strangers, doubled;
};

static void see(void *context, const struct slice *columns)
{
    struct stored *stored = context;
    uint64_t person;
    int64_t reengagements;
    stored->leads++;
    if (!slice_starts(columns[0], SLICE("person-")) ||
        number_parse_unsigned(slice_head(slice_skip(columns[0], 7), slice_find(columns[0], '@') - 7),
                              PEOPLE - 1, &person) != ERR_OK ||
        number_parse_int64(columns[1], &reengagements) != ERR_OK) {
        stored->strangers++;
        return;
    }
    stored->doubled += stored->counted[person] > 0;
    stored->counted[person] += 1 + reengagements;
}

void people_check(const struct people *people)
{
    struct stored stored = {0};
    struct database database;
    size_t acknowledged = 0, doubtful = 0, lost = 0, invented = 0, twice_created = 0;
    int64_t counted = 0;
    database_open(&database, people->harness->db);
    database_each(&database, "SELECT email, reengagements_count FROM lead WHERE organization_id = 2", see,
                  &stored);
    database_close(&database);
    for (size_t i = 0; i < PEOPLE; i++) {
        size_t created = atomic_load(&people->counts[i].created),
               unsure = atomic_load(&people->counts[i].doubtful);
        size_t told = created + atomic_load(&people->counts[i].reengaged);
        lost += stored.counted[i] < (int64_t)told;
        invented += stored.counted[i] > (int64_t)(told + unsure);
        twice_created += created > 1;
        acknowledged += told;
        doubtful += unsure;
        counted += stored.counted[i];
    }
    printf("%d people: %zu posts acknowledged, %zu doubtful, %lld counted\n", PEOPLE, acknowledged, doubtful,
           (long long)counted);
    check(acknowledged > 0, "nobody was acknowledged");
    check(lost == 0, "%zu people have posts that were acknowledged and do not count", lost);
    check(invented == 0, "%zu people have more posts than they made", invented);
    check(twice_created == 0 && stored.doubled == 0 && stored.strangers == 0,
          "%zu people were created twice, %zu are there twice, %zu are strangers", twice_created,
          stored.doubled, stored.strangers);
    check(atomic_load(&people->wrong) == 0, "%zu wrong answers", atomic_load(&people->wrong));
}
