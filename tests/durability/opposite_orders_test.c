/* The same leads in opposite orders at the same moment: nobody waits for another for ever, and every lead counts right. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where several connections write, the first half of such a pair locks what the second half waits for, and the other way
 * round: PostgreSQL ends one of the two, which has to be tried again unseen.
 */
#include "check.h"
#include "salvo.h"

#include <stdio.h>

#define LEADS       40
#define CONNECTIONS 24
#define EACH        6

static void append_lead(struct buffer *body, int number)
{
    buffer_print(body, "{\"phone_number\":\"+1415555%04d\",\"email\":\"lead-%d@example.com\"}", 1000 + number,
                 number);
}

/* The leads from FIRST on, STEP by STEP. */
static void build(struct buffer *body, int first, int step)
{
    buffer_append_text(body, "{\"leads\":[");
    for (int i = 0; i < LEADS; i++) {
        if (i > 0)
            buffer_append_byte(body, ',');
        append_lead(body, first + i * step);
    }
    buffer_append_text(body, "]}");
    if (buffer_append_byte(body, '\0') != ERR_OK)
        fail("out of memory");
}

static void check_database(const struct harness *harness, int64_t posts)
{
    struct database database;
    database_open(&database, harness->db);
    int64_t leads = database_number(&database, "SELECT count(*) FROM lead", NULL, 0);
    int64_t least = database_number(&database, "SELECT min(reengagements_count) FROM lead", NULL, 0);
    int64_t most = database_number(&database, "SELECT max(reengagements_count) FROM lead", NULL, 0);
    int64_t counted = database_number(&database, "SELECT sum(leads) FROM lead_count", NULL, 0);
    check(leads == LEADS && counted == LEADS, "%lld leads, counted as %lld, instead of %d", (long long)leads,
          (long long)counted, LEADS);
    check(least == posts - 1 && most == posts - 1, "reengagements_count from %lld to %lld instead of %lld",
          (long long)least, (long long)most, (long long)posts - 1);
    database_close(&database);
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct buffer upwards CLEANUP(buffer_done) = BUFFER_INIT(65536),
                          downwards CLEANUP(buffer_done) = BUFFER_INIT(65536);
    struct harness harness;
    build(&upwards, 0, 1);
    build(&downwards, LEADS - 1, -1);
    harness_open(&harness);
    harness_start(&harness, options);
    struct salvo salvos[] = {
        {.target = "/api/leads/bulk-create/", .body = upwards.data, .connections = CONNECTIONS, .each = EACH},
        {.target = "/api/leads/bulk-create/",
         .body = downwards.data,
         .connections = CONNECTIONS,
         .each = EACH}};
    salvo_fire(&harness, salvos, ARRAY_LENGTH(salvos));
    size_t posts = (size_t)2 * CONNECTIONS * EACH, created = 0, reengaged = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(salvos); i++) {
        created += atomic_load(&salvos[i].created);
        reengaged += atomic_load(&salvos[i].reengaged);
        check(atomic_load(&salvos[i].other) == 0, "%zu other answers", atomic_load(&salvos[i].other));
    }
    printf("%zu bulk posts of %d leads: %zu created, %zu reengaged\n", posts, LEADS, created, reengaged);
    check(created == LEADS, "%zu leads created instead of %d", created, LEADS);
    check(reengaged == LEADS * (posts - 1), "%zu reengagements instead of %zu", reengaged,
          LEADS * (posts - 1));
    check_database(&harness, (int64_t)posts);
    check(harness_stop(&harness) == 0, "the server ended badly");
    harness_close(&harness);
    return check_end();
}
