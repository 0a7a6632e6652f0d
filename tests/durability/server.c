/* The server as a process: whether it lives, how it ends, what it says, what it weighs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include "inlet/base/clock.h"
#include "inlet/base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void server_pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

bool server_lives(const struct harness *harness)
{
    siginfo_t info = {0};
    return harness->pid > 0 && waitid(P_PID, (id_t)harness->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

int server_stop_within(struct harness *harness, int64_t limit_ms, int64_t *ret_elapsed_ms)
{
    int64_t began_us = clock_monotonic_us();
    int status = 0;
    kill(harness->pid, SIGTERM);
    while (waitpid(harness->pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_us() - began_us > limit_ms * 1000) {
            kill(harness->pid, SIGKILL);
            waitpid(harness->pid, &status, 0);
            break;
        }
        server_pause_ms(5);
    }
    harness->pid = 0;
    *ret_elapsed_ms = (clock_monotonic_us() - began_us) / 1000;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

unsigned server_get(const struct harness *harness, const char *target)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)256 << 20);
    bool answered = http_json(harness, &arena, "GET", target, NULL, &answer);
    arena_done(&arena);
    return answered ? answer.status : 0;
}

bool server_becomes(const struct harness *harness, unsigned status, int64_t steady_ms, int64_t limit_ms)
{
    int64_t began_us = clock_monotonic_us(), since_us = 0;
    for (;;) {
        unsigned seen = server_get(harness, "/readyz");
        int64_t now_us = clock_monotonic_us();
        if (seen != status)
            since_us = 0;
        else if (since_us == 0)
            since_us = now_us;
        if (since_us != 0 && now_us - since_us >= steady_ms * 1000)
            return true;
        if (now_us - began_us > limit_ms * 1000)
            return false;
        server_pause_ms(50);
    }
}

size_t server_refusals(const struct harness *harness, const char *target, size_t times)
{
    size_t refusals = 0;
    for (size_t i = 0; i < times; i++)
        refusals += server_get(harness, target) != 200;
    return refusals;
}

static void read_file(int fd, struct buffer *text)
{
    lseek(fd, 0, SEEK_SET);
    for (ssize_t got = 1; got > 0;) {
        if (buffer_reserve(text, 4096) != ERR_OK)
            return;
        got = read(fd, text->data + text->length, 4096);
        if (got > 0)
            text->length += (size_t)got;
    }
}

int server_command(struct harness *harness, const char *const *words, struct buffer *output,
                   struct buffer *errors)
{
    int file = memfd_create("errors", MFD_CLOEXEC), own = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (file < 0 || own < 0)
        fail("cannot catch standard error: %s", strerror(errno));
    dup2(file, STDERR_FILENO);
    int status = harness_command(harness, words, SLICE_NULL, output);
    dup2(own, STDERR_FILENO);
    read_file(file, errors);
    close(own);
    close(file);
    return status;
}

int64_t server_memory_kib(const struct harness *harness)
{
    char path[64], line[256];
    int64_t kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)harness->pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file)) {
        struct slice rest, name = slice_cut(slice_from(line), ':', &rest);
        if (slice_equal(name, SLICE("VmRSS")) &&
            number_parse_int64(slice_cut(slice_trim(rest), ' ', &rest), &kib) != ERR_OK)
            kib = 0;
    }
    if (file)
        fclose(file);
    if (kib == 0)
        fail("%s has no VmRSS", path);
    return kib;
}
