/* Many dialers at once: a lead is with one of them at a time, and no number is called more often than its cap allows. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dialers lease leads, and report most of the calls at once, some twice, some too late and some never: leases end both ways, and
 * what was called is soon due again. Some leads have numbers of their own; the others share numbers in a state with a cap. On PostgreSQL the dialers ask two servers. What each dialer saw is checked at once, what was kept at the end.
 */
#include "check.h"
#include "server.h"

#include "inlet/base/clock.h"
#include "inlet/base/thread.h"
#include "inlet/codec/jin.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define DIALERS        12
#define FREE_LEADS     60
#define CAPPED_NUMBERS 100
#define CAPPED_LEADS   (8 * CAPPED_NUMBERS)
#define CAP            3
#define IDS_MAX        4096 /* a connection to PostgreSQL takes a run of ids */
#define LEASE_S        30
#define RUN_MS         40000
#define LATE_MAX       8

#define SECOND_US      INT64_C(1000000)

#define ALL_HOURS                                                                                            \
    "{\"version\":\"test\",\"rules\":[{\"override\":\"us-hours\",\"reason\":\"test\"},"                      \
    "{\"override\":\"fl-hours\",\"reason\":\"test\"}]}"
#define CALLING                                                                                              \
    "{\"name\":\"Calls\",\"calling\":{\"cadence\":[\"0m\"],\"max_attempts\":1000,\"hours\":{"                \
    "\"mon\":[\"00:00-24:00\"],\"tue\":[\"00:00-24:00\"],\"wed\":[\"00:00-24:00\"],"                         \
    "\"thu\":[\"00:00-24:00\"],\"fri\":[\"00:00-24:00\"],\"sat\":[\"00:00-24:00\"],"                         \
    "\"sun\":[\"00:00-24:00\"]}}}"

/* A lease that its dialer keeps for later. */
struct held {
    int64_t lead_id, expires_us; /* monotonic */
    char lease_id[40];
};

struct dialer {
    const struct harness *harness;
    struct field *field;
    pthread_t thread;
    uint32_t random;
    int fd;
    char authorization[160];
    struct held late[LATE_MAX];
    size_t late_count;
};

/* What all dialers share: until when each lead is in somebody's hands, by its id. */
struct field {
    atomic_int_least64_t held_until_us[IDS_MAX]; /* monotonic */
    atomic_size_t leases, reports, repeats, late, given_up, overlaps, wrong;
    atomic_bool stopping;
    struct dialer dialers[DIALERS];
};

/* Numbers that differ from dialer to dialer, and are the same in each run. */
static uint32_t draw(struct dialer *dialer, uint32_t below)
{
    dialer->random = dialer->random * 1664525U + 1013904223U;
    return (dialer->random >> 16) % below;
}

static bool ask(struct dialer *dialer, struct arena *arena, const char *target, const char *body,
                unsigned *ret_status, struct value *ret_value)
{
    struct http_header headers[] = {{SLICE("Authorization"), slice_from(dialer->authorization)},
                                    {SLICE("Content-Type"), SLICE("application/json")}};
    struct http_answer answer;
    struct jin_fault fault;
    if (!http_ask(dialer->fd, arena, "POST", slice_from(target), headers, ARRAY_LENGTH(headers),
                  slice_from(body), true, &answer))
        return false;
    *ret_status = answer.status;
    return jin_decode(arena, answer.body, NULL, ret_value, &fault) == ERR_OK;
}

static void report(struct dialer *dialer, const struct held *held, unsigned expected)
{
    char target[64], body[128];
    unsigned status = 0;
    struct value value;
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, (size_t)1 << 20);
    snprintf(target, sizeof(target), "/api/leads/%lld/calls/", (long long)held->lead_id);
    snprintf(body, sizeof(body), "{\"outcome\":\"no_answer\",\"lease_id\":\"%s\"}", held->lease_id);
    if (!ask(dialer, &arena, target, body, &status, &value) || status != expected)
        atomic_fetch_add(&dialer->field->wrong, 1);
}

/* The lead is free for others from the moment the report is on its way. */
static void report_now(struct dialer *dialer, const struct held *held)
{
    struct field *field = dialer->field;
    int_least64_t mine = held->expires_us;
    atomic_compare_exchange_strong(&field->held_until_us[held->lead_id], &mine, 0);
    report(dialer, held, 201);
    atomic_fetch_add(&field->reports, 1);
    if (draw(dialer, 5) == 0) {
        report(dialer, held, 200);
        atomic_fetch_add(&field->repeats, 1);
    }
}

