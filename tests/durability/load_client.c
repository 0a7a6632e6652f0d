/* Posts leads over many connections at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "load_client.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"
#include "inlet/codec/jin.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX ((size_t)12 << 20)
#define ARENA_MAX   ((size_t)64 << 20)

void load_init(struct load *load, const struct harness *harness, size_t lead_max)
{
    static const char *const lead_type[] = {"lead-type", "create", "--id", "1", "--name", "Campaign 1", NULL};
    static const char *const config[] = {"ingest",      "create", "--name", "Provider",
                                         "--lead-type", "1",      "--open", NULL};
    struct buffer uuid CLEANUP(buffer_done) = BUFFER_INIT(1024);
    struct harness own = *harness;
    *load = (struct load){.harness = harness,
                          .lead_max = lead_max,
                          .connections = 16,
                          .bulk_size = 20,
                          .kinds = LOAD_ALL,
                          .leads = mem_zero(lead_max, sizeof(*load->leads))};
    if (!load->leads)
        fail("out of memory");
    harness_setup(&own, lead_type);
    if (harness_command(&own, config, SLICE_NULL, &uuid) != 0 || uuid.length != 36)
        fail("cannot make an ingestion config: \"%.*s\"", SLICE_ARG(buffer_slice(&uuid)));
    snprintf(load->ingest_target, sizeof(load->ingest_target), "/ingest/%.*s/",
             SLICE_ARG(buffer_slice(&uuid)));
}

void load_done(struct load *load)
{
    mem_free(load->leads);
}

static void append_lead(struct buffer *body, size_t number, size_t padding)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    buffer_print(
        body,
        "{\"phone_number\":\"+1415%07zu\",\"email\":\"lead-%zu@example.com\",\"external_id\":\"lead-%zu\","
        "\"lead_type\":1,\"metadata\":{\"number\":%zu,\"padding\":\"",
        2000000 + number, number, number, number);
    for (size_t left = padding; left > 0;) {
        size_t n = left < sizeof(letters) - 1 ? left : sizeof(letters) - 1;
        buffer_append(body, slice_of(letters, n));
        left -= n;
    }
    buffer_append_text(body, "\"}}");
}

static void build(struct buffer *body, const struct load *load, enum load_kind kind, size_t first,
                  size_t count)
{
    if (kind == LOAD_BULK)
        buffer_append_text(body, "{\"leads\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(body, ',');
        append_lead(body, first + i, load->padding);
    }
    if (kind == LOAD_BULK)
        buffer_append_text(body, "]}");
    if (buffer_error(body) != ERR_OK)
        fail("a request of more than %zu bytes", REQUEST_MAX);
}

static bool has_detail(const struct http_answer *answer)
{
    struct arena arena;
    struct value body;
    struct jin_fault fault;
    arena_init(&arena, ARENA_MAX);
    bool has = false;
    if (jin_decode(&arena, answer->body, NULL, &body, &fault) == ERR_OK && body.kind == VALUE_OBJECT) {
        const struct value *detail = value_get(&body, SLICE("detail"));
        has = detail && detail->kind == VALUE_STRING && detail->text.n > 0;
    }
    arena_done(&arena);
    return has;
}

bool load_is_refusal(const struct http_answer *answer)
{
    size_t retries = 0;
    for (size_t i = 0; i < answer->header_count; i++)
        retries += slice_equal_nocase(answer->headers[i].name, SLICE("Retry-After"));
    return (answer->status == 503 || answer->status == 507) && retries == 1 && has_detail(answer);
}

size_t load_occurrences(struct slice text, struct slice word)
{
    size_t count = 0;
    for (const char *at; text.n > 0 && (at = memmem(text.p, text.n, word.p, word.n)); count++)
        text = slice_skip(text, (size_t)(at - text.p) + word.n);
    return count;
}

/* No lead is posted twice, so that anything but "created" is wrong. */
static enum load_fate judge(struct load *load, enum load_kind kind, size_t count,
                            const struct http_answer *answer)
{
    bool stored = kind == LOAD_BULK
                      ? answer->status == 200 &&
                            load_occurrences(answer->body, SLICE("\"action\":\"created\"")) == count
                      : answer->status == 201;
    if (stored) {
        atomic_fetch_add(&load->stored, count);
        return FATE_STORED;
    }
    if (load_is_refusal(answer)) {
        atomic_fetch_add(&load->refused, count);
        return FATE_REFUSED;
    }
    if (atomic_fetch_add(&load->wrong, 1) == 0) {
        printf("   a wrong answer: %u %.*s\n", answer->status, SLICE_ARG(slice_head(answer->body, 300)));
        for (size_t i = 0; i < answer->header_count; i++)
            printf("   %.*s: %.*s\n", SLICE_ARG(answer->headers[i].name),
                   SLICE_ARG(answer->headers[i].value));
    }
    return FATE_UNKNOWN;
}

