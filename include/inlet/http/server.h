/* The HTTP server: sockets, an acceptor, event threads, and the life of a request. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_HTTP_SERVER_H
#define INLET_HTTP_SERVER_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/job.h"
#include "inlet/base/slice.h"
#include "inlet/http/call.h"
#include "inlet/http/endpoint.h"

#include <stddef.h>
#include <stdint.h>

/* Every resource a client can consume, with its cap. 0 takes the default of the table in src/http/limits.c. */
struct http_limits {
    size_t connections;             /* open at once; more are closed at accept */
    size_t connections_per_address; /* of them from one address; loopback and the control socket are exempt */
    size_t bodies_in_flight;        /* bytes of request bodies held at once; over it 503 */
    unsigned idle_timeout_s;        /* a connection without any byte is closed */
    unsigned
        header_timeout_ms; /* from the request line to the end of the headers; before it, idle_timeout_s more */
    unsigned body_timeout_ms; /* from there to the end of the body; and for the client to take the answer */
};

struct http_options {
    const char *const *listen; /* "127.0.0.1:8080", "[::1]:8080", ":8080" */
    size_t listen_count;
    const char *control_path; /* Unix socket for the command line; NULL: none */
    size_t threads;           /* event threads; 0: one per processor */
    struct http_limits limits;
    const struct endpoint_table *tables;
    size_t table_count;
    const struct dialect *const *dialects; /* for unknown paths: longest matching prefix */
    size_t dialect_count;
    const struct dispatcher *dispatcher; /* the store's lanes */
    void *app;                           /* handed to every call */
    /* On an event thread before each request is looked at, and after the call has ended: lets the application pin what the
     * call reads (its directory). May be NULL. */
    void (*call_begins)(struct call *call);
    void (*call_ends)(struct call *call);
};

struct http_server;

/* Binds, listens and starts the threads. On failure *WHY gets a sentence: which address, which reason. ERR_SYSTEM,
 * ERR_INVALID, ERR_MEMORY. */
NODISCARD enum err http_server_start(const struct http_options *options, struct http_server **ret_server,
                                     struct buffer *why);

/* The port that listener INDEX is bound to (a listen port of 0 picks a free one). */
unsigned http_server_port(const struct http_server *server, size_t index);

/* Stops accepting, answers what was begun with Connection: close, waits for calls in flight up to GRACE_MS, closes all
 * connections, ends the threads. Call it while the store still runs: calls in lanes must come back. */
struct http_server *http_server_stop(struct http_server *server, unsigned grace_ms);

/* For metrics and probes. */
struct http_stats {
    uint64_t accepted, refused_connections, requests;
    size_t connections, calls_in_flight, body_bytes;
};
void http_server_stats(const struct http_server *server, struct http_stats *ret_stats);

#endif
