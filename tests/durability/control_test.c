/* The command line beside a busy server; a second server; who may reach the control socket and the files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "server.h"

#include "inlet/base/number.h"
#include "inlet/codec/jin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEADS_MAX 60000
#define ROUNDS    12
#define NOBODY    65534

/* Runs a command; it must succeed without a word on standard error. */
static void run(struct harness *harness, const char *const *words, struct buffer *output)
{
    struct buffer errors CLEANUP(buffer_done) = BUFFER_INIT(65536);
    int status = server_command(harness, words, output, &errors);
    check(status == 0 && errors.length == 0, "%s %s exits with %d: %.*s", words[0], words[1], status,
          SLICE_ARG(buffer_slice(&errors)));
}

/* The id of the newest token. */
static int64_t newest_token(struct harness *harness)
{
    static const char *const list[] = {"token", "list", "--json", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT((size_t)1 << 20);
    struct arena arena;
    struct value tokens;
    struct jin_fault fault;
    int64_t newest = 0;
    arena_init(&arena, (size_t)16 << 20);
    run(harness, list, &output);
    if (jin_decode(&arena, buffer_slice(&output), NULL, &tokens, &fault) != ERR_OK ||
        tokens.kind != VALUE_ARRAY)
        fail("token list prints no JSON: %.*s", SLICE_ARG(buffer_slice(&output)));
    for (size_t i = 0; i < tokens.array.count; i++) {
        const struct value *id = value_get(&tokens.array.items[i], SLICE("id"));
        if (id && id->integer > newest)
            newest = id->integer;
    }
    arena_done(&arena);
    return newest;
}

static unsigned get_with(const struct harness *harness, struct slice token)
{
    struct harness other = *harness;
    snprintf(other.token, sizeof(other.token), "%.*s", SLICE_ARG(token));
    return server_get(&other, "/api/leads/?page_size=1");
}

/* A token lives from its creation to its revocation. */
static void play_token(struct harness *harness)
{
    static const char *const create[] = {"token", "create", "--name", "loop", "--scope", "read", NULL};
    struct buffer key CLEANUP(buffer_done) = BUFFER_INIT(1024),
                      output CLEANUP(buffer_done) = BUFFER_INIT(1024);
    char id[NUMBER_TEXT_MAX];
    run(harness, create, &key);
    check(get_with(harness, buffer_slice(&key)) == 200, "a new token does not work");
    number_format_int64(newest_token(harness), id);
    const char *const revoke[] = {"token", "revoke", id, NULL};
    run(harness, revoke, &output);
    check(get_with(harness, buffer_slice(&key)) == 401, "a revoked token works");
}

static void play_lead_type(struct harness *harness, int number)
{
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(1024);
    char id[16], name[32], target[48];
    snprintf(id, sizeof(id), "%d", 1000 + number);
    snprintf(name, sizeof(name), "Campaign %d", number);
    snprintf(target, sizeof(target), "/api/lead-types/%s/", id);
    const char *const create[] = {"lead-type", "create", "--id", id, "--name", name, NULL};
    run(harness, create, &output);
    check(server_get(harness, target) == 200, "lead type %s is not there", id);
}

static void play_second_server(struct harness *harness)
{
    static const char *const serve[] = {"serve", "--listen", "127.0.0.1:0", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(65536),
                         errors CLEANUP(buffer_done) = BUFFER_INIT(65536);
    int status = server_command(harness, serve, &output, &errors);
    printf("a second server exits with %d: %.*s", status, SLICE_ARG(buffer_slice(&errors)));
    check(status == 1, "a second server exits with %d", status);
    check(memmem(buffer_slice(&errors).p, errors.length, "another process", 15) != NULL,
          "a second server does not say that another process holds the database");
    check(server_get(harness, "/readyz") == 200, "a second server harms the first");
}

/* Runs "inlet WORDS… --db sqlite:<directory>/NAME"; returns the exit status. */
static int run_on(const struct harness *harness, const char *name, const char *const *words,
                  struct buffer *output, struct buffer *errors)
{
    struct harness other = *harness;
    snprintf(other.db, sizeof(other.db), "sqlite:%.255s/%s", harness->directory, name);
    return server_command(&other, words, output, errors);
}

/* The same database under a second name: a symbolic link leads to the server, a hard one nowhere. */
static void play_other_names(struct harness *harness)
{
    static const char *const serve[] = {"serve", "--listen", "127.0.0.1:0", NULL};
    static const char *const create[] = {"token", "create", "--name", "linked", "--scope", "read", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(65536),
                         errors CLEANUP(buffer_done) = BUFFER_INIT(65536);
    char file[400], soft[400], hard[400];
    snprintf(file, sizeof(file), "%s/inlet.db", harness->directory);
    snprintf(soft, sizeof(soft), "%s/soft.db", harness->directory);
    snprintf(hard, sizeof(hard), "%s/hard.db", harness->directory);
    check(symlink("inlet.db", soft) == 0, "symlink: %s", strerror(errno));
    int status = run_on(harness, "soft.db", serve, &output, &errors);
    check(status == 1 && memmem(buffer_slice(&errors).p, errors.length, "another process", 15) != NULL,
          "a server on a symbolic link exits with %d", status);
    buffer_clear(&output);
    buffer_clear(&errors);
    status = run_on(harness, "soft.db", create, &output, &errors);
    check(status == 0 && get_with(harness, buffer_slice(&output)) == 200,
          "a token made through a symbolic link does not reach the server: %.*s",
          SLICE_ARG(buffer_slice(&errors)));
    unlink(soft);
    check(link(file, hard) == 0, "link: %s", strerror(errno));
    for (size_t i = 0; i < 2; i++) {
        buffer_clear(&errors);
        status = run_on(harness, "hard.db", i == 0 ? serve : create, &output, &errors);
        check(status == 1 && memmem(buffer_slice(&errors).p, errors.length, "hard links", 10) != NULL,
              "%s on a hard link exits with %d: %.*s", i == 0 ? "serve" : "token create", status,
              SLICE_ARG(buffer_slice(&errors)));
    }
    unlink(hard);
}

static void path_of(const struct harness *harness, const char *suffix, char path[400])
{
    snprintf(path, 400, "%s/inlet.db%s", harness->directory, suffix);
}

static void check_modes(const struct harness *harness)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".sock"};
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++) {
        char path[400];
        struct stat status = {0};
        path_of(harness, suffixes[i], path);
        if (check(lstat(path, &status) == 0, "%s: %s", path, strerror(errno)))
            check((status.st_mode & 07777) == 0600, "%s has the mode %o", path, status.st_mode & 07777);
    }
}

