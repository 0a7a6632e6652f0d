/* What the database holds, compared with what a load was told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include "check.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"

#include <stdio.h>
#include <string.h>

#define PAGES_MAX 10000

/* How often each number was seen. */
struct sightings {
    const struct load *load;
    uint8_t *seen;
    size_t leads, strangers, incomplete;
};

static void sightings_init(struct sightings *sightings, const struct load *load)
{
    *sightings = (struct sightings){.load = load, .seen = mem_zero(load->lead_max, 1)};
    if (!sightings->seen)
        fail("out of memory");
}

/* The number in "lead-17". */
static bool parse_number(const struct sightings *sightings, struct slice external_id, size_t *ret_number)
{
    uint64_t number;
    if (!slice_starts(external_id, SLICE("lead-")) ||
        number_parse_unsigned(slice_skip(external_id, 5), UINT32_MAX, &number) != ERR_OK ||
        number >= sightings->load->lead_max || sightings->load->leads[number].fate == FATE_UNSENT)
        return false;
    *ret_number = (size_t)number;
    return true;
}

static void see(struct sightings *sightings, size_t number)
{
    if (sightings->seen[number] < 255)
        sightings->seen[number]++;
}

/* Acknowledged once, otherwise wholly or not at all, where a bulk request is one whole. */
static void judge(struct sightings *sightings, const char *where)
{
    const struct load *load = sightings->load;
    size_t missing = 0, doubled = 0, torn = 0, unexpected = 0;
    for (size_t i = 0; i < load->lead_max; i++) {
        const struct load_lead *lead = &load->leads[i];
        missing += lead->fate == FATE_STORED && sightings->seen[i] == 0;
        doubled += sightings->seen[i] > 1;
        unexpected += lead->fate == FATE_REFUSED && !load->refusals_are_doubtful && sightings->seen[i] > 0;
        bool same_request = i > 0 && lead->fate != FATE_UNSENT && lead->request == lead[-1].request &&
                            lead[-1].fate != FATE_UNSENT;
        torn += same_request && sightings->seen[i] != sightings->seen[i - 1];
    }
    check(missing == 0, "%s: %zu acknowledged leads are missing", where, missing);
    check(doubled == 0, "%s: %zu leads are there more than once", where, doubled);
    check(torn == 0, "%s: %zu bulk requests are there in part", where, torn);
    check(sightings->strangers == 0, "%s: %zu leads that nobody posted", where, sightings->strangers);
    check(sightings->incomplete == 0, "%s: %zu leads are there in part", where, sightings->incomplete);
    check(unexpected == 0, "%s: %zu leads were refused and are there", where, unexpected);
    mem_free(sightings->seen);
}

static struct slice text_of(const struct value *object, struct slice key)
{
    const struct value *value = value_get(object, key);
    return value && value->kind == VALUE_STRING ? value->text : SLICE_NULL;
}

static bool is_complete(const struct load *load, size_t number, const struct value *lead)
{
    char phone[32], email[48];
    const struct value *metadata = value_get(lead, SLICE("metadata"));
    const struct value *stored_number = value_get(metadata, SLICE("number"));
    const struct value *count = value_get(lead, SLICE("reengagements_count"));
    snprintf(phone, sizeof(phone), "+1415%07zu", 2000000 + number);
    snprintf(email, sizeof(email), "lead-%zu@example.com", number);
    return slice_equal(text_of(lead, SLICE("phone_number")), slice_from(phone)) &&
           slice_equal(text_of(lead, SLICE("email")), slice_from(email)) && stored_number &&
           stored_number->kind == VALUE_INTEGER && stored_number->integer == (int64_t)number &&
           text_of(metadata, SLICE("padding")).n == load->leads[number].padding && count &&
           count->kind == VALUE_INTEGER && count->integer == 0;
}

static void look_at_page(struct sightings *sightings, const struct value *results)
{
    for (size_t i = 0; i < results->array.count; i++) {
        const struct value *lead = &results->array.items[i];
        size_t number;
        sightings->leads++;
        if (!parse_number(sightings, text_of(lead, SLICE("external_id")), &number)) {
            sightings->strangers++;
            continue;
        }
        see(sightings, number);
        sightings->incomplete += !is_complete(sightings->load, number, lead);
    }
}

