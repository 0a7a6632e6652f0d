/* Starts and stops the server: limits, routes, listeners, workers, acceptor; and back in the right order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/http/server.h"

#include "acceptor.h"
#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "limits.h"

#include <unistd.h>

#define WORKERS_MAX 64

struct http_server {
    struct machine machine;
    struct admission admission;
    struct acceptor acceptor;
    size_t worker_count;
    struct worker workers[WORKERS_MAX];
    size_t listener_count;
    unsigned ports[LISTENERS_MAX]; /* they outlive the sockets */
};

static size_t worker_count_of(const struct http_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = options->threads;
    if (count == 0)
        count = processors > 0 ? (size_t)processors : 1;
    return count < WORKERS_MAX ? count : WORKERS_MAX;
}

static void stop_workers(struct http_server *server, int64_t until_us)
{
    for (size_t i = 0; i < server->worker_count; i++)
        worker_drain(&server->workers[i], until_us);
    for (size_t i = 0; i < server->worker_count; i++)
        worker_stop(&server->workers[i]);
}

static enum err start_threads(struct http_server *server, size_t worker_count, struct buffer *why)
{
    enum err error = ERR_OK;
    for (size_t i = 0; i < worker_count && error == ERR_OK; i++) {
        error = worker_start(&server->workers[i], i, &server->machine, &server->admission);
        if (error == ERR_OK)
            server->worker_count++;
    }
    if (error == ERR_OK)
        error = acceptor_start(&server->acceptor, server->workers, server->worker_count, &server->admission);
    if (error != ERR_OK) {
        buffer_print(why, "cannot start the threads of the HTTP server: %s", err_text(error));
        stop_workers(server, clock_monotonic_us());
    }
    return error;
}

static enum err start(struct http_server *server, const struct http_options *options, struct buffer *why)
{
    struct acceptor *acceptor = &server->acceptor;
    TRY(machine_init(&server->machine, options, why));
    limits_fit_descriptors(&server->machine.limits);
    TRY(acceptor_listen(acceptor, options, why));
    enum err error = admission_init(&server->admission, &server->machine.limits);
    if (error != ERR_OK) {
        acceptor_close(acceptor);
        return error;
    }
    server->listener_count = acceptor->listener_count;
    for (size_t i = 0; i < acceptor->listener_count; i++)
        server->ports[i] = net_port(acceptor->listeners[i]);
    error = start_threads(server, worker_count_of(options), why);
    if (error != ERR_OK) {
        acceptor_close(acceptor);
        admission_done(&server->admission);
    }
    return error;
}

enum err http_server_start(const struct http_options *options, struct http_server **ret_server,
                           struct buffer *why)
{
    struct http_server *server = mem_zero(1, sizeof(*server));
    if (!server)
        return ERR_MEMORY;
    enum err error = start(server, options, why);
    if (error != ERR_OK) {
        machine_done(&server->machine);
        mem_free(server);
        return error;
    }
    LOG(LOG_INFO, "http started", LOG_INTEGER_FIELD("sockets", (int64_t)server->listener_count),
        LOG_INTEGER_FIELD("threads", (int64_t)server->worker_count),
        LOG_TEXT_FIELD("libmicrohttpd", slice_from(engine_version())));
    *ret_server = server;
    return ERR_OK;
}

unsigned http_server_port(const struct http_server *server, size_t index)
{
    return index < server->listener_count ? server->ports[index] : 0;
}

struct http_server *http_server_stop(struct http_server *server, unsigned grace_ms)
{
    if (!server)
        return NULL;
    acceptor_stop(&server->acceptor);
    atomic_store(&server->machine.closing, true);
    stop_workers(server, clock_monotonic_us() + (int64_t)grace_ms * 1000);
    admission_done(&server->admission);
    machine_done(&server->machine);
    mem_free(server);
    return NULL;
}

void http_server_stats(const struct http_server *server, struct http_stats *ret_stats)
{
    *ret_stats = (struct http_stats){
        .accepted = atomic_load_explicit(&server->admission.accepted, memory_order_relaxed),
        .refused_connections = atomic_load_explicit(&server->admission.refused, memory_order_relaxed),
        .requests = atomic_load_explicit(&server->machine.requests, memory_order_relaxed),
        .connections = atomic_load_explicit(&server->admission.connections, memory_order_relaxed),
        .calls_in_flight = atomic_load_explicit(&server->machine.in_flight, memory_order_relaxed),
        .body_bytes = atomic_load_explicit(&server->machine.body_bytes, memory_order_relaxed),
    };
}
