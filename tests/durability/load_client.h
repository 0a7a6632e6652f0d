/* Threads that post leads, each lead another one, and remember what became of every single one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_LOAD_CLIENT_H
#define INLET_TESTS_DURABILITY_LOAD_CLIENT_H

#include "harness.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* How a lead is posted. */
enum load_kind { LOAD_SINGLE, LOAD_INGEST, LOAD_BULK };
#define LOAD_ALL (1U << LOAD_SINGLE | 1U << LOAD_INGEST | 1U << LOAD_BULK)

enum load_fate {
    FATE_UNSENT,
    FATE_UNKNOWN, /* sent; the connection broke before an answer came */
    FATE_STORED,  /* acknowledged */
    FATE_REFUSED, /* 503 or 507: it is not there, unless refusals are doubtful */
};

/* What was posted under a number; the number itself gives phone number, e-mail address and external id. */
struct load_lead {
    uint8_t kind, fate;
    uint32_t padding; /* bytes of its metadata.padding */
    uint32_t request; /* leads of one bulk request share it */
};

#define LOAD_CONNECTIONS_MAX 256

/*
 * THREADS. Between load_start and load_wait the leads belong to the threads, each lead to one; the counts may be read
 * at any time. The caller sets the second group before load_start, and may change it after load_wait.
 */
struct load {
    const struct harness *harness;
    char ingest_target[80]; /* of a config that was made by load_init */
    struct load_lead *leads;
    size_t lead_max;

    size_t connections, bulk_size, padding;
    unsigned kinds;           /* bits 1 << enum load_kind */
    unsigned refusal_rest_ms; /* after a refusal */
    bool
        refusals_are_doubtful; /* the database may have gone away after it took a lead and before it could say so */

    size_t until; /* this number is not posted any more */
    atomic_size_t next, requests;
    atomic_bool stopping;
    atomic_size_t stored, refused; /* leads */
    atomic_size_t broken, wrong;   /* requests without an answer; answers that must not be */
    atomic_int_least64_t slowest_us;
    pthread_t threads[LOAD_CONNECTIONS_MAX];
    size_t thread_count;
};

/* For a harness whose server need not run yet: makes lead type 1 and an open ingestion config. */
void load_init(struct load *load, const struct harness *harness, size_t lead_max);
void load_done(struct load *load);

/* Starts the threads: they post LEADS more leads at most. A thread ends when its connection breaks. */
void load_start(struct load *load, size_t leads);

/* Waits until all threads have ended by themselves. */
void load_wait(struct load *load);

/* Lets every thread finish its request, and waits. */
void load_stop(struct load *load);

/* Whether ANSWER is a refusal that tells the client what to do: 503 or 507, Retry-After once, JSON with "detail". */
bool load_is_refusal(const struct http_answer *answer);

/* How often WORD stands in TEXT. */
size_t load_occurrences(struct slice text, struct slice word);

#endif
