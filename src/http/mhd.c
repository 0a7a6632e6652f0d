/* The engine: libmicrohttpd, driven from outside. The only file that includes it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"
#include "engine.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "limits.h"
#include "worker.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/*
 * DESIGN. libmicrohttpd calls on_request once with the head, once per piece of the body, and a last time. An
 * answer on the first call closes the connection, so it is given on the last one; the first call only looks
 * (exchange_begin). A call that goes to a lane is suspended; back from it, the last call comes again.
 *
 * The job is submitted before the connection is suspended. It may be done before this thread goes on, but it
 * comes back to this worker's inbox, which is drained after the handler has returned: resuming always follows
 * suspending.
 *
 * Facts about 0.9.75 that decide the options below: the memory limit is cleared on each request (32 KiB is
 * the knee); its timeout counts from the last byte only, hence our deadlines; its own loop stalls, hence no
 * listen socket, no internal thread.
 */
struct engine {
    struct worker *worker;
    struct MHD_Daemon *daemon;
    int epoll_fd;
    int64_t log_window_us; /* its messages, mostly about clients: a few per second, the rest is counted */
    unsigned logged, unlogged;
};

#define LOGGED_PER_SECOND     5
#define MEMORY_PER_CONNECTION 32768

/* Closes the connection without an answer: there is no memory for one. */
static const enum MHD_Result give_up = MHD_NO;

PRINTF(2, 0) static void on_log(void *context, const char *format, va_list arguments)
{
    struct engine *engine = context;
    int64_t now_us = engine->worker->now_us;
    if (now_us - engine->log_window_us >= 1000000) {
        if (engine->unlogged > 0)
            LOG(LOG_DEBUG, "libmicrohttpd: messages left out", LOG_INTEGER_FIELD("count", engine->unlogged));
        engine->log_window_us = now_us;
        engine->logged = engine->unlogged = 0;
    }
    if (++engine->logged > LOGGED_PER_SECOND) {
        engine->unlogged++;
        return;
    }
    char text[512];
    int length = vsnprintf(text, sizeof(text), format, arguments);
    if (length < 0)
        return;
    struct slice message = slice_trim(slice_from(text));
    LOG(LOG_DEBUG, "libmicrohttpd", LOG_TEXT_FIELD("message", message));
}

static void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
    (void)context;
    LOG(LOG_ERROR, "libmicrohttpd cannot go on", LOG_TEXT_FIELD("file", slice_from(file)),
        LOG_INTEGER_FIELD("line", line), LOG_TEXT_FIELD("reason", slice_from(reason)));
    abort();
}

static void set_panic(void)
{
    MHD_set_panic_func(on_panic, NULL);
}

static struct connection *connection_of(struct MHD_Connection *handle)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void end_exchange(struct connection *connection, bool aborted)
{
    struct exchange *x = connection->exchange;
    if (!x)
        return;
    connection->exchange = NULL;
    access_log(x, aborted);
    exchange_end(x);
}

static void on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct engine *engine = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct connection *connection = info ? worker_opened(engine->worker, info->connect_fd) : NULL;
        if (connection)
            connection->engine = handle;
        *socket_context = connection;
    } else if (*socket_context) {
        end_exchange(*socket_context, true); /* after some errors of its own it does not call on_completed */
        worker_closed(engine->worker, *socket_context);
        *socket_context = NULL;
    }
}

/*
 * WORKAROUND. Right after on_target, libmicrohttpd 0.9.75 parses the arguments, which nobody here asks for,
 * into the connection's pool; 2,000 of them, 4 KiB of text, do not fit, and it then drops the request without
 * an answer. It has found the "?" before and reads what follows up to a NUL, in its own writable buffer: a NUL
 * right behind the "?" is a query without arguments. "/x?" has it there anyway, so nothing behind the target is
 * written to. Version 1.0 rewrote this: its buffer is not ours to change before somebody has looked.
 */
#define PARSES_ARGUMENTS_TO_NUL (MHD_VERSION < 0x01000000)

static void hide_arguments(const char *target)
{
    char *mark = strchr(target, '?');
    if (PARSES_ARGUMENTS_TO_NUL && mark)
        mark[1] = '\0';
}

/* The request line has come: the exchange begins here, so that it exists even if the headers turn out to be
 * bad. */
static void *on_target(void *context, const char *target, struct MHD_Connection *handle)
{
    struct engine *engine = context;
    struct connection *connection = connection_of(handle);
    if (!connection)
        return NULL;
    end_exchange(connection, true); /* there is none, unless the last one's end was kept from us */
    struct exchange *x = exchange_new(engine->worker->machine, slice_from(target));
    hide_arguments(target);
    if (!x)
        return NULL;
    connection->exchange = x;
    x->connection = connection;
    x->returned = worker_returned;
    x->call.remote_address = slice_from(connection->remote_address);
    x->call.over_control_socket = connection->over_control_socket;
    connection->target_at = target;
    worker_expects(connection, DEADLINE_HEADER);
    return x;
}

