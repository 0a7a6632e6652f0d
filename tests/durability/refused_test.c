/* What was sent and refused is kept, byte for byte, with why; what was refused at the door is not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "harness.h"

#include <stdio.h>
#include <unistd.h>

/* One post, its answer, and the submission it must leave (outcome NULL: none). */
struct refusal {
    const char *method, *target, *content_type, *body;
    unsigned status;
    const char *endpoint, *outcome;
    const char *kept; /* the kept body; NULL: the whole body as it was sent */
    const char *message;
    bool without_token;
};

static const char json[] = "application/json";

/* {{uuid}} and {{id}} in a target stand for the ingestion config and the lead. */
static const struct refusal refusals[] = {
    {"POST", "/api/leads/", json, "{\"phone_number\": \"1\", \"note\": \"r1\"}", 400, "POST /api/leads/",
     "rejected", NULL, "Enter a valid phone number.", false},
    {"POST", "/api/leads/", json, "{broken r2", 400, "POST /api/leads/", "rejected", NULL, "JSON parse error",
     false},
    {"POST", "/api/leads/", "text/plain", "plain r3", 415, "POST /api/leads/", "rejected", NULL,
     "Unsupported media type", false},
    {"POST", "/api/leads/", json, "{\"phone_number\":\"8042260001\",\"min_reengagement_days\":30}", 400,
     "POST /api/leads/", "duplicate", NULL, "already exists", false},
    {"POST", "/api/leads/bulk-create/", json,
     "{\"leads\":[{\"phone_number\":\"8042260002\"},{\"phone_number\":\"1\",\"note\":\"r5\"}]}", 200,
     "POST /api/leads/bulk-create/", "rejected", "{\"phone_number\":\"1\",\"note\":\"r5\"}",
     "phone_number: Enter a valid phone number.", false},
    {"POST", "/api/leads/bulk-create/", json, "{\"leads\":\"r6\"}", 400, "POST /api/leads/bulk-create/",
     "rejected", NULL, "must contain a 'leads' list", false},
    {"PATCH", "/api/leads/{{id}}/", json, "{\"status\":\"r7\"}", 400, "PATCH /api/leads/{id}/", "rejected",
     NULL, "is not a valid choice", false},
    {"POST", "/ingest/{{uuid}}/?from=r8", json, "{\"phone_number\":\"1\"}", 400,
     "POST /ingest/{uuid}/?from=r8", "rejected", NULL, "phone_number: Enter a valid phone number.", true},
    {"POST", "/ingest/{{uuid}}/", json, "[broken r9", 400, "POST /ingest/{uuid}/", "error", NULL,
     "JSON parse error", true},
    {"POST", "/api/leads/", json, "{\"phone_number\":\"1\",\"note\":\"r10\"}", 401, NULL, NULL, NULL, NULL,
     true},
    {"PATCH", "/api/leads/999999/", json, "{\"status\":\"r11\"}", 404, NULL, NULL, NULL, NULL, false},
};

static void post(const struct harness *harness, const char *uuid, const struct refusal *refusal)
{
    char authorization[96], target[160] = "";
    struct arena arena;
    struct http_answer answer;
    snprintf(authorization, sizeof(authorization), "Token %s", harness->token);
    const char *mark = strstr(refusal->target, "{{"), *end = mark ? strstr(mark, "}}") + 2 : NULL;
    if (mark)
        snprintf(target, sizeof(target), "%.*s%s%s", (int)(mark - refusal->target), refusal->target,
                 mark[2] == 'i' ? "1" : uuid, end);
    else
        snprintf(target, sizeof(target), "%s", refusal->target);
    struct http_header headers[] = {{SLICE("Content-Type"), slice_from(refusal->content_type)},
                                    {SLICE("Authorization"), slice_from(authorization)}};
    arena_init(&arena, (size_t)16 << 20);
    int fd = http_connect(harness->port);
    if (fd < 0 || !http_ask(fd, &arena, refusal->method, slice_from(target), headers,
                            refusal->without_token ? 1 : 2, slice_from(refusal->body), true, &answer))
        fail("%s %s: no answer", refusal->method, target);
    check(answer.status == refusal->status, "%s %s: %u instead of %u", refusal->method, target, answer.status,
          refusal->status);
    close(fd);
    arena_done(&arena);
}

/* How many submissions say just this. */
static int64_t count_kept(const struct database *database, const char *body, const struct refusal *refusal)
{
    const char *texts[] = {body, refusal->endpoint, refusal->outcome, refusal->message};
    const char *sql =
        database->is_postgresql
            ? "SELECT count(*) FROM submission WHERE body = convert_to($1, 'UTF8') AND endpoint = $2 AND"
              " outcome = $3 AND position($4 IN message) > 0 AND organization_id = 1 AND request_id <> ''"
            : "SELECT count(*) FROM submission WHERE CAST(body AS TEXT) = $1 AND endpoint = $2 AND"
              " outcome = $3 AND instr(message, $4) > 0 AND organization_id = 1 AND request_id <> ''";
    return database_number(database, sql, texts, ARRAY_LENGTH(texts));
}

static void check_kept(const struct harness *harness)
{
    struct database database;
    int expected = 0;
    database_open(&database, harness->db);
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        const struct refusal *refusal = &refusals[i];
        if (!refusal->outcome)
            continue;
        expected++;
        int64_t count = count_kept(&database, refusal->kept ? refusal->kept : refusal->body, refusal);
        check(count == 1, "%s %s: kept %lld times", refusal->method, refusal->target, (long long)count);
    }
    int64_t all =
        database_number(&database, "SELECT count(*) FROM submission WHERE outcome <> 'created'", NULL, 0);
    check(all == expected, "%lld submissions instead of %d", (long long)all, expected);
    database_close(&database);
}

int main(void)
{
    static const struct refusal lead = {
        "POST", "/api/leads/", json, "{\"phone_number\":\"8042260001\"}", 201, NULL, NULL, NULL, NULL, false};
    struct harness harness;
    struct buffer uuid CLEANUP(buffer_done) = BUFFER_INIT(1024);
    const char *words[] = {"ingest", "create", "--name", "open", "--open", NULL};
    const char *options[] = {"--log-level", "warning", NULL};
    harness_open(&harness);
    if (harness_command(&harness, words, SLICE_NULL, &uuid) != 0 || buffer_append_byte(&uuid, '\0') != ERR_OK)
        fail("no ingestion config");
    harness_start(&harness, options);
    post(&harness, uuid.data, &lead);
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
        post(&harness, uuid.data, &refusals[i]);
    check(harness_stop(&harness) == 0, "the server did not end well");
    check_kept(&harness);
    harness_close(&harness);
    return check_end();
}