static void note_time(struct load *load, int64_t us)
{
    int_least64_t slowest = atomic_load(&load->slowest_us);
    while (us > slowest && !atomic_compare_exchange_weak(&load->slowest_us, &slowest, us))
        ;
}

static bool ask(struct load *load, int fd, struct arena *arena, enum load_kind kind, struct slice body,
                struct http_answer *ret_answer)
{
    static const char *const targets[] = {
        [LOAD_SINGLE] = "/api/leads/", [LOAD_BULK] = "/api/leads/bulk-create/"};
    char authorization[96];
    snprintf(authorization, sizeof(authorization), "Token %s", load->harness->token);
    struct http_header headers[] = {{SLICE("Content-Type"), SLICE("application/json")},
                                    {SLICE("Authorization"), slice_from(authorization)}};
    const char *target = kind == LOAD_INGEST ? load->ingest_target : targets[kind];
    size_t header_count = kind == LOAD_INGEST ? 1 : 2; /* the config is open */
    int64_t began_us = clock_monotonic_us();
    bool answered =
        http_ask(fd, arena, "POST", slice_from(target), headers, header_count, body, true, ret_answer);
    note_time(load, clock_monotonic_us() - began_us);
    return answered;
}

static enum load_kind choose(const struct load *load, size_t request)
{
    static const enum load_kind turns[] = {LOAD_SINGLE, LOAD_INGEST, LOAD_SINGLE, LOAD_BULK,
                                           LOAD_INGEST, LOAD_SINGLE, LOAD_INGEST};
    for (size_t i = 0; i < ARRAY_LENGTH(turns); i++) {
        enum load_kind kind = turns[(request + i) % ARRAY_LENGTH(turns)];
        if (load->kinds & 1U << kind)
            return kind;
    }
    return LOAD_SINGLE;
}

/* Takes the next numbers and posts them. False: there is nothing more to do for this thread. */
static bool post_next(struct load *load, int *fd)
{
    struct buffer body CLEANUP(buffer_done) = BUFFER_INIT(REQUEST_MAX);
    struct http_answer answer;
    struct arena arena;
    size_t request = atomic_fetch_add(&load->requests, 1);
    enum load_kind kind = choose(load, request);
    size_t count = kind == LOAD_BULK ? load->bulk_size : 1;
    size_t first = atomic_fetch_add(&load->next, count);
    if (first + count > load->until)
        return false;
    build(&body, load, kind, first, count);
    struct load_lead lead = {(uint8_t)kind, FATE_UNKNOWN, (uint32_t)load->padding, (uint32_t)request};
    arena_init(&arena, ARENA_MAX);
    bool answered = ask(load, *fd, &arena, kind, buffer_slice(&body), &answer);
    if (answered)
        lead.fate = (uint8_t)judge(load, kind, count, &answer);
    else
        atomic_fetch_add(&load->broken, 1);
    for (size_t i = 0; i < count; i++)
        load->leads[first + i] = lead;
    if (answered && slice_equal_nocase(http_header_of(&answer, "Connection"), SLICE("close"))) {
        close(*fd);
        *fd = http_connect(load->harness->port);
    }
    arena_done(&arena);
    if (lead.fate == FATE_REFUSED && load->refusal_rest_ms > 0)
        usleep(load->refusal_rest_ms * 1000);
    return answered && *fd >= 0;
}

static void run(void *argument)
{
    struct load *load = argument;
    int fd = http_connect(load->harness->port);
    while (fd >= 0 && !atomic_load(&load->stopping) && post_next(load, &fd))
        ;
    if (fd >= 0)
        close(fd);
}

void load_start(struct load *load, size_t leads)
{
    atomic_store(&load->stopping, false);
    size_t first = atomic_load(&load->next);
    if (first > load->lead_max)
        atomic_store(&load->next, first = load->lead_max);
    load->until = leads < load->lead_max - first ? first + leads : load->lead_max;
    load->thread_count = 0;
    for (size_t i = 0; i < load->connections && i < LOAD_CONNECTIONS_MAX; i++)
        if (thread_start(&load->threads[load->thread_count++], "load", run, load) != ERR_OK)
            fail("no more threads");
}

void load_wait(struct load *load)
{
    for (size_t i = 0; i < load->thread_count; i++)
        thread_join(load->threads[i]);
    load->thread_count = 0;
    if (atomic_load(&load->next) > load->until) /* numbers taken in vain */
        atomic_store(&load->next, load->until);
}

void load_stop(struct load *load)
{
    atomic_store(&load->stopping, true);
    load_wait(load);
}