static void on_completed(void *context, struct MHD_Connection *handle, void **exchange,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    struct connection *connection = connection_of(handle);
    *exchange = NULL;
    if (!connection)
        return;
    worker_expects(connection, DEADLINE_IDLE);
    end_exchange(connection, code != MHD_REQUEST_TERMINATED_COMPLETED_OK);
}

static bool add_header(struct MHD_Response *response, struct call *call, struct slice name,
                       struct slice value)
{
    struct slice name_text, value_text; /* the library wants them to end with NUL */
    if (arena_copy(&call->arena, name, &name_text) != ERR_OK ||
        arena_copy(&call->arena, value, &value_text) != ERR_OK)
        return false;
    return MHD_add_response_header(response, name_text.p, value_text.p) == MHD_YES;
}

static bool add_headers(struct MHD_Response *response, struct exchange *x, bool close)
{
    struct call *call = &x->call;
    const char *type = call->content_type ? call->content_type : "application/json";
    bool added = MHD_add_response_header(response, "X-Request-Id", call->request_id) == MHD_YES;
    if (call->answer.length > 0)
        added = added && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES;
    if (x->allow)
        added = added && MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, x->allow) == MHD_YES;
    if (x->route)
        added = added && MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept") == MHD_YES;
    if (x->overloaded)
        added =
            added && MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER_S) == MHD_YES;
    if (close)
        added = added && MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
    for (size_t i = 0; i < call->answer_header_count && added; i++)
        added = add_header(response, call, call->answer_headers[i].name, call->answer_headers[i].value);
    return added;
}

/* Queues the answer; the body stays in the call, which lives until on_completed. */
static enum MHD_Result reply(struct MHD_Connection *handle, struct exchange *x, bool close)
{
    struct call *call = &x->call;
    static char nothing[1];
    x->stage = STAGE_ANSWERED;
    worker_expects(x->connection, DEADLINE_ANSWER);
    close = close || atomic_load_explicit(&x->machine->closing, memory_order_relaxed);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        call->answer.length, call->answer.length > 0 ? call->answer.data : nothing, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return give_up;
    enum MHD_Result result = give_up;
    if (add_headers(response, x, close))
        result = MHD_queue_response(handle, call->status, response);
    MHD_destroy_response(response);
    return result;
}

struct header_list {
    struct call_header headers[CALL_HEADERS_MAX + 1]; /* one more than the guard lets pass */
    size_t count;
    uintptr_t next; /* where the next header has to begin */
    bool has_gaps;
};

/*
 * WORKAROUND. libmicrohttpd 0.9.75 takes a line ": x" for the end of the headers, loses the value of a folded
 * Content-Length, and cuts the method, the target and values at a NUL byte: each of them a second reading,
 * and invisible in what it hands out. But it parses in place, so what it hands out must tile the head without
 * gaps: one blank between the parts of the request line, CRLF after each line, CRLF at the end. Anything else
 * has bytes that we were not shown.
 */
#define PARSES_IN_PLACE (MHD_VERSION < 0x01000000)

static void expect_at(struct header_list *list, const char *at, uintptr_t behind)
{
    if (PARSES_IN_PLACE && (uintptr_t)at != list->next)
        list->has_gaps = true;
    list->next = behind;
}

static enum MHD_Result on_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                 const char *value, size_t value_size)
{
    (void)kind;
    struct header_list *list = context;
    if (list->count == ARRAY_LENGTH(list->headers))
        return MHD_NO;
    struct slice content = slice_of(value ? value : "", value_size);
    list->headers[list->count++] = (struct call_header){slice_of(name, name_size), content};
    expect_at(list, name, (uintptr_t)content.p + content.n + 2);
    return MHD_YES;
}

static void collect_head(struct MHD_Connection *handle, const struct exchange *x, const char *method,
                         const char *version, struct header_list *list, struct request_head *ret_head)
{
    const struct connection *connection = x->connection;
    struct request_head head = {
        .method = slice_from(method),
        .target = x->call.target,
        .version = slice_from(version),
    };
    list->count = 0;
    list->has_gaps = false;
    list->next = (uintptr_t)method + head.method.n + 1;
    expect_at(list, connection->target_at, (uintptr_t)connection->target_at + head.target.n + 1);
    expect_at(list, version, (uintptr_t)version + head.version.n + 2);
    MHD_get_connection_values_n(handle, MHD_HEADER_KIND, on_header, list);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    head.header_bytes = info ? info->header_size : SIZE_MAX;
    bool complete = list->count <= CALL_HEADERS_MAX;
    head.has_gaps = list->has_gaps;
    if (PARSES_IN_PLACE && complete && list->next + 2 != (uintptr_t)method + head.header_bytes)
        head.has_gaps = true;
    head.headers = list->headers;
    head.header_count = list->count;
    *ret_head = head;
}

