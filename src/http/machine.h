/* The machine: the life of a request, without the network under it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_MACHINE_H
#define INLET_SRC_HTTP_MACHINE_H

#include "guard.h"
#include "inlet/http/server.h"
#include "router.h"

#include <stdatomic.h>

/* What all requests of a server share. Immutable but for the counters. */
struct machine {
    struct http_options options; /* a copy; what it points to outlives the machine */
    struct http_limits limits;   /* filled */
    struct router router;
    atomic_size_t body_bytes; /* of request bodies held now */
    atomic_size_t in_flight;  /* exchanges begun and not ended */
    atomic_uint_fast64_t requests;
    atomic_bool closing; /* answers close their connections from now on */
};

/* Compiles the routes. ERR_CONFIG with *WHY, ERR_MEMORY. machine_done in any case. */
NODISCARD enum err machine_init(struct machine *machine, const struct http_options *options,
                                struct buffer *why);
void machine_done(struct machine *machine);

/* What the network has to do next. */
enum course {
    COURSE_BODY,  /* read the body, hand its pieces over, then exchange_prepare */
    COURSE_CLOSE, /* answer now, do not read the body: the connection ends with the answer */
    COURSE_LANE,  /* exchange_submit, or run the job and exchange_lane_ended */
    COURSE_WAIT,  /* the call belongs to a lane until `returned` is called */
    COURSE_ANSWER /* call.status, call.answer and the headers are complete */
};

/* Where the network is with an exchange; kept here for it. */
enum stage { STAGE_TARGET, STAGE_BODY, STAGE_WAITING, STAGE_ANSWERED };

/*
 * One request and its answer: the public call, and what only this module knows of it.
 * OWNERSHIP: as struct call says. THREADS: whoever owns the call.
 */
struct exchange {
    struct call call;
    struct machine *machine;
    void *connection;                            /* the network's */
    void (*returned)(struct exchange *exchange); /* on a lane's thread: the call is the network's again */
    enum stage stage;

    const struct route *route; /* NULL: no such path */
    struct framing framing;
    const char *allow;   /* the Allow header; NULL: none */
    bool begun;          /* counted, and call_begins was called */
    bool refused;        /* the answer is a refusal: the body does not matter any more */
    bool overloaded;     /* the answer gets Retry-After */
    size_t body_counted; /* its share of machine->body_bytes */
    uint64_t bytes_in;   /* of the body, kept or dropped */

    /* The answer as prepare left it: what a run that is rolled back added to it is taken off. */
    struct {
        unsigned status;
        size_t answer_length, answer_header_count;
        const char *content_type;
    } prepared;
};

/* A new exchange for a raw request target, which is copied. NULL: no memory. */
struct exchange *exchange_new(struct machine *machine, struct slice target);

/* Gives everything back. */
void exchange_end(struct exchange *exchange);

/* The head has come: guard, route, token, method, scope, sizes. HEAD's slices are copied. call.remote_address
 * and call.over_control_socket are set before. Returns COURSE_BODY or COURSE_CLOSE. */
enum course exchange_begin(struct exchange *exchange, const struct request_head *head);

/* A piece of the body. */
void exchange_body(struct exchange *exchange, struct slice piece);

/* The body is complete. Returns COURSE_LANE or COURSE_ANSWER. */
enum course exchange_prepare(struct exchange *exchange);

/* Hands the job to its lane. Returns COURSE_WAIT (from then on the exchange must not be touched) or
 * COURSE_ANSWER. */
enum course exchange_submit(struct exchange *exchange);

/* The lane has ended with ERROR: completes the answer. */
void exchange_lane_ended(struct exchange *exchange, enum err error);

/* Refuses in the dialect of the request's path; any answer given before is dropped. */
void exchange_refuse(struct exchange *exchange, enum refusal refusal, const char *what);

/* Refuses because of an error of ours: 503 for what may pass, otherwise 500, which is logged. */
void exchange_fail(struct exchange *exchange, enum err error);

#endif
