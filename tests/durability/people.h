/* A few people who send themselves in again and again, and how often each was told that it counted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_PEOPLE_H
#define INLET_TESTS_DURABILITY_PEOPLE_H

#include "harness.h"

#include <pthread.h>
#include <stdatomic.h>

#define PEOPLE                 24
#define PEOPLE_CONNECTIONS_MAX 32

/* THREADS. Between people_start and people_stop the counts may be read. A connection that breaks is made again. */
struct people {
    const struct harness *harness;
    char token[64]; /* of organization 2, whose leads are the people */
    size_t connections;

    struct {
        atomic_size_t created, reengaged; /* acknowledged */
        atomic_size_t doubtful;           /* refused, or no answer came: it may have counted, once */
    } counts[PEOPLE];
    atomic_size_t turns, refused, broken, wrong;
    atomic_bool stopping;
    pthread_t threads[PEOPLE_CONNECTIONS_MAX];
};

/* Makes organization 2 and its token, on a harness whose server need not run yet. */
void people_init(struct people *people, const struct harness *harness);

void people_start(struct people *people);
/* Lets every thread finish its request, and waits. */
void people_stop(struct people *people);

/* Everything that was acknowledged counts, and nothing more but what was doubtful. Prints the sums. */
void people_check(const struct people *people);

#endif