static enum MHD_Result first_call(struct MHD_Connection *handle, struct exchange *x, const char *method,
                                  const char *version)
{
    struct header_list list;
    struct request_head head;
    collect_head(handle, x, method, version, &list, &head);
    x->stage = STAGE_BODY;
    worker_expects(x->connection, DEADLINE_BODY);
    if (exchange_begin(x, &head) == COURSE_CLOSE)
        return reply(handle, x, true);
    return MHD_YES;
}

static enum MHD_Result last_call(struct MHD_Connection *handle, struct exchange *x)
{
    struct connection *connection = x->connection;
    if (exchange_prepare(x) == COURSE_LANE) {
        x->stage = STAGE_WAITING;
        worker_expects(connection, DEADLINE_NONE);
        if (exchange_submit(x) == COURSE_WAIT) {
            MHD_suspend_connection(handle);
            return MHD_YES;
        }
    }
    return reply(handle, x, false);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *handle, const char *url,
                                  const char *method, const char *version, const char *piece,
                                  size_t *piece_size, void **exchange)
{
    (void)context;
    (void)url; /* decoded before routing, hence useless: see on_target */
    struct exchange *x = *exchange;
    if (!x)
        return give_up;
    switch (x->stage) {
    case STAGE_TARGET: return first_call(handle, x, method, version);
    case STAGE_BODY:
        if (*piece_size == 0)
            return last_call(handle, x);
        exchange_body(x, slice_of(piece, *piece_size));
        *piece_size = 0; /* whatever is left over would not be shown again before more arrives */
        return MHD_YES;
    case STAGE_WAITING: return reply(handle, x, false);
    case STAGE_ANSWERED: break;
    }
    *piece_size = 0;
    return MHD_YES;
}

enum err engine_start(struct worker *worker, const struct http_limits *limits, struct engine **ret_engine)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_panic);
    struct engine *engine = mem_zero(1, sizeof(*engine));
    if (!engine)
        return ERR_MEMORY;
    engine->worker = worker;
    /* The acceptor counts connections; this limit, the library's own per daemon, must never be met. */
    unsigned connections_max = (unsigned)limits->connections + 64;
    engine->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, on_request, engine, MHD_OPTION_EXTERNAL_LOGGER, on_log,
        engine, /* first: later options may log */
        MHD_OPTION_URI_LOG_CALLBACK, on_target, engine, MHD_OPTION_NOTIFY_COMPLETED, on_completed, engine,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, engine, MHD_OPTION_CONNECTION_LIMIT, connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_CONNECTION_TIMEOUT,
        limits->idle_timeout_s, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        engine->daemon ? MHD_get_daemon_info(engine->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info) {
        engine_stop(engine);
        return ERR_SYSTEM;
    }
    engine->epoll_fd = info->epoll_fd;
    *ret_engine = engine;
    return ERR_OK;
}

struct engine *engine_stop(struct engine *engine)
{
    if (engine->daemon)
        MHD_stop_daemon(engine->daemon);
    mem_free(engine);
    return NULL;
}

int engine_poll_fd(const struct engine *engine)
{
    return engine->epoll_fd;
}

int engine_timeout_ms(struct engine *engine)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (MHD_get_timeout(engine->daemon, &timeout_ms) != MHD_YES)
        return -1;
    return timeout_ms > 60000 ? 60000 : (int)timeout_ms;
}

void engine_add(struct engine *engine, struct connection *connection)
{
    /* Nobody asks the library for the address, but it has to know that a Unix socket has no TCP options. */
    bool local = strcmp(connection->remote_address, "unix") == 0;
    struct sockaddr_storage address = {.ss_family = local ? AF_UNIX : AF_INET};
    /* On failure it closes the socket, and the worker finds the connection among those that are still
     * arriving. */
    (void)MHD_add_connection(engine->daemon, connection->fd, (struct sockaddr *)&address, sizeof(address));
}

void engine_resume(struct engine *engine, struct exchange *exchange)
{
    (void)engine;
    const struct connection *connection = exchange->connection;
    MHD_resume_connection(connection->engine);
}

void engine_turn(struct engine *engine)
{
    MHD_run(engine->daemon);
}

const char *engine_version(void)
{
    return MHD_get_version();
}
