/* Calls and leases in the database, and the leads that are due. All functions run inside a job. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_CALL_H
#define INLET_STORE_CALL_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/domain/call.h"
#include "inlet/domain/calling.h"
#include "inlet/domain/lead.h"
#include "inlet/store/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A call that was made, or a lease: a call that a dialer was given to make. A lease has no outcome until it is reported; a call
 * that nobody leased has no lease.
 */
struct call_record {
    int64_t id, organization_id, lead_id;
    struct slice phone_number; /* of the lead, as it was then */
    int64_t at_us;             /* when it was made; of a lease, when it was given out */
    enum call_outcome outcome;
    struct slice lease_id;  /* a UUID; null: none */
    int64_t lease_until_us; /* TIME_NONE: no lease */
    int64_t created_us;
};

/* The record gets its id. */
NODISCARD enum err store_call_insert(struct session *session, struct call_record *record);

/* By lease. ERR_NOT_FOUND. */
NODISCARD enum err store_call_by_lease(struct session *session, struct arena *arena, int64_t organization_id,
                                       struct slice lease_id, struct call_record *ret_record);

/* Writes outcome and time of a lease that is reported. */
NODISCARD enum err store_call_report(struct session *session, const struct call_record *record);

/* The calls that were made to a lead, newest first: up to LIMIT after the first OFFSET; and how many there are. */
NODISCARD enum err store_call_list(struct session *session, struct arena *arena, int64_t organization_id,
                                   int64_t lead_id, int64_t limit, int64_t offset,
                                   struct call_record **ret_records, size_t *ret_count);
NODISCARD enum err store_call_count(struct session *session, int64_t organization_id, int64_t lead_id,
                                    int64_t *ret_count);

/* The newest LIMIT attempts to call a number, by anybody of the organization, that count at NOW_US or later: those of the last
 * 24 hours, without leases that have run out. */
NODISCARD enum err store_call_attempts(struct session *session, struct arena *arena, int64_t organization_id,
                                       struct slice phone_number, int64_t now_us, int64_t limit,
                                       struct calling_attempt **ret_attempts, size_t *ret_count);

/* Where a search for leads that are due has come to. */
struct due_place {
    int64_t next_call_us, id;
};
#define DUE_START ((struct due_place){INT64_MIN, 0})

/* Up to LIMIT leads after PLACE whose next call has come and that nobody has leased, oldest next call first; *PLACE moves behind
 * them. LOCKED: in order to change them; those that somebody else is changing are passed by. */
NODISCARD enum err store_due_leads(struct session *session, struct arena *arena, int64_t organization_id,
                                   bool locked, int64_t limit, struct due_place *place,
                                   struct lead **ret_leads, size_t *ret_count);

/* Until the end of the transaction no other dialer of the organization gets leads. */
NODISCARD enum err store_dialer_lock(struct session *session, int64_t organization_id);

/* Until then nobody else is given the lead. */
NODISCARD enum err store_lead_lease(struct session *session, int64_t organization_id, int64_t lead_id,
                                    int64_t until_us);

/* Writes what a call changes in a lead: status, next call, attempts, call_dnc, modified. Its lease ends if it is the one until
 * ENDED_LEASE_US (TIME_NONE: no lease ends). */
NODISCARD enum err store_lead_called(struct session *session, const struct lead *lead,
                                     int64_t ended_lease_us);

#endif
