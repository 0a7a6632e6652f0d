/* The floor: the least that a server on these libraries has to do to take a lead in durably. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: what the server is measured against. Bare libmicrohttpd, driven as the server drives it (an acceptor that hands
 * sockets to two event threads in turn, each with a daemon of its own on external epoll), jansson, and an engine: SQLite
 * (floor_sqlite.c) or PostgreSQL (floor_pg.c). The table and its indexes are the server's, read from the same migration. No
 * route, no token, no guard, no check of any field, no look-up, no log: the answer is a constant.
 *
 * THREADS: the acceptor is main's thread. A request belongs to one thread at a time: event thread → writer → event thread.
 *
 * Usage: bench_floor PORT DATABASE MIGRATION      DATABASE: a path, or postgresql://...
 */
#include "floor.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENT_THREADS  2
#define BODY_MAX       ((size_t)1 << 20)
#define BODY_FIRST     ((size_t)4096)
#define MIGRATION_MAX  ((size_t)1 << 20)
#define SOCKETS_QUEUED 4096

struct worker {
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake; /* eventfd */
    pthread_mutex_t mutex;
    struct request *done; /* committed, to be answered */
    int sockets[SOCKETS_QUEUED];
    size_t socket_count; /* accepted, to be taken over */
};

static struct worker workers[EVENT_THREADS];
static struct MHD_Response *created;
static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_filled = PTHREAD_COND_INITIALIZER;
static struct request *queue_first, *queue_last;

_Noreturn void floor_die(const char *what)
{
    fprintf(stderr, "bench_floor: %s\n", what);
    exit(1);
}

/* ---- The queue. */

struct request *floor_take(size_t most)
{
    pthread_mutex_lock(&queue_mutex);
    while (!queue_first)
        pthread_cond_wait(&queue_filled, &queue_mutex);
    struct request *first = queue_first, *last = first;
    for (size_t i = 1; i < most && last->next; i++)
        last = last->next;
    queue_first = last->next;
    if (!queue_first)
        queue_last = NULL;
    last->next = NULL;
    pthread_mutex_unlock(&queue_mutex);
    return first;
}

void floor_hand_back(struct request *batch)
{
    struct request *first[EVENT_THREADS] = {NULL}, *last[EVENT_THREADS] = {NULL};
    for (struct request *request = batch, *next; request; request = next) {
        next = request->next;
        ptrdiff_t at = request->worker - workers;
        request->next = first[at];
        if (!first[at])
            last[at] = request;
        first[at] = request;
    }
    for (size_t i = 0; i < EVENT_THREADS; i++) {
        if (!first[i])
            continue;
        pthread_mutex_lock(&workers[i].mutex);
        last[i]->next = workers[i].done;
        workers[i].done = first[i];
        pthread_mutex_unlock(&workers[i].mutex);
        if (eventfd_write(workers[i].wake, 1) != 0)
            floor_die("cannot wake an event thread");
    }
}

static void submit(struct request *request)
{
    pthread_mutex_lock(&queue_mutex);
    if (queue_last)
        queue_last->next = request;
    else
        queue_first = request;
    queue_last = request;
    pthread_cond_signal(&queue_filled);
    pthread_mutex_unlock(&queue_mutex);
}

/* ---- The event threads. */

static bool body_append(struct request *request, const char *data, size_t size)
{
    if (size > BODY_MAX - request->length)
        return false;
    if (request->length + size > request->capacity) {
        size_t capacity = request->capacity ? request->capacity : BODY_FIRST;
        while (capacity < request->length + size)
            capacity *= 2;
        char *body = mem_resize(request->body, capacity);
        if (!body)
            return false;
        request->body = body;
        request->capacity = capacity;
    }
    memcpy(request->body + request->length, data, size);
    request->length += size;
    return true;
}

static bool parse(struct request *request)
{
    request->lead = json_loadb(request->body ? request->body : "", request->length, 0, NULL);
    if (!json_is_object(request->lead))
        return false;
    const json_t *metadata = json_object_get(request->lead, "metadata");
    request->metadata = json_dumps(metadata, JSON_COMPACT | JSON_ENCODE_ANY);
    return request->metadata != NULL;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **state)
{
    (void)url, (void)method, (void)version;
    struct request *request = *state;
    if (!request) {
        request = mem_zero(1, sizeof(*request));
        if (!request)
            return MHD_NO;
        request->worker = context;
        request->connection = connection;
        *state = request;
        return MHD_YES;
    }
    if (*size > 0) {
        bool kept = body_append(request, data, *size);
        *size = 0;
        return kept ? MHD_YES : MHD_NO;
    }
    if (request->is_done)
        return MHD_queue_response(connection, request->is_kept ? MHD_HTTP_CREATED : MHD_HTTP_BAD_REQUEST,
                                  created);
    if (!parse(request))
        return MHD_queue_response(connection, MHD_HTTP_BAD_REQUEST, created);
    MHD_suspend_connection(connection); /* first: once submitted, the request is the writer's */
    submit(request);
    return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct request *request = *state;
    if (!request)
        return;
    json_decref(request->lead);
    free(request->metadata); /* jansson's own, from malloc */
    mem_free(request->body);
    mem_free(request);
    *state = NULL;
}

