/* Leads in the database. All functions run inside a job. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Where a lead is read, its do-not-contact flags are those of its phone number (dnc.h), if that has any, and a lead that
 * must not be called has no next call. */
#ifndef INLET_STORE_LEAD_H
#define INLET_STORE_LEAD_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/domain/lead.h"
#include "inlet/store/dnc.h"
#include "inlet/store/session.h"

#include <stdbool.h>

/* Inserts LEAD (its id is ignored). *RET_ID is the new id, or 0 when a lead with the same organization, phone number and
 * e-mail key exists: the unique index decides, so two identical posts cannot both win. Counts it for its organization.
 * *RET_DNC (may be NULL): what the number's owner has asked for, which is what reading the lead shows, too.
 * ERR_CONFLICT: a lead type or representative that does not exist. */
NODISCARD enum err store_lead_insert(struct session *session, const struct lead *lead, int64_t *ret_id,
                                     struct dnc *ret_dnc);

/* One lead of the organization that is not deleted, copied into ARENA. ERR_NOT_FOUND. */
NODISCARD enum err store_lead_by_id(struct session *session, struct arena *arena, int64_t organization_id,
                                    int64_t id, struct lead *ret_lead);

/* The same in order to change it: until the end of the transaction nobody else does. */
NODISCARD enum err store_lead_by_id_locked(struct session *session, struct arena *arena,
                                           int64_t organization_id, int64_t id, struct lead *ret_lead);

/* The lead that a unique index would hold against one with this phone number (may be null) and e-mail key, in order to
 * change it. ERR_NOT_FOUND. */
NODISCARD enum err store_lead_duplicate(struct session *session, struct arena *arena, int64_t organization_id,
                                        struct slice phone_number, struct slice email_key,
                                        struct lead *ret_lead);

/* Writes every changeable column of LEAD back by its id. ERR_NOT_FOUND; ERR_CONFLICT: it would become another lead's
 * duplicate (the transaction can go on), or names a lead type or representative that does not exist. */
NODISCARD enum err store_lead_update(struct session *session, const struct lead *lead);

/* What a list is narrowed by; null slices and 0 do not narrow. */
struct lead_filter {
    int64_t organization_id;
    struct slice email, email_key; /* exact e-mail and its key: both or none */
    struct slice external_id;
    struct slice phone_number; /* as sent */
    struct slice phone_e164;   /* what it normalizes to, or null */
    int64_t representative_id; /* 0: any */
    bool none;                 /* narrowed to nothing */
};

/* Newest first (created time, then id, descending): up to LIMIT leads after the first OFFSET, copied into ARENA. Both
 * calls see one snapshot when made in one job. */
NODISCARD enum err store_lead_list(struct session *session, struct arena *arena,
                                   const struct lead_filter *filter, int64_t limit, int64_t offset,
                                   struct lead **ret_leads, size_t *ret_count);

/* How many there are in all; unfiltered from the organization's counter. */
NODISCARD enum err store_lead_count(struct session *session, const struct lead_filter *filter,
                                    int64_t *ret_count);

#endif
