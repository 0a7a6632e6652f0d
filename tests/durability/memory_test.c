/* What the server weighs after much work, and with many idle connections. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "server.h"

#include "inlet/base/mem.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEADS       20000
#define CONNECTIONS 64
#define IDLE        2000

/* Bounds, far above what is normal: whoever meets them leaks or has no limit. */
#define BASE_KIB       (256 * 1024)
#define CONNECTION_KIB 33

/* How many idle connections this process may have; the server inherits the limit. */
static size_t idle_count(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    size_t most = limit.rlim_cur == RLIM_INFINITY ? IDLE : (size_t)limit.rlim_cur;
    return most >= IDLE + 200 ? IDLE : most > 400 ? most - 400 : 0;
}

static bool become_idle(const struct harness *harness, int *ret_fd)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)1 << 20);
    int fd = http_connect(harness->port);
    bool answered = fd >= 0 &&
                    http_ask(fd, &arena, "GET", SLICE("/healthz"), NULL, 0, SLICE_NULL, false, &answer) &&
                    answer.status == 200;
    arena_done(&arena);
    *ret_fd = fd;
    return answered;
}

static size_t hold_idle(const struct harness *harness, int *fds, size_t count)
{
    size_t answered = 0;
    for (size_t i = 0; i < count; i++)
        answered += become_idle(harness, &fds[i]);
    return answered;
}

static void check_weight(const struct harness *harness, const char *when, size_t connections)
{
    int64_t kib = server_memory_kib(harness), most_kib = BASE_KIB + CONNECTION_KIB * (int64_t)connections;
    printf("%s: %lld KiB resident\n", when, (long long)kib);
    check(SERVER_IS_SANITIZED || kib <= most_kib, "%s: %lld KiB, more than %lld", when, (long long)kib,
          (long long)most_kib);
}

static void play(struct harness *harness, struct load *load, size_t idle)
{
    check_weight(harness, "at the start", 0);
    load->connections = CONNECTIONS;
    load->kinds = 1U << LOAD_SINGLE;
    load_start(load, LEADS);
    load_wait(load);
    check(atomic_load(&load->stored) == LEADS, "%zu of %d leads stored", atomic_load(&load->stored), LEADS);
    check_weight(harness, "after 20000 creates over 64 connections", CONNECTIONS);
    int64_t before_kib = server_memory_kib(harness);
    int *fds = mem_zero(idle + 1, sizeof(*fds));
    if (!fds)
        fail("out of memory");
    size_t answered = hold_idle(harness, fds, idle);
    check(answered == idle, "%zu of %zu connections answered", answered, idle);
    printf("%zu idle connections: %.1f KiB each\n", idle,
           (double)(server_memory_kib(harness) - before_kib) / (double)(idle ? idle : 1));
    check_weight(harness, "with idle connections", idle);
    check(SERVER_IS_SANITIZED || server_memory_kib(harness) - before_kib <= CONNECTION_KIB * (int64_t)idle,
          "an idle connection costs more than %d KiB", CONNECTION_KIB);
    for (size_t i = 0; i < idle; i++)
        close(fds[i]);
    mem_free(fds);
    server_pause_ms(300);
    check_weight(harness, "when they have gone", 0);
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct harness harness;
    struct load load;
    size_t idle = idle_count();
    harness_open(&harness);
    load_init(&load, &harness, LEADS);
    harness_start(&harness, options);
    play(&harness, &load, idle);
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    load_done(&load);
    harness_close(&harness);
    return check_end();
}
