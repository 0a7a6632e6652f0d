/* A connection: one accepted socket, from the acceptor through its worker to its end. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_CONNECTION_H
#define INLET_SRC_HTTP_CONNECTION_H

#include "inlet/net/listen.h"

#include <stdint.h>

struct exchange;
struct worker;

/* What a connection has to do by when. */
enum deadline {
    DEADLINE_IDLE,   /* the head of the next request: may be long in coming, then has to come at one go */
    DEADLINE_HEADER, /* the rest of the head whose first line is there */
    DEADLINE_BODY,
    DEADLINE_ANSWER, /* the client takes the answer */
    DEADLINE_COUNT,
    DEADLINE_NONE = DEADLINE_COUNT /* the request is in a lane: nothing to be asked of the client */
};

/* OWNERSHIP: acceptor → inbox → worker, which frees it when the socket is closed. */
struct connection {
    struct connection *next; /* of the inbox, then of those that the engine has not taken up yet */
    struct worker *worker;
    int fd;
    bool over_control_socket;
    char remote_address[NET_ADDRESS_MAX];
    void *engine;              /* the engine's own handle */
    struct exchange *exchange; /* from the request line to the end of the answer; NULL: none */
    const char *target_at;     /* where the engine has the raw target of the request */

    struct connection *before, *after; /* in the worker's list of its deadline */
    enum deadline deadline;
    int64_t deadline_us;
};

#endif
