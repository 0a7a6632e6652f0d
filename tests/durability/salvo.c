/* The same request from many connections at the same moment. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "salvo.h"

#include "load_client.h"

#include "inlet/base/thread.h"

#include <stdio.h>
#include <unistd.h>

struct gun {
    const struct harness *harness;
    struct salvo *salvo;
    pthread_barrier_t *barrier;
    pthread_t thread;
};

static void count_answer(struct salvo *salvo, const struct http_answer *answer)
{
    size_t created = load_occurrences(answer->body, SLICE("\"action\":\"created\""));
    size_t reengaged = load_occurrences(answer->body, SLICE("\"action\":\"reengaged\""));
    if (created + reengaged == 0 && answer->status == 201)
        created = 1;
    else if (created + reengaged == 0 && answer->status == 200)
        reengaged = 1;
    if (created + reengaged == 0) {
        if (atomic_fetch_add(&salvo->other, 1) == 0)
            printf("   %s answers %u %.*s\n", salvo->target, answer->status, SLICE_ARG(answer->body));
        return;
    }
    atomic_fetch_add(&salvo->created, created);
    atomic_fetch_add(&salvo->reengaged, reengaged);
}

static void run(void *argument)
{
    struct gun *gun = argument;
    struct salvo *salvo = gun->salvo;
    char authorization[96];
    snprintf(authorization, sizeof(authorization), "Token %s", gun->harness->token);
    struct http_header headers[] = {{SLICE("Authorization"), slice_from(authorization)},
                                    {SLICE("Content-Type"), SLICE("application/json")}};
    int fd = http_connect(gun->harness->port);
    pthread_barrier_wait(gun->barrier);
    for (size_t i = 0; i < salvo->each; i++) {
        struct arena arena;
        struct http_answer answer;
        arena_init(&arena, (size_t)16 << 20);
        if (fd >= 0 && http_ask(fd, &arena, "POST", slice_from(salvo->target), headers, ARRAY_LENGTH(headers),
                                slice_from(salvo->body), true, &answer))
            count_answer(salvo, &answer);
        else
            atomic_fetch_add(&salvo->other, 1);
        arena_done(&arena);
    }
    if (fd >= 0)
        close(fd);
}

void salvo_fire(const struct harness *harness, struct salvo *salvos, size_t count)
{
    struct gun guns[SALVO_CONNECTIONS_MAX];
    pthread_barrier_t barrier;
    size_t gun_count = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < salvos[i].connections && gun_count < SALVO_CONNECTIONS_MAX; k++)
            guns[gun_count++] = (struct gun){.harness = salvos[i].harness ? salvos[i].harness : harness,
                                             .salvo = &salvos[i],
                                             .barrier = &barrier};
    pthread_barrier_init(&barrier, NULL, (unsigned)gun_count);
    for (size_t i = 0; i < gun_count; i++)
        if (thread_start(&guns[i].thread, "salvo", run, &guns[i]) != ERR_OK)
            fail("no more threads");
    for (size_t i = 0; i < gun_count; i++)
        thread_join(guns[i].thread);
    pthread_barrier_destroy(&barrier);
}
