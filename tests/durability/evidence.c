/* What the database holds, compared with what a load was told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include "check.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"

#include <sqlite3.h>
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
        unexpected += lead->fate == FATE_REFUSED && sightings->seen[i] > 0;
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

static sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = query(db, sql);
    if (sqlite3_step(statement) != SQLITE_ROW)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void check_soundness(sqlite3 *db)
{
    sqlite3_stmt *statement = query(db, "PRAGMA integrity_check");
    bool sound = sqlite3_step(statement) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    check(sound, "integrity_check: %s", sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    statement = query(db, "PRAGMA foreign_key_check");
    check(sqlite3_step(statement) == SQLITE_DONE, "foreign_key_check finds something");
    sqlite3_finalize(statement);
    check(number_of(db, "SELECT coalesce(sum(leads), 0) FROM lead_count WHERE organization_id = 1") ==
              number_of(db, "SELECT count(*) FROM lead WHERE organization_id = 1"),
          "the counter of the organization is wrong");
    check(number_of(
              db,
              "SELECT count(*) FROM lead l WHERE ingestion_config_id IS NOT NULL AND (SELECT count(*) FROM "
              "submission s WHERE s.lead_id = l.id AND s.outcome = 'created' AND instr(CAST(s.body AS TEXT), "
              "'\"' || l.external_id || '\"') > 0) <> 1") == 0,
          "an ingested lead has no submission of its own");
    check(number_of(db, "SELECT count(*) FROM submission s WHERE outcome = 'created' AND NOT EXISTS (SELECT "
                        "1 FROM lead l "
                        "WHERE l.id = s.lead_id)") == 0,
          "a submission speaks of a lead that is not there");
}

/* Counts leads, and acknowledged ones that came the wrong way. */
static size_t read_leads(sqlite3 *db, struct sightings *sightings)
{
    sqlite3_stmt *statement = query(db, "SELECT external_id, ingestion_config_id IS NOT NULL FROM lead");
    size_t strayed = 0, number;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *external_id = (const char *)sqlite3_column_text(statement, 0);
        if (!parse_number(sightings, slice_from(external_id), &number)) {
            sightings->strangers++;
            continue;
        }
        see(sightings, number);
        strayed +=
            (sightings->load->leads[number].kind == LOAD_INGEST) != (sqlite3_column_int(statement, 1) == 1);
    }
    sqlite3_finalize(statement);
    return strayed;
}

void evidence_from_file(const struct load *load)
{
    struct sightings sightings;
    sqlite3 *db;
    if (sqlite3_open_v2(load->harness->db + strlen("sqlite:"), &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        fail("%s: %s", load->harness->db, sqlite3_errmsg(db));
    check_soundness(db);
    sightings_init(&sightings, load);
    size_t strayed = read_leads(db, &sightings);
    check(strayed == 0, "%zu leads came another way than they were posted", strayed);
    judge(&sightings, "file");
    sqlite3_close(db);
}