static void report_late(struct dialer *dialer)
{
    size_t kept = 0;
    for (size_t i = 0; i < dialer->late_count; i++) {
        if (clock_monotonic_us() < dialer->late[i].expires_us + SECOND_US) {
            dialer->late[kept++] = dialer->late[i];
            continue;
        }
        report(dialer, &dialer->late[i], 201);
        atomic_fetch_add(&dialer->field->late, 1);
    }
    dialer->late_count = kept;
}

static void take(struct dialer *dialer, const struct value *due, int64_t asked_us)
{
    struct field *field = dialer->field;
    const struct value *id = value_get(value_get(due, SLICE("lead")), SLICE("id"));
    const struct value *lease_id = value_get(due, SLICE("lease_id"));
    if (!id || !lease_id || id->integer <= 0 || id->integer >= IDS_MAX) {
        atomic_fetch_add(&field->wrong, 1);
        return;
    }
    /* By the server's clock it lasts a little longer. */
    struct held held = {.lead_id = id->integer, .expires_us = asked_us + LEASE_S * SECOND_US};
    snprintf(held.lease_id, sizeof(held.lease_id), "%.*s", SLICE_ARG(lease_id->text));
    int64_t before_us = atomic_exchange(&field->held_until_us[held.lead_id], held.expires_us);
    if (before_us > clock_monotonic_us())
        atomic_fetch_add(&field->overlaps, 1);
    atomic_fetch_add(&field->leases, 1);
    uint32_t fate = draw(dialer, 200);
    if (fate == 0 && dialer->late_count < LATE_MAX)
        dialer->late[dialer->late_count++] = held;
    else if (fate < 3)
        atomic_fetch_add(&field->given_up, 1);
    else
        report_now(dialer, &held);
}

static void poll_once(struct dialer *dialer)
{
    char body[64];
    unsigned status = 0;
    struct value value;
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, (size_t)4 << 20);
    int64_t asked_us = clock_monotonic_us();
    snprintf(body, sizeof(body), "{\"limit\":%u,\"lease_seconds\":%d}", 1 + (unsigned)draw(dialer, 5),
             LEASE_S);
    if (!ask(dialer, &arena, "/api/leads/due/", body, &status, &value) || status != 200) {
        atomic_fetch_add(&dialer->field->wrong, 1);
        return;
    }
    const struct value *results = value_get(&value, SLICE("results"));
    for (size_t i = 0; results && i < results->array.count; i++)
        take(dialer, &results->array.items[i], asked_us);
}

static void dial(void *argument)
{
    struct dialer *dialer = argument;
    while (!atomic_load(&dialer->field->stopping)) {
        poll_once(dialer);
        report_late(dialer);
        server_pause_ms(10 + (long)draw(dialer, 20));
    }
}

static void write_rules(const struct harness *harness, char *path, size_t size)
{
    snprintf(path, size, "%s/rules.json", harness->directory);
    FILE *file = fopen(path, "w");
    if (!file || fputs(ALL_HOURS, file) < 0 || fclose(file) != 0)
        fail("cannot write %s", path);
}

static void post(const struct harness *harness, const char *target, const char *body, unsigned expected)
{
    struct http_answer answer;
    struct harness as_admin = *harness;
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, (size_t)4 << 20);
    memcpy(as_admin.token, harness->admin_token, sizeof(as_admin.token));
    if (!http_json(&as_admin, &arena, "POST", target, body, &answer) || answer.status != expected)
        fail("%s: status %u: %.*s", target, answer.status, SLICE_ARG(answer.body));
}

/* One bulk post. Of the leads with a cap, those with one number stand apart from each other: different dialers come to them at the
 * same moment. */
static void make_leads(const struct harness *harness, const char *area_code, const char *state, int leads,
                       int numbers)
{
    struct buffer body CLEANUP(buffer_done) = BUFFER_INIT(1 << 20);
    buffer_append_text(&body, "{\"leads\":[");
    for (int i = 0; i < leads; i++)
        buffer_print(&body,
                     "%s{\"phone_number\":\"+1%s5550%03d\",\"email\":\"p%d@example.com\",\"us_state\":\"%s\","
                     "\"lead_type\":1}",
                     i > 0 ? "," : "", area_code, 100 + i % numbers, i, state);
    buffer_append_text(&body, "]}");
    if (buffer_append_byte(&body, '\0') != ERR_OK)
        fail("out of memory");
    post(harness, "/api/leads/bulk-create/", body.data, 200);
}

