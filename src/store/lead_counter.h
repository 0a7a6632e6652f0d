/* Leads that were inserted in the running transaction and are not yet in lead_count. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_LEAD_COUNTER_H
#define INLET_STORE_LEAD_COUNTER_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"

#include <stddef.h>
#include <stdint.h>

#define LEAD_COUNTER_MAX 16

struct session;

/* Small, so that a copy of it serves as its savepoint. */
struct lead_counter {
    size_t length;
    struct {
        int64_t organization_id, leads;
    } rows[LEAD_COUNTER_MAX];
};

/* One lead more; written down at once only when more organizations take turns than there are rows. */
NODISCARD enum err lead_counter_add(struct session *session, int64_t organization_id);

/* Writes all of it into lead_count, one statement for each organization. */
NODISCARD enum err lead_counter_flush(struct session *session);

void lead_counter_clear(struct lead_counter *counter);

#endif
