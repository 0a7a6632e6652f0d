/* Look-ups on the caller's own thread: a read-only session for each thread that asks. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_LOOKUP_H
#define INLET_STORE_LOOKUP_H

#include "inlet/base/job.h"
#include "session.h"

#include <pthread.h>

struct lookup_session;

/*
 * THREADS. A thread's session is made at its first look-up and closed when the thread ends, or by lookups_close, whichever
 * is first. ORDER: before lookups_close, every thread that looked something up has been joined, or neither looks anything
 * up nor ends until it has returned.
 */
struct lookups {
    struct db_target *target;
    pthread_key_t key;
    pthread_mutex_t mutex;
    struct lookup_session *first; /* those of all threads; under the mutex */
};

NODISCARD enum err lookups_open(struct lookups *lookups, struct db_target *target);
void lookups_close(struct lookups *lookups);

/* Runs JOB with this thread's session and returns its error; done is not called. No transaction: one statement is one
 * snapshot by itself. */
NODISCARD enum err lookups_run(struct lookups *lookups, struct job *job);

#endif
