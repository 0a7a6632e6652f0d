/* The database cannot be written: at the start, or from some moment on, or its syncs fail. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "mounts.h"
#include "server.h"

#include "inlet/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEADS_MAX 400000

static const char *const quiet[] = {"--log-level", "error", NULL};

/* A disk that fails in a way; what is answered. */
struct failure {
    const char *name, *order, *answered;
};

static void order(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        fail("%s: %s", path, strerror(errno));
    close(fd);
}

static void check_refusal(const struct harness *harness, const struct failure *failure)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)16 << 20);
    if (check(http_json(harness, &arena, "POST", "/api/leads/",
                        "{\"phone_number\":\"+14155550199\",\"lead_type\":1}", &answer),
              "%s: no answer", failure->name)) {
        printf("%s: a post is answered with %u %.*s\n", failure->name, answer.status, SLICE_ARG(answer.body));
        check(load_is_refusal(&answer), "%s: no refusal with a reason and Retry-After", failure->name);
        check(memmem(answer.body.p, answer.body.n, failure->answered, strlen(failure->answered)) != NULL,
              "%s: it does not say \"%s\"", failure->name, failure->answered);
    }
    arena_done(&arena);
}

/* Under load: the disk fails, stays so for a while, recovers. */
static void play_failure(struct harness *harness, struct load *load, const struct failure *failure,
                         const char *path)
{
    size_t refused = atomic_load(&load->refused);
    load_start(load, LEADS_MAX);
    server_pause_ms(150);
    order(path, failure->order);
    server_pause_ms(300);
    check(server_becomes(harness, 503, 1000, 5000), "%s: /readyz is not 503", failure->name);
    load_stop(load);
    check(atomic_load(&load->refused) > refused, "%s: nothing was refused", failure->name);
    check_refusal(harness, failure);
    check(server_becomes(harness, 503, 1500, 3000), "%s: /readyz is not 503 without any post", failure->name);
    check(server_get(harness, "/healthz") == 200, "%s: /healthz is not 200", failure->name);
    check(server_get(harness, "/api/leads/?page_size=5") == 200, "%s: no list", failure->name);
    check(server_get(harness, "/api/leads/1/") == 200, "%s: no lead", failure->name);
    unlink(path);
    int64_t since_us = clock_monotonic_us();
    check(server_becomes(harness, 200, 0, 5000), "%s: /readyz does not get back to 200 by itself",
          failure->name);
    printf("%s: ready again after %lld ms\n", failure->name,
           (long long)((clock_monotonic_us() - since_us) / 1000));
    size_t stored = atomic_load(&load->stored);
    refused = atomic_load(&load->refused);
    load_start(load, 100);
    load_wait(load);
    check(atomic_load(&load->stored) > stored, "%s: nothing is stored afterwards", failure->name);
    check(atomic_load(&load->refused) == refused, "%s: something is refused afterwards", failure->name);
    check(server_lives(harness), "%s: the server died", failure->name);
}

/* The environment is what the server inherits; this process itself stays as it is. */
static void start_on_failing_disk(struct harness *harness, const char *path)
{
    setenv("INLET_FAILING_DISK", path, 1);
    setenv("LD_PRELOAD", FAILING_DISK, 1);
    if (SERVER_IS_SANITIZED)
        setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
    harness_start(harness, quiet);
    unsetenv("LD_PRELOAD");
}

static void play_failures(void)
{
    static const struct failure failures[] = {
        {"file system read-only", "write 30", "cannot be written"},
        {"write errors", "write 5", "input/output error"},
        {"sync errors", "sync 5", "input/output error"},
        {"quota exceeded", "write 122", "no space left"},
    };
    struct harness harness;
    struct load load;
    char path[400];
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    load.refusal_rest_ms = 20;
    snprintf(path, sizeof(path), "%s/order", harness.directory);
    start_on_failing_disk(&harness, path);
    load_start(&load, 200);
    load_wait(&load);
    for (size_t i = 0; i < ARRAY_LENGTH(failures); i++)
        play_failure(&harness, &load, &failures[i], path);
    check(atomic_load(&load.wrong) == 0, "%zu wrong answers", atomic_load(&load.wrong));
    check(atomic_load(&load.broken) == 0, "%zu requests without an answer", atomic_load(&load.broken));
    printf("%zu leads acknowledged, %zu refused\n", atomic_load(&load.stored), atomic_load(&load.refused));
    evidence_from_server(&load, 1000);
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    load_done(&load);
    harness_close(&harness);
}

static void check_start_refused(struct harness *harness, const char *how)
{
    static const char *const serve[] = {"serve", "--listen", "127.0.0.1:0", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(65536),
                         errors CLEANUP(buffer_done) = BUFFER_INIT(65536);
    int status = server_command(harness, serve, &output, &errors);
    printf("%s: start exits with %d: %.*s", how, status, SLICE_ARG(buffer_slice(&errors)));
    check(status == 1, "%s: exit status %d instead of 1", how, status);
    check(memmem(buffer_slice(&errors).p, errors.length, "inlet.db", 8) != NULL,
          "%s: the message names no file", how);
    check(buffer_slice(&errors).n > 0 && errors.data[errors.length - 1] == '\n' &&
              slice_find(buffer_slice(&errors), '\n') == errors.length - 1,
          "%s: the message is not one line", how);
}

static void play_read_only_start(bool may_mount)
{
    static const char *const places[] = {"", "/inlet.db"}; /* the directory, only the file */
    struct harness harness;
    char path[400];
    harness_open(&harness);
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        snprintf(path, sizeof(path), "%s%s", harness.directory, places[i]);
        if (may_mount && mounts_read_only(path)) {
            check_start_refused(&harness, i == 0 ? "directory mounted read-only" : "file mounted read-only");
            mounts_undo(path);
        } else {
            printf("%s mounted read-only: left out, mounting is not permitted\n", path);
        }
    }
    if (geteuid() != 0) { /* root may write everything */
        chmod(path, 0400);
        check_start_refused(&harness, "file with the mode 0400");
        chmod(path, 0600);
    }
    harness_start(&harness, quiet);
    check(harness_stop(&harness) == 0, "the server ended badly");
    harness_close(&harness);
}

int main(void)
{
    bool may_mount = mounts_begin();
    play_read_only_start(may_mount);
    play_failures();
    return check_end();
}