/* A lease A stands at the time T when it has not ended and was not reported; as an attempt it also counts once it was. */
#define LEASE_STANDS "a.lease_until_us > b.created_us AND (a.outcome IS NULL OR a.at_us > b.created_us)"
#define COUNTS       "(a.lease_until_us > b.created_us OR (a.outcome IS NOT NULL AND a.at_us <= b.created_us))"

static void check_database(const struct field *field, const struct harness *harness)
{
    struct database database;
    database_open(&database, harness->db);
    int64_t overlaps = database_number(&database,
                                       "SELECT count(*) FROM call b JOIN call a ON a.lead_id = b.lead_id"
                                       " AND a.created_us < b.created_us AND " LEASE_STANDS,
                                       NULL, 0);
    check(overlaps == 0, "%lld leases of leads that somebody had", (long long)overlaps);
    int64_t most = database_number(
        &database,
        "SELECT COALESCE(max(attempts), 0) FROM (SELECT count(*) AS attempts FROM call b JOIN call a"
        " ON a.phone_number = b.phone_number AND a.created_us <= b.created_us AND " COUNTS
        " WHERE b.phone_number LIKE '+1305%' GROUP BY b.id) AS by_call",
        NULL, 0);
    check(most == CAP, "%lld attempts to one number at a time instead of %d", (long long)most, CAP);
    int64_t kept = database_number(&database, "SELECT count(*) FROM call", NULL, 0);
    check(kept == (int64_t)atomic_load(&field->leases), "%lld leases are kept of %zu", (long long)kept,
          atomic_load(&field->leases));
    int64_t reported =
        database_number(&database, "SELECT count(*) FROM call WHERE outcome IS NOT NULL", NULL, 0);
    int64_t counted = database_number(&database, "SELECT sum(call_attempts) FROM lead", NULL, 0);
    size_t told = atomic_load(&field->reports) + atomic_load(&field->late);
    check(reported == (int64_t)told && counted == (int64_t)told,
          "%zu reports, %lld calls with an outcome, %lld attempts of leads", told, (long long)reported,
          (long long)counted);
    database_close(&database);
}

static void run(struct field *field, const struct harness *const *servers, size_t server_count)
{
    for (size_t i = 0; i < DIALERS; i++) {
        struct dialer *dialer = &field->dialers[i];
        dialer->harness = servers[i % server_count];
        dialer->field = field;
        dialer->random = (uint32_t)i + 1;
        dialer->fd = http_connect(dialer->harness->port);
        snprintf(dialer->authorization, sizeof(dialer->authorization), "Token %s", servers[0]->token);
        if (dialer->fd < 0 || thread_start(&dialer->thread, "dialer", dial, dialer) != ERR_OK)
            fail("no more connections or threads");
    }
    server_pause_ms(RUN_MS);
    atomic_store(&field->stopping, true);
    for (size_t i = 0; i < DIALERS; i++) {
        thread_join(field->dialers[i].thread);
        close(field->dialers[i].fd);
    }
}

int main(void)
{
    static struct field field;
    struct harness first, second;
    const struct harness *servers[2] = {&first, &second};
    char rules[300];
    bool two = database_on_postgresql();
    harness_open(&first);
    write_rules(&first, rules, sizeof(rules));
    const char *const options[] = {"--log-level", "error", "--calling-rules", rules, NULL};
    harness_start(&first, options);
    post(&first, "/api/lead-types/", CALLING, 201);
    make_leads(&first, "305", "FL", CAPPED_LEADS, CAPPED_NUMBERS); /* they came first and are called first */
    make_leads(&first, "212", "NY", FREE_LEADS, FREE_LEADS);
    if (two) {
        harness_join(&second, &first);
        harness_start(&second, options);
    }
    run(&field, servers, two ? 2 : 1);
    printf("%zu leases: %zu reported, %zu of them twice, %zu late, %zu never\n", atomic_load(&field.leases),
           atomic_load(&field.reports), atomic_load(&field.repeats), atomic_load(&field.late),
           atomic_load(&field.given_up));
    check(atomic_load(&field.overlaps) == 0, "%zu leads were with two dialers", atomic_load(&field.overlaps));
    check(atomic_load(&field.wrong) == 0, "%zu wrong answers", atomic_load(&field.wrong));
    check(atomic_load(&field.late) > 0 && atomic_load(&field.given_up) > 0, "no lease ever ran out");
    if (two) {
        check(harness_stop(&second) == 0, "the second server ended badly");
        harness_close(&second);
    }
    check(harness_stop(&first) == 0, "the server ended badly");
    check_database(&field, &first);
    harness_close(&first);
    return check_end();
}
