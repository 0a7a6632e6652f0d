/* A call: one request on its way through the house, and its answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_HTTP_CALL_H
#define INLET_HTTP_CALL_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/job.h"
#include "inlet/base/slice.h"
#include "inlet/http/endpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALL_ARGUMENTS_MAX 4
#define CALL_HEADERS_MAX   64
#define REQUEST_ID_MAX     64

struct call_header {
    struct slice name, value;
};

/* Who asks. */
struct principal {
    int64_t organization_id;
    int64_t token_id; /* 0: the control socket */
    unsigned scopes;  /* bits of enum scope, implied ones included; 0: nobody */
    bool is_operator; /* came over the control socket: acts for any organization */
};

/*
 * OWNERSHIP: exactly one owner at a time, without locks: event thread → lane's queue → lane → event thread's inbox → event
 * thread, which frees it when the request is completed. Everything of the request and of the answer is in the arena, but for
 * the two buffers, which the call owns too.
 */
struct call {
    struct job job; /* its work in a lane */
    struct arena arena;
    const struct endpoint *endpoint;
    void *app; /* what main gave the server: the application's context */

    /* The request. */
    struct slice method;
    struct slice target;                        /* raw, as sent: "/api/leads/?page=2" */
    struct slice path;                          /* raw, before '?' */
    struct slice query;                         /* raw, after '?'; empty when there is none */
    struct slice arguments[CALL_ARGUMENTS_MAX]; /* of the {…} in the endpoint's path, decoded */
    struct call_header *headers;
    size_t header_count;
    struct buffer body;
    struct slice remote_address; /* "203.0.113.7"; "unix" for the control socket */
    bool over_control_socket;    /* its peer's uid was checked */
    char request_id[REQUEST_ID_MAX + 1];
    int64_t received_us; /* wall clock, when the headers had come */
    int64_t started_us;  /* monotonic */

    struct principal principal;
    void *state;      /* the endpoint's own, in the arena */
    void *attachment; /* the application's own, for call_begins and call_ends */

    /* The answer. status 0: none yet. */
    unsigned status;
    struct buffer answer;
    const char *content_type; /* of the answer; "application/json" unless set */
    struct call_header answer_headers[12];
    size_t answer_header_count;
    bool wants_lane;     /* answered in prepare, but run is wanted all the same (to keep what was sent) */
    enum err lane_error; /* how the lane ended */
};

/* A header's value by name, whatever its case; a null slice when it was not sent. */
struct slice call_header(const struct call *call, struct slice name);

/* Sets the status of an answer whose body is, or will be, in call->answer. */
void call_answer(struct call *call, unsigned status);

/* Adds a header to the answer; both slices must live as long as the call. More than fit are dropped, and logged. */
void call_answer_header(struct call *call, struct slice name, struct slice value);

/* Whether an answer has been given. */
static inline bool call_is_answered(const struct call *call)
{
    return call->status != 0;
}

#endif