static void take_in(struct worker *worker)
{
    static _Thread_local int sockets[SOCKETS_QUEUED];
    pthread_mutex_lock(&worker->mutex);
    size_t count = worker->socket_count;
    memcpy(sockets, worker->sockets, count * sizeof(sockets[0]));
    worker->socket_count = 0;
    struct request *done = worker->done;
    worker->done = NULL;
    pthread_mutex_unlock(&worker->mutex);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    for (size_t i = 0; i < count; i++)
        if (MHD_add_connection(worker->daemon, sockets[i], (const struct sockaddr *)&address,
                               sizeof(address)) != MHD_YES)
            floor_die("cannot take a connection");
    for (struct request *request = done, *next; request; request = next) {
        next = request->next;
        request->next = NULL;
        request->is_done = true;
        MHD_resume_connection(request->connection);
    }
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[2] = {{.fd = info->epoll_fd, .events = POLLIN}, {.fd = worker->wake, .events = POLLIN}};
    for (;;) {
        MHD_UNSIGNED_LONG_LONG timeout_ms;
        int wait_ms = -1;
        if (MHD_get_timeout(worker->daemon, &timeout_ms) == MHD_YES)
            wait_ms = timeout_ms > 1000 ? 1000 : (int)timeout_ms;
        if (poll(fds, 2, wait_ms) < 0 && errno != EINTR)
            floor_die("poll failed");
        if (fds[1].revents & POLLIN) {
            eventfd_t ignored;
            if (eventfd_read(worker->wake, &ignored) != 0)
                floor_die("cannot read the wake-up");
            take_in(worker);
        }
        MHD_run(worker->daemon);
    }
    return NULL;
}

static void start_worker(struct worker *worker)
{
    worker->wake = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&worker->mutex, NULL);
    worker->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, on_request, worker, MHD_OPTION_NOTIFY_COMPLETED, on_completed, worker,
        MHD_OPTION_CONNECTION_LIMIT, 4096U, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768,
        MHD_OPTION_CONNECTION_TIMEOUT, 30U, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (worker->wake < 0 || !worker->daemon || pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
        floor_die("cannot start an event thread");
}

/* ---- The start. */

/* The text of a file; the caller's to free. */
static char *read_text(const char *path)
{
    char *text = mem_alloc(MIGRATION_MAX);
    FILE *file = fopen(path, "re");
    if (!text || !file)
        floor_die("cannot read the migration");
    size_t length = fread(text, 1, MIGRATION_MAX - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static int open_listener(uint64_t port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 4096) != 0)
        floor_die("cannot listen");
    return listener;
}

static void hand_out(int connection, struct worker *worker)
{
    int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    pthread_mutex_lock(&worker->mutex);
    if (worker->socket_count == SOCKETS_QUEUED)
        floor_die("too many connections at once");
    worker->sockets[worker->socket_count++] = connection;
    pthread_mutex_unlock(&worker->mutex);
    if (eventfd_write(worker->wake, 1) != 0)
        floor_die("cannot wake an event thread");
}

int main(int argc, char **argv)
{
    static char answer[] = "{\"id\":1,\"action\":\"created\"}";
    uint64_t port;
    if (argc != 4 || number_parse_unsigned(slice_from(argv[1]), 65535, &port) != ERR_OK)
        floor_die("usage: bench_floor PORT DATABASE MIGRATION");
    signal(SIGPIPE, SIG_IGN);
    char *sql = read_text(argv[3]);
    if (strncmp(argv[2], "postgresql:", 11) == 0)
        floor_pg_start(argv[2], sql);
    else
        floor_sqlite_start(argv[2], sql);
    mem_free(sql);
    created = MHD_create_response_from_buffer(sizeof(answer) - 1, answer, MHD_RESPMEM_PERSISTENT);
    if (!created || MHD_add_response_header(created, "Content-Type", "application/json") != MHD_YES)
        floor_die("cannot make the answer");
    int listener = open_listener(port);
    for (size_t i = 0; i < EVENT_THREADS; i++)
        start_worker(&workers[i]);
    for (size_t turn = 0;; turn++) {
        int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
            floor_die("cannot accept");
        if (connection >= 0)
            hand_out(connection, &workers[turn % EVENT_THREADS]);
    }
}
