/* Stands between the server and PostgreSQL and cuts their connection at a chosen message. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_PROXY_H
#define INLET_TESTS_DURABILITY_PROXY_H

#include "inlet/base/buffer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which messages count. The one that is cut at does not get through; those before it do. */
enum proxy_what {
    PROXY_REQUESTS,  /* from the client */
    PROXY_ANSWERS,   /* from PostgreSQL */
    PROXY_COMMITTED, /* from PostgreSQL: "it is committed" */
    PROXY_WHATS
};

#define PROXY_LINKS_MAX 128

/* One connection with its continuation. */
struct proxy_link {
    int client, server;
    bool started; /* the client's first message, which has no type, is through */
    struct buffer requests, answers;
};

/* THREADS. One of its own forwards; the functions may be called from any. */
struct proxy {
    int listener, wake[2];
    unsigned port, target;
    pthread_t thread;
    struct proxy_link links[PROXY_LINKS_MAX];
    size_t link_count;

    pthread_mutex_t mutex; /* of what follows */
    enum proxy_what what;
    size_t cut_at;    /* 0: nowhere */
    size_t outage_ms; /* after the cut nothing connects for so long, and all other connections are cut too */
    int64_t outage_ends_us; /* 0: there is none */
    size_t seen[PROXY_WHATS];
    bool has_cut;
};

/* Listens at a port of its own of the loopback address (ret: proxy->port); forwards to TARGET there. */
void proxy_start(struct proxy *proxy, unsigned target);
void proxy_stop(struct proxy *proxy);

/* Cuts at the CUT_AT-th message of its kind from now on; 0: only counts. */
void proxy_arm(struct proxy *proxy, enum proxy_what what, size_t cut_at, size_t outage_ms);
/* No cut from now on. Whether there was one; *RET_SEEN: the messages since proxy_arm. */
bool proxy_disarm(struct proxy *proxy, size_t ret_seen[PROXY_WHATS]);

#endif
