/* Dialing: when a lead is called next, who is to call it, and what came of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_DIAL_H
#define INLET_APP_DIAL_H

#include "inlet/app/dial_counts.h"
#include "inlet/app/directory.h"
#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/codec/value.h"
#include "inlet/domain/calling.h"
#include "inlet/store/call.h"
#include "inlet/store/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What looking at a lead may take: the tree of its metadata, above all. */
#define DIAL_LOOK_MEMORY_MAX ((size_t)512 << 20)

/*
 * DESIGN: the rules of calling are pure (domain/calling.h). Here they meet the database: a lead, the plan of its lead type, the
 * attempts to call its number. Every function runs inside a job and says what time it is by its session. A lead whose type
 * has no plan costs nothing.
 */
struct dial {
    const struct calling_rules *rules;
    const struct directory *directory; /* the plans of lead types */
    struct dial_counts *counts;
};

/* What the rules look at, of a lead at the session's time. */
struct dial_look {
    const struct calling_plan *plan; /* NULL: the lead is not called */
    struct calling_state state;
};

/* METADATA is the lead's, decoded; NULL: it is read from the lead's text, if that can matter. All is in ARENA or the lead's.
 * ERR_MEMORY and what the store says. */
NODISCARD enum err dial_look(struct session *session, const struct dial *dial, struct arena *arena,
                             const struct lead *lead, const struct value *metadata,
                             struct dial_look *ret_look);

/* Sets the lead's next call and its reason; the status, once the cadence is used up. Writes nothing. METADATA as above. */
NODISCARD enum err dial_schedule(struct session *session, const struct dial *dial,
                                 const struct value *metadata, struct lead *lead,
                                 struct calling_next *ret_next);

/* --- What is due ----------------------------------------------------------------------------------------------------- */

#define DUE_LIMIT_MAX    100
#define DUE_LEASE_MIN_S  30
#define DUE_LEASE_MAX_S  3600
#define DUE_LEASE_ID_MAX UUID_LENGTH

/* A lead that may be called now. */
struct due_lead {
    struct lead lead;
    struct slice lease_id;  /* null: it was only looked at */
    int64_t lease_until_us; /* TIME_NONE likewise */
};

struct due_leads {
    struct due_lead items[DUE_LIMIT_MAX];
    size_t count;
};

/*
 * Up to LIMIT leads whose next call has come and that may be called at this moment, oldest next call first; fewer when their
 * metadata is large. Each is leased for LEASE_US: until then nobody else gets it. Those that turn out not to be callable get
 * a new next call. How many are looked at is bounded: what is not seen now comes up with the next request. ERR_MEMORY and
 * what the store says.
 */
NODISCARD enum err due_lease(struct session *session, const struct dial *dial, struct arena *arena,
                             int64_t organization_id, size_t limit, int64_t lease_us,
                             struct due_leads *ret_due);

/* The same leads, without leasing or changing any. */
NODISCARD enum err due_peek(struct session *session, const struct dial *dial, struct arena *arena,
                            int64_t organization_id, size_t limit, struct due_leads *ret_due);

/* --- What came of a call --------------------------------------------------------------------------------------------- */

struct call_report {
    int64_t lead_id;
    enum call_outcome outcome;
    int64_t at_us;         /* TIME_NONE, and what is still to come: now */
    struct slice lease_id; /* null: nobody leased it */
};

/*
 * Counts an attempt and moves the schedule on. A lease counts once: reported again, *RET_REPEATED is true, *RET_RECORD the
 * call as it was reported first, *RET_LEAD the lead as it stands. ERR_NOT_FOUND: no such lead; ERR_INVALID: no such lease of
 * this lead. ERR_MEMORY and what the store says.
 */
NODISCARD enum err call_report(struct session *session, const struct dial *dial, struct arena *arena,
                               int64_t organization_id, const struct call_report *report, bool *ret_repeated,
                               struct call_record *ret_record, struct lead *ret_lead);

#endif
