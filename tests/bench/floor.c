/* The floor: the least that a server on these libraries has to do to take a lead in durably. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: what the server is measured against. Bare libmicrohttpd, driven as the server drives it (an acceptor that hands
 * sockets to two event threads in turn, each with a daemon of its own on external epoll), jansson, and one writer thread that
 * commits whatever is queued as one transaction (WAL, synchronous=FULL). The table and its indexes are the server's, read
 * from the same migration. No route, no token, no guard, no check of any field, no look-up, no log: the answer is a constant.
 *
 * THREADS: the acceptor is main's thread. A request belongs to one thread at a time: event thread → writer → event thread.
 *
 * Usage: bench_floor PORT DATABASE MIGRATION
 */
#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"

#include <errno.h>
#include <jansson.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
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

struct worker;

/* One request, from its first call to its last. */
struct request {
    struct request *next;
    struct worker *worker;
    struct MHD_Connection *connection;
    char *body;
    size_t length, capacity;
    json_t *lead;
    char *metadata;
    bool stored; /* the writer is done with it */
    unsigned status;
};

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
static sqlite3 *database;
static sqlite3_stmt *begin_statement, *insert_statement, *commit_statement;
static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_filled = PTHREAD_COND_INITIALIZER;
static struct request *queue_first, *queue_last;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench_floor: %s\n", what);
    exit(1);
}

/* ---- The writer. */

static void bind_member(int at, const json_t *lead, const char *key)
{
    const json_t *member = json_object_get(lead, key);
    if (json_is_string(member))
        sqlite3_bind_text(insert_statement, at, json_string_value(member), (int)json_string_length(member),
                          SQLITE_STATIC);
    else if (json_is_integer(member))
        sqlite3_bind_int64(insert_statement, at, json_integer_value(member));
    else
        sqlite3_bind_null(insert_statement, at);
}

static bool insert(const struct request *request)
{
    sqlite3_int64 now_us = clock_now_us();
    sqlite3_bind_int64(insert_statement, 1, now_us);
    bind_member(2, request->lead, "phone_number");
    bind_member(3, request->lead, "email");
    bind_member(4, request->lead, "lead_type");
    bind_member(5, request->lead, "representative");
    bind_member(6, request->lead, "external_id");
    bind_member(7, request->lead, "us_state");
    bind_member(8, request->lead, "lead_source");
    sqlite3_bind_text(insert_statement, 9, request->metadata, -1, SQLITE_STATIC);
    bool stored = sqlite3_step(insert_statement) == SQLITE_DONE;
    sqlite3_reset(insert_statement);
    sqlite3_clear_bindings(insert_statement);
    return stored;
}

static bool step(sqlite3_stmt *statement)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
}

static void hand_back(struct request *batch)
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
            die("cannot wake an event thread");
    }
}

static void *run_writer(void *unused)
{
    (void)unused;
    for (;;) {
        pthread_mutex_lock(&queue_mutex);
        while (!queue_first)
            pthread_cond_wait(&queue_filled, &queue_mutex);
        struct request *batch = queue_first;
        queue_first = queue_last = NULL;
        pthread_mutex_unlock(&queue_mutex);

        if (!step(begin_statement))
            die(sqlite3_errmsg(database));
        for (struct request *request = batch; request; request = request->next)
            request->status = insert(request) ? MHD_HTTP_CREATED : MHD_HTTP_BAD_REQUEST;
        if (!step(commit_statement))
            die(sqlite3_errmsg(database));
        hand_back(batch);
    }
    return NULL;
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
    if (request->stored)
        return MHD_queue_response(connection, request->status, created);
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
            die("cannot take a connection");
    for (struct request *request = done, *next; request; request = next) {
        next = request->next;
        request->next = NULL;
        request->stored = true;
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
            die("poll failed");
        if (fds[1].revents & POLLIN) {
            eventfd_t ignored;
            if (eventfd_read(worker->wake, &ignored) != 0)
                die("cannot read the wake-up");
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
        die("cannot start an event thread");
}

/* ---- The start. */

static void execute(const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        die(message ? message : "cannot execute SQL");
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(database));
    return statement;
}

static void open_database(const char *path, const char *migration)
{
    char *sql = mem_alloc(MIGRATION_MAX);
    FILE *file = fopen(migration, "re");
    if (!sql || !file)
        die("cannot read the migration");
    size_t length = fread(sql, 1, MIGRATION_MAX - 1, file);
    sql[length] = '\0';
    fclose(file);

    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        die("cannot open the database");
    /* The cache and the distance of checkpoints that Inlet's writer has: the comparison is about code. */
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA "
            "wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY");
    execute(sql);
    mem_free(sql);
    begin_statement = prepare("BEGIN IMMEDIATE");
    commit_statement = prepare("COMMIT");
    insert_statement = prepare(
        "INSERT INTO lead (organization_id, created_us, modified_us, received_us, phone_number, email, "
        "email_key, lead_type_id, representative_id, external_id, us_state, lead_source, metadata) "
        "VALUES (1, ?1, ?1, ?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
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
        die("cannot listen");
    return listener;
}

static void hand_out(int connection, struct worker *worker)
{
    int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    pthread_mutex_lock(&worker->mutex);
    if (worker->socket_count == SOCKETS_QUEUED)
        die("too many connections at once");
    worker->sockets[worker->socket_count++] = connection;
    pthread_mutex_unlock(&worker->mutex);
    if (eventfd_write(worker->wake, 1) != 0)
        die("cannot wake an event thread");
}

int main(int argc, char **argv)
{
    static char answer[] = "{\"id\":1,\"action\":\"created\"}";
    uint64_t port;
    if (argc != 4 || number_parse_unsigned(slice_from(argv[1]), 65535, &port) != ERR_OK)
        die("usage: bench_floor PORT DATABASE MIGRATION");
    signal(SIGPIPE, SIG_IGN);
    open_database(argv[2], argv[3]);
    created = MHD_create_response_from_buffer(sizeof(answer) - 1, answer, MHD_RESPMEM_PERSISTENT);
    if (!created || MHD_add_response_header(created, "Content-Type", "application/json") != MHD_YES)
        die("cannot make the answer");
    int listener = open_listener(port);
    for (size_t i = 0; i < EVENT_THREADS; i++)
        start_worker(&workers[i]);
    pthread_t writer;
    if (pthread_create(&writer, NULL, run_writer, NULL) != 0)
        die("cannot start the writer");
    for (size_t turn = 0;; turn++) {
        int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
            die("cannot accept");
        if (connection >= 0)
            hand_out(connection, &workers[turn % EVENT_THREADS]);
    }
}