/* False: that was the last page. */
static bool read_page(struct sightings *sightings, size_t page, size_t page_size, int64_t *ret_count)
{
    const struct jin_options options = {.values_max = 10000000};
    char target[96];
    struct arena arena;
    struct http_answer answer;
    struct value body;
    struct jin_fault fault;
    arena_init(&arena, (size_t)512 << 20);
    snprintf(target, sizeof(target), "/api/leads/?page=%zu&page_size=%zu", page, page_size);
    if (!http_json(sightings->load->harness, &arena, "GET", target, NULL, &answer) || answer.status != 200 ||
        jin_decode(&arena, answer.body, &options, &body, &fault) != ERR_OK)
        fail("GET %s: no list", target);
    const struct value *results = value_get(&body, SLICE("results")),
                       *count = value_get(&body, SLICE("count"));
    if (!results || results->kind != VALUE_ARRAY || !count || count->kind != VALUE_INTEGER)
        fail("GET %s: no list", target);
    look_at_page(sightings, results);
    *ret_count = count->integer;
    bool more = !slice_is_null(text_of(&body, SLICE("next")));
    arena_done(&arena);
    return more;
}

size_t evidence_from_server(const struct load *load, size_t page_size)
{
    struct sightings sightings;
    int64_t count;
    size_t page = 1;
    sightings_init(&sightings, load);
    while (read_page(&sightings, page, page_size, &count) && page < PAGES_MAX)
        page++;
    check(count == (int64_t)sightings.leads, "the list counts %lld leads and has %zu", (long long)count,
          sightings.leads);
    judge(&sightings, "server");
    return sightings.leads;
}

static int64_t number_of(const struct database *database, const char *sql)
{
    return database_number(database, sql, NULL, 0);
}

/* Whether a submission's body holds the external id of the lead l, in quotes. */
static const char *body_names_lead(const struct database *database)
{
    return database->is_postgresql
               ? "position(convert_to('\"' || l.external_id || '\"', 'UTF8') IN s.body) > 0"
               : "instr(CAST(s.body AS TEXT), '\"' || l.external_id || '\"') > 0";
}

static void check_soundness(const struct database *database)
{
    char why[256], sql[600];
    check(database_is_sound(database, why), "%s", why);
    check(number_of(database, "SELECT coalesce(sum(leads), 0) FROM lead_count WHERE organization_id = 1") ==
              number_of(database, "SELECT count(*) FROM lead WHERE organization_id = 1"),
          "the counter of the organization is wrong");
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM (SELECT l.id FROM lead l LEFT JOIN submission s ON s.lead_id = l.id AND "
             "s.outcome = 'created' AND %s WHERE l.ingestion_config_id IS NOT NULL GROUP BY l.id HAVING "
             "count(s.id) <> 1) AS odd",
             body_names_lead(database));
    check(number_of(database, sql) == 0, "an ingested lead has no submission of its own");
    check(number_of(database, "SELECT count(*) FROM submission s LEFT JOIN lead l ON l.id = s.lead_id WHERE "
                              "s.outcome = 'created' AND l.id IS NULL") == 0,
          "a submission speaks of a lead that is not there");
}

/* Counts leads, and acknowledged ones that came the wrong way. */
struct reading {
    struct sightings sightings;
    size_t strayed;
};

static void see_row(void *context, const struct slice *columns)
{
    struct reading *reading = context;
    struct sightings *sightings = &reading->sightings;
    size_t number;
    if (!parse_number(sightings, columns[0], &number)) {
        sightings->strangers++;
        return;
    }
    see(sightings, number);
    reading->strayed +=
        (sightings->load->leads[number].kind == LOAD_INGEST) != slice_equal(columns[1], SLICE("1"));
}

void evidence_from_database(const struct load *load)
{
    struct reading reading = {.strayed = 0};
    struct database database;
    database_open(&database, load->harness->db);
    check_soundness(&database);
    sightings_init(&reading.sightings, load);
    database_each(
        &database,
        "SELECT external_id, CASE WHEN ingestion_config_id IS NULL THEN 0 ELSE 1 END FROM lead WHERE "
        "organization_id = 1",
        see_row, &reading);
    check(reading.strayed == 0, "%zu leads came another way than they were posted", reading.strayed);
    judge(&reading.sightings, "file");
    database_close(&database);
}
