/* SIGTERM under load and with connections that take their time: a quick end, and no acknowledged lead is lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "server.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LEADS_MAX   100000
#define CONNECTIONS 32
#define ROUNDS      3
#define LIMIT_MS    10000
#define IDLE        20

static const char *const options[] = {"--log-level", "error", NULL};

static void end(struct harness *harness, const char *how)
{
    int64_t elapsed_ms;
    int status = server_stop_within(harness, LIMIT_MS, &elapsed_ms);
    printf("%s: exit status %d after %lld ms\n", how, status, (long long)elapsed_ms);
    check(status == 0, "%s: exit status %d", how, status);
    check(elapsed_ms < LIMIT_MS, "%s: it took %lld ms", how, (long long)elapsed_ms);
}

static void play_under_load(struct harness *harness)
{
    struct load load;
    load_init(&load, harness, LEADS_MAX);
    load.connections = CONNECTIONS;
    for (int round = 0; round < ROUNDS; round++) {
        harness_start(harness, options);
        load_start(&load, LEADS_MAX);
        server_pause_ms(250);
        end(harness, "under load");
        load_wait(&load);
        check(server_get(harness, "/healthz") == 0, "somebody still answers");
        evidence_from_database(&load);
    }
    printf("%zu leads acknowledged, %zu refused, %zu requests without an answer\n", atomic_load(&load.stored),
           atomic_load(&load.refused), atomic_load(&load.broken));
    check(atomic_load(&load.stored) > 0, "no lead was acknowledged");
    check(atomic_load(&load.wrong) == 0, "%zu wrong answers", atomic_load(&load.wrong));
    load_done(&load);
}

static int begin(const struct harness *harness, const char *text)
{
    int fd = http_connect(harness->port);
    if (fd < 0 || send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        fail("cannot connect");
    return fd;
}

static int begin_idle(const struct harness *harness)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)1 << 20);
    int fd = http_connect(harness->port);
    if (fd < 0 || !http_ask(fd, &arena, "GET", SLICE("/healthz"), NULL, 0, SLICE_NULL, false, &answer))
        fail("no answer");
    arena_done(&arena);
    return fd;
}

/* The peer has closed, without a word. */
static bool is_closed_silently(int fd)
{
    char byte;
    ssize_t got = recv(fd, &byte, 1, 0);
    close(fd);
    return got <= 0;
}

static void play_idle(struct harness *harness)
{
    int fds[IDLE];
    harness_start(harness, options);
    for (size_t i = 0; i < IDLE; i++)
        fds[i] = begin_idle(harness);
    end(harness, "idle connections");
    for (size_t i = 0; i < IDLE; i++)
        check(is_closed_silently(fds[i]), "an idle connection got an answer");
}

static void play_slow(struct harness *harness)
{
    char head[256];
    harness_start(harness, options);
    snprintf(head, sizeof(head),
             "POST /api/leads/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token %s\r\n"
             "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"phone_number\":",
             harness->token);
    int uploader = begin(harness, head), half_head = begin(harness, "POST /api/leads/ HTTP/1.1\r\nHost: loc");
    int silent = http_connect(harness->port), idle = begin_idle(harness);
    server_pause_ms(200);
    end(harness, "a slow uploader, half a header, a silent and an idle connection");
    check(is_closed_silently(uploader), "the slow uploader got an answer");
    check(is_closed_silently(half_head), "half a header got an answer");
    check(is_closed_silently(silent), "a silent connection got an answer");
    check(is_closed_silently(idle), "an idle connection got an answer");
}

int main(void)
{
    struct harness harness;
    harness_open(&harness);
    play_under_load(&harness);
    play_idle(&harness);
    play_slow(&harness);
    harness_close(&harness);
    return check_end();
}