/* In a process of another user. 0: it got an answer, 1: it could not connect, 2: closed without a word. */
static int ask_as_nobody(const char *path)
{
    static const char request[] = "GET /api/tokens/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char answer[64];
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0 || strlen(path) >= sizeof(address.sun_path))
        return 9;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return 1;
    if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0)
        return 2;
    return recv(fd, answer, sizeof(answer), 0) > 0 ? 0 : 2;
}

static int run_as_nobody(const char *path)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(ask_as_nobody(path));
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void play_stranger(const struct harness *harness)
{
    char path[400];
    if (geteuid() != 0) {
        printf("another user at the control socket: left out, only root can become another user\n");
        return;
    }
    path_of(harness, ".sock", path);
    int outcome = run_as_nobody(path);
    check(outcome == 1, "another user can connect to the control socket (%d)", outcome);
    chmod(harness->directory, 0755);
    outcome = run_as_nobody(path);
    check(outcome == 1, "the mode of the control socket lets another user in (%d)", outcome);
    chmod(path, 0666); /* somebody's mistake: the server still looks at who asks */
    outcome = run_as_nobody(path);
    check(outcome == 2, "the server answers another user at the control socket (%d)", outcome);
    chmod(path, 0600);
    chmod(harness->directory, 0700);
}

/* Another user's process that listens at PATH, which root gave it. 0: somebody connected and sent nothing; 1: he sent
 * something; 2: nobody came. */
static int listen_as_nobody(const char *path, int ready)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[64];
    int outcome = 2;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 || setgid(NOBODY) != 0 ||
        setuid(NOBODY) != 0 || listen(listener, 8) != 0 || write(ready, "", 1) != 1)
        return 9;
    struct timeval wait = {.tv_sec = 10};
    setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    for (int connections = 0; connections < 2; connections++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return outcome;
        outcome = 0;
        if (recv(fd, text, sizeof(text), 0) > 0)
            return 1;
        close(fd);
        wait.tv_sec = 1;
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    }
    return outcome;
}

/* A command while another user listens at the control socket; he is trusted when the database is his. */
static void play_impostor(struct harness *harness, bool owns)
{
    static const char *const create[] = {"token", "create", "--name", "stolen", "--scope", "full", NULL};
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(65536),
                         errors CLEANUP(buffer_done) = BUFFER_INIT(65536);
    char path[400], file[400], byte;
    int ready[2], outcome = 0;
    path_of(harness, ".sock", path);
    path_of(harness, "", file);
    if (pipe(ready) != 0 || (owns && chown(file, NOBODY, NOBODY) != 0))
        fail("cannot prepare: %s", strerror(errno));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(listen_as_nobody(path, ready[1]));
    close(ready[1]);
    check(read(ready[0], &byte, 1) == 1, "the other user cannot listen");
    close(ready[0]);
    int status = server_command(harness, create, &output, &errors);
    waitpid(pid, &outcome, 0);
    printf("another user at the control socket: %.*s", SLICE_ARG(buffer_slice(&errors)));
    check(status == 1 && output.length == 0, "a command at another user's socket exits with %d", status);
    check(outcome == (owns ? 1 << 8 : 0), "the other user gets what he should not, or nothing (%x)",
          (unsigned)outcome);
    check(owns || memmem(buffer_slice(&errors).p, errors.length, "nothing was sent", 16) != NULL,
          "the command does not say why it fails");
    unlink(path);
    if (owns && chown(file, 0, 0) != 0)
        fail("chown: %s", strerror(errno));
}

int main(void)
{
    static const char *const options[] = {"--log-level", "error", NULL};
    struct harness harness;
    struct load load;
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    harness_start(&harness, options);
    load_start(&load, LEADS_MAX);
    for (int i = 0; i < ROUNDS; i++) {
        play_token(&harness);
        play_lead_type(&harness, i);
    }
    play_second_server(&harness);
    play_other_names(&harness);
    check_modes(&harness);
    play_stranger(&harness);
    load_stop(&load);
    printf("%d rounds of commands beside %zu acknowledged leads\n", ROUNDS, atomic_load(&load.stored));
    check(atomic_load(&load.stored) > 0, "nothing was stored");
    check(atomic_load(&load.refused) == 0, "%zu leads refused", atomic_load(&load.refused));
    check(atomic_load(&load.wrong) == 0, "%zu wrong answers", atomic_load(&load.wrong));
    check(atomic_load(&load.broken) == 0, "%zu requests without an answer", atomic_load(&load.broken));
    evidence_from_server(&load, 1000);
    check(harness_stop(&harness) == 0, "the server ended badly");
    if (geteuid() == 0) {
        play_impostor(&harness, false);
        play_impostor(&harness, true);
    }
    evidence_from_database(&load);
    load_done(&load);
    harness_close(&harness);
    return check_end();
}
