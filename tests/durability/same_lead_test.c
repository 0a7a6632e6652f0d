/* One person, posted many times at the same instant, makes one lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "load_client.h"
#include "salvo.h"

#include "inlet/codec/jin.h"

#include <stdio.h>

#define CONNECTIONS          50
#define EACH                 4

#define PERSON(phone, email) "{\"phone_number\":\"" phone "\",\"email\":\"" email "\",\"lead_type\":1}"
#define BULK(item)           "{\"leads\":[" item "," item "]}"

/* Of all leads with PHONE there is one, and it reengaged so many times. */
static void check_one_lead(const struct harness *harness, const char *phone, int64_t reengagements)
{
    char target[96];
    struct arena arena;
    struct http_answer answer;
    struct value body;
    struct jin_fault fault;
    arena_init(&arena, (size_t)16 << 20);
    snprintf(target, sizeof(target), "/api/leads/?phone_number=%%2B%s", phone + 1);
    if (!http_json(harness, &arena, "GET", target, NULL, &answer) || answer.status != 200 ||
        jin_decode(&arena, answer.body, NULL, &body, &fault) != ERR_OK)
        fail("GET %s: no list", target);
    const struct value *results = value_get(&body, SLICE("results"));
    if (check(results && results->array.count == 1, "%s: %zu leads", phone,
              results ? results->array.count : 0)) {
        const struct value *lead = &results->array.items[0];
        const struct value *count = value_get(lead, SLICE("reengagements_count"));
        const struct value *status = value_get(lead, SLICE("status"));
        check(count && count->integer == reengagements, "%s: reengagements_count is %lld instead of %lld",
              phone, count ? (long long)count->integer : -1, (long long)reengagements);
        check(status && slice_equal(status->text, SLICE("OPEN")), "%s: the status is not OPEN", phone);
    }
    arena_done(&arena);
}

/* Fires SALVOS, in which ITEMS leads are sent altogether. */
static void play(const struct harness *harness, const char *name, const char *phone, struct salvo *salvos,
                 size_t count, size_t items)
{
    size_t created = 0, reengaged = 0, other = 0;
    salvo_fire(harness, salvos, count);
    for (size_t i = 0; i < count; i++) {
        created += atomic_load(&salvos[i].created);
        reengaged += atomic_load(&salvos[i].reengaged);
        other += atomic_load(&salvos[i].other);
    }
    printf("%s: %zu created, %zu reengaged, %zu other answers\n", name, created, reengaged, other);
    check(created == 1, "%s: %zu leads created", name, created);
    check(reengaged == items - 1, "%s: %zu reengagements instead of %zu", name, reengaged, items - 1);
    check(other == 0, "%s: %zu other answers", name, other);
    check_one_lead(harness, phone, (int64_t)items - 1);
}

static void play_all(const struct harness *harness, const char *ingest)
{
    const char *single = PERSON("+14155550101", "one@example.com");
    struct salvo by_api[] = {
        {.target = "/api/leads/", .body = single, .connections = CONNECTIONS, .each = EACH}};
    play(harness, "API", "+14155550101", by_api, 1, CONNECTIONS * EACH);

    const char *ingested = PERSON("+14155550102", "two@example.com");
    struct salvo by_ingest[] = {
        {.target = ingest, .body = ingested, .connections = CONNECTIONS, .each = EACH}};
    play(harness, "ingestion", "+14155550102", by_ingest, 1, CONNECTIONS * EACH);

    const char *third = PERSON("+14155550103", "three@example.com");
    const char *twice = BULK(PERSON("+14155550103", "three@example.com"));
    struct salvo mixed[] = {
        {.target = "/api/leads/", .body = third, .connections = 20, .each = EACH},
        {.target = ingest, .body = third, .connections = 15, .each = EACH},
        {.target = "/api/leads/bulk-create/", .body = twice, .connections = 15, .each = EACH}};
    play(harness, "API, ingestion and bulk", "+14155550103", mixed, 3, (20 + 15 + 15 * 2) * EACH);

    const char *lower = PERSON("+14155550104", "four@example.com"),
               *upper = PERSON("+14155550104", "FOUR@Example.COM");
    const char *local = PERSON("(415) 555-0104", " Four@example.com ");
    struct salvo spelled[] = {{.target = "/api/leads/", .body = lower, .connections = 20, .each = EACH},
                              {.target = "/api/leads/", .body = upper, .connections = 20, .each = EACH},
                              {.target = ingest, .body = local, .connections = 10, .each = EACH}};
    play(harness, "three spellings", "+14155550104", spelled, 3, CONNECTIONS * EACH);
}

int main(void)
{
    static const char *const options[] = {"--log-level", "warning", NULL};
    struct harness harness;
    struct load load; /* for its ingestion config */
    harness_open(&harness);
    load_init(&load, &harness, 1);
    harness_start(&harness, options);
    play_all(&harness, load.ingest_target);
    check(harness_stop(&harness) == 0, "the server ended badly");
    load_done(&load);
    harness_close(&harness);
    return check_end();
}
