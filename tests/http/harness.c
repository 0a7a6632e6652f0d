/* Starts and stops the binary, and speaks HTTP/1.1 to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include "inlet/base/number.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Where CMake built the binary. */
static const char binary[] = INLET_BINARY;

#define START_TRIES   600 /* of 50 ms: sanitized builds are slow */
#define ANSWER_MAX    ((size_t)256 << 20)
#define ANSWER_WAIT_S 60

_Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("FAIL ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* The words as execv wants them; it changes none. */
static void run_binary(const char *const *words, const char *db)
{
    const char *all[HARNESS_ARGUMENTS_MAX + 4] = {binary};
    size_t count = 1;
    for (size_t i = 0; words[i] && i < HARNESS_ARGUMENTS_MAX; i++)
        all[count++] = words[i];
    all[count++] = "--db";
    all[count++] = db;
    char *const *arguments;
    const char *const *constant = all;
    memcpy(&arguments, &constant, sizeof(arguments));
    execv(binary, arguments);
    _exit(127);
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void feed(int fd, struct slice input)
{
    while (input.n > 0) {
        ssize_t written = write(fd, input.p, input.n);
        if (written <= 0)
            break;
        input = slice_skip(input, (size_t)written);
    }
    close(fd);
}

int harness_command(struct harness *harness, const char *const *words, struct slice input,
                    struct buffer *output)
{
    int in[2], out[2], status;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        fail("pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        run_binary(words, harness->db);
    }
    close(in[0]);
    close(out[1]);
    feed(in[1], input);
    for (char chunk[4096];;) {
        ssize_t got = read(out[0], chunk, sizeof(chunk));
        if (got <= 0)
            break;
        if (output && buffer_append(output, slice_of(chunk, (size_t)got)) != ERR_OK)
            fail("%s prints too much", words[0]);
    }
    close(out[0]);
    if (output && output->length > 0 && output->data[output->length - 1] == '\n')
        output->length--;
    waitpid(pid, &status, 0);
    return exit_status(status);
}

void harness_setup(struct harness *harness, const char *const *words)
{
    int status = harness_command(harness, words, SLICE_NULL, NULL);
    if (status != 0)
        fail("inlet %s %s exits with %d", words[0], words[1] ? words[1] : "", status);
}

static void make_token(struct harness *harness, const char *name, const char *scope, char token[64])
{
    struct buffer output CLEANUP(buffer_done) = BUFFER_INIT(1024);
    const char *words[] = {"token", "create", "--name", name, "--scope", scope, NULL};
    if (harness_command(harness, words, SLICE_NULL, &output) != 0 || output.length != 40)
        fail("cannot make a token: \"%.*s\"", SLICE_ARG(buffer_slice(&output)));
    snprintf(token, 64, "%.*s", SLICE_ARG(buffer_slice(&output)));
}

static void make_directory(struct harness *harness)
{
    const char *base = getenv("TMPDIR");
    signal(SIGPIPE, SIG_IGN);
    snprintf(harness->directory, sizeof(harness->directory), "%.200s/inlet-test-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(harness->directory))
        fail("mkdtemp %s: %s", harness->directory, strerror(errno));
    snprintf(harness->log, sizeof(harness->log), "%s/log", harness->directory);
}

void harness_prepare(struct harness *harness)
{
    *harness = (struct harness){0};
    make_directory(harness);
    database_make(harness->directory, harness->db);
}

void harness_furnish(struct harness *harness)
{
    const char *migrate[] = {"migrate", NULL};
    harness_setup(harness, migrate);
    make_token(harness, "tests", "full", harness->token);
    make_token(harness, "admin", "admin", harness->admin_token);
}

void harness_open(struct harness *harness)
{
    harness_prepare(harness);
    harness_furnish(harness);
}

void harness_join(struct harness *harness, const struct harness *host)
{
    *harness = *host;
    harness->is_guest = true;
    harness->pid = 0;
    make_directory(harness);
}

void harness_close(struct harness *harness)
{
    static const char *const names[] = {"inlet.db",      "inlet.db-wal",  "inlet.db-shm",
                                        "inlet.db.lock", "inlet.db.sock", "log"};
    if (harness->pid)
        harness_stop(harness);
    if (!harness->is_guest)
        database_drop(harness->db);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char path[600];
        snprintf(path, sizeof(path), "%s/%s", harness->directory, names[i]);
        unlink(path);
    }
    rmdir(harness->directory);
}

/* A port that was free a moment ago. */
static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("no free port: %s", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

static void print_log(const struct harness *harness)
{
    FILE *log = fopen(harness->log, "r");
    int c;
    while (log && (c = fgetc(log)) != EOF)
        fputc(c, stderr);
    if (log)
        fclose(log);
}

static bool is_ready(const struct harness *harness)
{
    struct arena arena;
    struct http_answer answer;
    arena_init(&arena, 1 << 20);
    int fd = http_connect(harness->port);
    bool ready = fd >= 0 &&
                 http_ask(fd, &arena, "GET", SLICE("/readyz"), NULL, 0, SLICE_NULL, false, &answer) &&
                 answer.status == 200;
    if (fd >= 0)
        close(fd);
    arena_done(&arena);
    return ready;
}

void harness_launch(struct harness *harness, const char *const *options)
{
    char listen[32];
    const char *words[HARNESS_ARGUMENTS_MAX + 1] = {"serve", "--listen", listen};
    size_t count = 3;
    for (size_t i = 0; options && options[i] && count < HARNESS_ARGUMENTS_MAX; i++)
        words[count++] = options[i];
    words[count] = NULL;
    harness->port = free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%u", harness->port);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no server behind */
        int log = open(harness->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(log, STDERR_FILENO);
        run_binary(words, harness->db);
    }
    harness->pid = pid;
}

void harness_await(struct harness *harness)
{
    for (int i = 0; i < START_TRIES; i++) {
        int status;
        if (waitpid(harness->pid, &status, WNOHANG) == harness->pid) {
            print_log(harness);
            fail("the server ended with %d while it started", exit_status(status));
        }
        if (is_ready(harness))
            return;
        pause_ms(50);
    }
    print_log(harness);
    fail("the server does not get ready");
}

void harness_start(struct harness *harness, const char *const *options)
{
    harness_launch(harness, options);
    harness_await(harness);
}

int harness_stop(struct harness *harness)
{
    int status = 0;
    kill(harness->pid, SIGTERM);
    waitpid(harness->pid, &status, 0);
    harness->pid = 0;
    if (exit_status(status) != 0)
        print_log(harness);
    return exit_status(status);
}

void harness_kill(struct harness *harness)
{
    int status;
    kill(harness->pid, SIGKILL);
    waitpid(harness->pid, &status, 0);
    harness->pid = 0;
}

int http_connect(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = ANSWER_WAIT_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool send_all(int fd, struct slice data)
{
    while (data.n > 0) {
        ssize_t sent = send(fd, data.p, data.n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data = slice_skip(data, (size_t)sent);
    }
    return true;
}

/* Reads until BUFFER holds LENGTH bytes. */
static bool read_until(int fd, struct buffer *buffer, size_t length)
{
    while (buffer->length < length) {
        if (buffer_reserve(buffer, 65536) != ERR_OK)
            return false;
        ssize_t got = recv(fd, buffer->data + buffer->length, 65536, 0);
        if (got <= 0)
            return false;
        buffer->length += (size_t)got;
    }
    return true;
}

/* Takes the header block apart; its text stays where it is. */
static bool parse_head(struct slice head, struct http_answer *answer)
{
    int64_t status;
    struct slice rest, line = slice_cut(head, '\n', &rest);
    if (line.n < 12 || number_parse_int64(slice_of(line.p + 9, 3), &status) != ERR_OK)
        return false;
    answer->status = (unsigned)status;
    answer->header_count = 0;
    while (!slice_is_null(rest) && answer->header_count < ARRAY_LENGTH(answer->headers)) {
        struct slice value;
        line = slice_trim(slice_cut(rest, '\n', &rest));
        if (line.n == 0)
            break;
        struct slice name = slice_cut(line, ':', &value);
        answer->headers[answer->header_count++] = (struct http_header){name, slice_trim(value)};
    }
    return true;
}

struct slice http_header_of(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (slice_equal_nocase(answer->headers[i].name, slice_from(name)))
            return answer->headers[i].value;
    }
    return SLICE_NULL;
}

static bool read_answer(int fd, struct arena *arena, bool has_body, struct http_answer *answer)
{
    struct buffer raw CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    const char *end = NULL;
    struct slice text, head;
    int64_t length = 0;
    while (!end) {
        if (!read_until(fd, &raw, raw.length + 1))
            return false;
        end = memmem(raw.data, raw.length, "\r\n\r\n", 4);
    }
    size_t head_length = (size_t)(end - raw.data) + 4;
    if (arena_copy(arena, slice_of(raw.data, head_length), &head) != ERR_OK || !parse_head(head, answer))
        return false;
    if (answer->status == 100) /* an interim answer: the final one follows */
        fail("unexpected 100 Continue");
    struct slice header = http_header_of(answer, "Content-Length");
    if (has_body && !slice_is_null(header) && number_parse_int64(header, &length) != ERR_OK)
        return false;
    if (!read_until(fd, &raw, head_length + (size_t)length))
        return false;
    text = slice_skip(buffer_slice(&raw), head_length);
    return arena_copy(arena, slice_head(text, (size_t)length), &answer->body) == ERR_OK;
}

bool http_ask(int fd, struct arena *arena, const char *method, struct slice target,
              const struct http_header *headers, size_t header_count, struct slice body, bool has_length,
              struct http_answer *ret_answer)
{
    struct buffer request CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    buffer_print(&request, "%s ", method);
    buffer_append(&request, target);
    buffer_append_text(&request, " HTTP/1.1\r\n");
    for (size_t i = 0; i < header_count; i++) {
        buffer_append(&request, headers[i].name);
        buffer_append_text(&request, ": ");
        buffer_append(&request, headers[i].value);
        buffer_append_text(&request, "\r\n");
    }
    if (header_count == 0 || !slice_equal_nocase(headers[0].name, SLICE("Host")))
        buffer_append_text(&request, "Host: localhost\r\n");
    if (has_length || body.n > 0)
        buffer_print(&request, "Content-Length: %zu\r\n", body.n);
    buffer_append_text(&request, "\r\n");
    buffer_append(&request, body);
    if (buffer_error(&request) != ERR_OK)
        return false;
    /* A server that refuses a body need not read all of it: its answer counts all the same. */
    send_all(fd, buffer_slice(&request));
    return read_answer(fd, arena, strcmp(method, "HEAD") != 0, ret_answer);
}

bool http_json(const struct harness *harness, struct arena *arena, const char *method, const char *target,
               const char *body, struct http_answer *ret_answer)
{
    char authorization[96];
    snprintf(authorization, sizeof(authorization), "Token %s", harness->token);
    struct http_header headers[] = {{SLICE("Authorization"), slice_from(authorization)},
                                    {SLICE("Content-Type"), SLICE("application/json")}};
    int fd = http_connect(harness->port);
    if (fd < 0)
        return false;
    bool done = http_ask(fd, arena, method, slice_from(target), headers, ARRAY_LENGTH(headers),
                         slice_from(body), body != NULL, ret_answer);
    close(fd);
    return done;
}
