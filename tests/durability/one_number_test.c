/* Many leads of one number whose owner says stop at all of them at once: no request waits for another crosswise. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "harness.h"

#include "inlet/codec/jin.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#define LEADS 24

struct request {
    const struct harness *harness;
    const char *method;
    char target[64], body[160];
    pthread_t thread;
    unsigned status;
    int64_t id; /* of the lead that is answered */
};

static void *ask(void *argument)
{
    struct request *request = argument;
    struct arena arena;
    struct http_answer answer;
    struct value lead;
    arena_init(&arena, (size_t)4 << 20);
    if (http_json(request->harness, &arena, request->method, request->target, request->body, &answer)) {
        request->status = answer.status;
        if (jin_decode(&arena, answer.body, NULL, &lead, NULL) == ERR_OK && lead.kind == VALUE_OBJECT) {
            const struct value *id = value_get(&lead, SLICE("id"));
            request->id = id && id->kind == VALUE_INTEGER ? id->integer : 0;
        }
    }
    arena_done(&arena);
    return NULL;
}

static void create_leads(struct request requests[LEADS])
{
    for (int i = 0; i < LEADS; i++) {
        struct request *request = &requests[i];
        request->method = "POST";
        snprintf(request->target, sizeof(request->target), "/api/leads/");
        snprintf(request->body, sizeof(request->body),
                 "{\"phone_number\":\"+14155550142\",\"email\":\"p%d@example.com\"}", i);
        ask(request);
        check(request->status == 201, "lead %d is answered with %u", i, request->status);
    }
}

static void fire(struct request requests[LEADS], const char *what)
{
    size_t served = 0;
    for (int i = 0; i < LEADS; i++) {
        requests[i].status = 0;
        if (pthread_create(&requests[i].thread, NULL, ask, &requests[i]) != 0)
            fail("no thread");
    }
    for (int i = 0; i < LEADS; i++) {
        pthread_join(requests[i].thread, NULL);
        served += requests[i].status == 200 || requests[i].status == 201;
    }
    check(served == LEADS, "%s: %zu of %d requests were served", what, served, LEADS);
}

static void play(const struct harness *harness)
{
    struct request requests[LEADS] = {0};
    int64_t ids[LEADS];
    for (int i = 0; i < LEADS; i++)
        requests[i].harness = harness;
    create_leads(requests);
    for (int i = 0; i < LEADS; i++) {
        ids[i] = requests[i].id;
        requests[i].method = "PATCH";
        snprintf(requests[i].target, sizeof(requests[i].target), "/api/leads/%lld/", (long long)ids[i]);
        snprintf(requests[i].body, sizeof(requests[i].body), "{\"call_dnc\":true}");
    }
    fire(requests, "changes");
    for (int i = 0; i < LEADS; i++) {
        requests[i].method = "POST";
        snprintf(requests[i].target, sizeof(requests[i].target), "/api/leads/%lld/calls/", (long long)ids[i]);
        snprintf(requests[i].body, sizeof(requests[i].body), "{\"outcome\":\"dnc\"}");
    }
    fire(requests, "reports");
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct harness harness;
    harness_open(&harness);
    harness_start(&harness, options);
    play(&harness);
    check(harness_stop(&harness) == 0, "the server ended badly");
    harness_close(&harness);
    return check_end();
}
