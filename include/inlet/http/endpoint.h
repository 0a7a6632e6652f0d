/* What an endpoint is: one row that says where, who, how large and by which functions. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_HTTP_ENDPOINT_H
#define INLET_HTTP_ENDPOINT_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct call;
struct session;

/* Where an endpoint's `run` runs. */
enum lane {
    LANE_NONE,   /* nowhere: prepare has all it needs, the event thread answers at once */
    LANE_LOOKUP, /* a primary-key look-up: inline where the engine can, otherwise as a read */
    LANE_READ,   /* a reader's thread, one snapshot */
    LANE_WRITE   /* the writer, in a transaction */
};

/* What a token must hold. A principal's scopes are a set of these bits. */
enum scope {
    SCOPE_NONE = 0,   /* no token is asked for */
    SCOPE_INGEST = 1, /* the ingestion URLs */
    SCOPE_READ = 2,
    SCOPE_FULL = 4,
    SCOPE_ADMIN = 8
};

/* Why the machinery itself refuses a request, before or instead of its endpoint. */
enum refusal {
    REFUSE_BAD_REQUEST, /* 400: the request line, a header or the framing is wrong */
    REFUSE_NOT_FOUND,   /* 404: no such path */
    REFUSE_METHOD,      /* 405, with Allow */
    REFUSE_SCOPE,       /* 403: the principal lacks the endpoint's scope */
    REFUSE_TOO_LARGE,   /* 413 */
    REFUSE_EXPECTATION, /* 417 */
    REFUSE_OVERLOAD, /* 503 with Retry-After: a queue or the memory budget is full, the database cannot write */
    REFUSE_INTERNAL /* 500 */
};

/* How one API speaks where its endpoints do not: one per folder of api/. */
struct dialect {
    const char *name;        /* "sela" */
    const char *path_prefix; /* unknown paths below it are refused in this dialect; "" for the rest */

    /* Fills call->principal from the request's headers. Otherwise answers (call_answer…) and returns ERR_INVALID. Not
     * asked for endpoints of SCOPE_NONE. On the event thread; must not wait. */
    NODISCARD enum err (*authenticate)(struct call *call);

    /* Answers a refusal in the dialect's shape: sets status and body. WHAT (static words, may be NULL) names what is wrong. */
    void (*refuse)(struct call *call, enum refusal refusal, const char *what);

    /* Answers OPTIONS for call->endpoint (any of the path's). Allow is already set. */
    void (*options)(struct call *call);
};

/*
 * A life: prepare on the event thread (decode, check; it may answer already: then the rest is skipped unless the lane is
 * wanted, see call->wants_lane); run in the lane, inside the transaction (no network, bounded work, may be run again); render
 * on the event thread writes the answer's body. Any may be NULL.
 *
 * Who answers first (call_answer) ends it: render is not asked after prepare or run has answered; without any answer the
 * status is 200. Errors: what prepare answers stands if it returns ERR_OK or an error of the client's kind. An error of
 * prepare without an answer, of run, of its transaction or of render drops every answer: 503 for the retryable ones,
 * otherwise a logged 500. Before run is called again, what it added to the answer is taken off.
 */
struct endpoint {
    const char *method; /* "POST"; GET answers HEAD as well */
    const char *path;   /* "/api/leads/{id}/": always with its trailing slash, answers without it too */
    const char *name;   /* "Lead List": what OPTIONS calls it */
    const struct dialect *dialect;
    enum lane lane;
    unsigned scopes; /* any one of these bits suffices; SCOPE_NONE: no token */
    bool hidden;     /* for a principal without the scope the method does not exist (405 instead of 403) */
    size_t body_max; /* 0: takes no body (one that is sent is read and dropped, up to 64 KiB) */
    NODISCARD enum err (*prepare)(struct call *call);
    NODISCARD enum err (*run)(struct session *session, struct call *call);
    NODISCARD enum err (*render)(struct call *call);
};

/* The tables of all dialects, as the server is given them. */
struct endpoint_table {
    const struct endpoint *endpoints;
    size_t count;
};

#endif
