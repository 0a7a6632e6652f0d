/* No space left: writes are refused with a reason, reads go on, and the server finds out by itself when there is space. */
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
#include <sys/resource.h>
#include <unistd.h>

#define LEADS_MAX 20000
#define DISK_MIB  16
#define BALLAST   ((size_t)6 << 20) /* there from the start: so much comes back at least */

/* A way to run out of space, and to get some back. */
struct scarcity {
    const char *name;
    void (*take)(struct harness *harness, const char *directory);
    void (*give)(struct harness *harness, const char *directory);
};

static void ballast_path(const char *directory, char path[512])
{
    snprintf(path, 512, "%s/ballast", directory);
}

/* Grows the ballast by BYTES, or by all that is left, to the last byte. */
static void load_ballast(const char *directory, size_t bytes)
{
    static const char zeros[4096];
    char path[512];
    ballast_path(directory, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        fail("%s: %s", path, strerror(errno));
    for (size_t size = sizeof(zeros); size > 0 && bytes >= size;) {
        ssize_t written = write(fd, zeros, size);
        if (written > 0)
            bytes -= (size_t)written;
        else
            size /= 2;
    }
    close(fd);
}

static void take_space(struct harness *harness, const char *directory)
{
    (void)harness;
    load_ballast(directory, SIZE_MAX);
}

static void give_space(struct harness *harness, const char *directory)
{
    (void)harness;
    char path[512];
    ballast_path(directory, path);
    unlink(path);
}

static void limit_files(struct harness *harness, rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    if (prlimit(harness->pid, RLIMIT_FSIZE, &limit, NULL) != 0)
        fail("prlimit: %s", strerror(errno));
}

static void take_growth(struct harness *harness, const char *directory)
{
    (void)directory;
    limit_files(harness, 65536);
}

static void give_growth(struct harness *harness, const char *directory)
{
    (void)directory;
    limit_files(harness, RLIM_INFINITY);
}

static void post(struct load *load, size_t leads, size_t padding)
{
    load->padding = padding;
    load_start(load, leads);
    load_wait(load);
}

/* Posts until nothing at all can be written any more: a large lead that is refused leaves room for small ones. */
static bool fill_up(struct harness *harness, struct load *load, const struct scarcity *scarcity,
                    const char *directory)
{
    for (int tries = 0; tries < 10; tries++) {
        scarcity->take(harness, directory);
        post(load, 64, 40000);
        post(load, 200, 0);
        if (server_becomes(harness, 503, 1500, 2500))
            return true;
    }
    return false;
}

static void check_answer(const struct harness *harness, const char *expected)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, (size_t)16 << 20);
    if (check(http_json(harness, &arena, "POST", "/api/leads/",
                        "{\"phone_number\":\"+14155550199\",\"lead_type\":1}", &answer),
              "no answer to a post")) {
        printf("a post is answered with %u %.*s\n", answer.status, SLICE_ARG(answer.body));
        check(load_is_refusal(&answer), "that is no refusal with a reason and Retry-After");
        check(memmem(answer.body.p, answer.body.n, expected, strlen(expected)) != NULL,
              "it does not say \"%s\"", expected);
    }
    arena_done(&arena);
}

static void check_reads(const struct harness *harness)
{
    check(server_get(harness, "/healthz") == 200, "/healthz does not answer 200 while the disk is full");
    check(server_get(harness, "/api/leads/?page_size=5") == 200,
          "a list cannot be read while the disk is full");
    check(server_get(harness, "/api/leads/1/") == 200, "a lead cannot be read while the disk is full");
}

static void play_on(struct harness *harness, struct load *load, const struct scarcity *scarcity,
                    const char *directory)
{
    post(load, 300, 500);
    check(atomic_load(&load->stored) == 300, "%zu of 300 leads stored while there is space",
          atomic_load(&load->stored));
    check(fill_up(harness, load, scarcity, directory),
          "/readyz does not stay at 503 although nothing can be written");
    check(atomic_load(&load->refused) > 0, "nothing was refused");
    check(server_lives(harness), "the server died");
    check_answer(harness, "no space left");
    check_reads(harness);
    scarcity->give(harness, directory);
    int64_t since_us = clock_monotonic_us();
    check(server_becomes(harness, 200, 0, 5000), "/readyz does not get back to 200 by itself");
    printf("ready again after %lld ms\n", (long long)((clock_monotonic_us() - since_us) / 1000));
    size_t stored = atomic_load(&load->stored);
    post(load, 100, 100);
    check(atomic_load(&load->stored) == stored + 100,
          "not everything is stored although there is space again");
    check(atomic_load(&load->wrong) == 0, "%zu wrong answers", atomic_load(&load->wrong));
    check(atomic_load(&load->broken) == 0, "%zu requests without an answer", atomic_load(&load->broken));
}

/* In a directory of its own below which the database lies. */
static void play(const struct scarcity *scarcity, const char *directory)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct harness harness;
    struct load load;
    setenv("TMPDIR", directory, 1);
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    load.kinds = 1U << LOAD_SINGLE | 1U << LOAD_INGEST;
    harness_start(&harness, options);
    play_on(&harness, &load, scarcity, directory);
    printf("%s: %zu leads acknowledged, %zu refused\n", scarcity->name, atomic_load(&load.stored),
           atomic_load(&load.refused));
    evidence_from_server(&load, 100);
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    load_done(&load);
    harness_close(&harness);
}

int main(void)
{
    static const struct scarcity by_limit = {"file size limit", take_growth, give_growth};
    static const struct scarcity by_disk = {"full file system", take_space, give_space};
    const char *base = getenv("TMPDIR");
    char directory[200];
    bool may_mount = mounts_begin();
    snprintf(directory, sizeof(directory), "%.150s/inlet-disk-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(directory))
        fail("mkdtemp %s: %s", directory, strerror(errno));
    play(&by_limit, directory);
    if (may_mount && mounts_small(directory, DISK_MIB)) {
        load_ballast(directory, BALLAST);
        play(&by_disk, directory);
        mounts_undo(directory);
    } else {
        printf("%s: left out, mounting is not permitted\n", by_disk.name);
    }
    rmdir(directory);
    return check_end();
}
