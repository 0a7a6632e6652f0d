/* Counts leads that cannot be scheduled, and says so in the log now and then. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_DIAL_COUNTS_H
#define INLET_APP_DIAL_COUNTS_H

#include "inlet/base/err.h"
#include "inlet/domain/calling.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* Organizations whose last line in the log is remembered; where two share a place, one of them may get more lines. */
#define DIAL_COUNTS_PLACES 64

/* What one organization could not schedule since its last line. */
struct dial_count {
    int64_t organization_id;
    int64_t logged_us; /* monotonic; 0: never */
    uint64_t no_zone, no_window;
};

/* THREADS: any. */
struct dial_counts {
    atomic_uint_fast64_t no_zone, no_window; /* since the start, of all organizations */
    pthread_mutex_t mutex;                   /* of places */
    struct dial_count places[DIAL_COUNTS_PLACES];
};

/* COUNTS is all zero. ERR_SYSTEM. */
NODISCARD enum err dial_counts_init(struct dial_counts *counts);
void dial_counts_done(struct dial_counts *counts);

/* Counts OUTCOME if it is one of those. At most one line an hour for each organization. COUNTS may be NULL. */
void dial_counts_add(struct dial_counts *counts, int64_t organization_id, enum calling_outcome outcome);

#endif
