/* Taking a lead in: create it, or reengage the one it duplicates, inside one transaction. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_INTAKE_H
#define INLET_APP_INTAKE_H

#include "inlet/app/dial.h"
#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/optional.h"
#include "inlet/codec/value.h"
#include "inlet/domain/lead.h"
#include "inlet/store/session.h"

#include <stdint.h>

/* What was sent about a lead, decoded and checked; of any dialect. */
struct lead_input {
    struct optional_text email;
    struct optional_text phone_number; /* E.164 */
    struct optional_value metadata;    /* an object */
    struct optional_integer lead_type;
    struct optional_integer representative;
    struct optional_text external_id;
    struct optional_choice us_state; /* 0: blank */
    struct optional_text lead_source;
    struct optional_time call_schedule_start_time;
    struct optional_integer min_reengagement_days;
    /* Only in a change. */
    struct optional_choice status, status_sub_type, status_reason;
    struct optional_boolean sms_dnc, call_dnc;
    /* Keys of the payload that are no field: they go into metadata, below what `metadata` says. */
    struct value unknown;
};

/* Where it comes from. */
struct intake_source {
    int64_t organization_id;
    int64_t received_us; /* when the request came */
    int64_t later_us;    /* how much later than now a new lead counts as created: see intake_order; else 0 */
    int64_t ingestion_config_id;  /* 0: the API */
    int64_t config_min_days;      /* of the ingestion config; REENGAGEMENT_UNSET */
    int64_t lead_type_min_days;   /* of the lead type that was sent; REENGAGEMENT_UNSET */
    int64_t default_min_days;     /* the server's setting */
    int64_t default_lead_type_id; /* of the ingestion config, for a lead that names none; 0 */
    const struct dial *dial;      /* what its next call rests on */
    /* Lead type of a stored lead → its min_reengagement_days; for a duplicate that was sent without a lead type. */
    int64_t (*min_days_of)(const void *context, int64_t lead_type_id);
    const void *context;
};

enum intake_outcome {
    INTAKE_CREATED,
    INTAKE_REENGAGED,
    INTAKE_DUPLICATE /* neither: the lead that is in its way is returned, unchanged */
};

/* The largest metadata a lead may collect, as JSON text; over it a reengagement or change is refused with ERR_LIMIT. */
#define LEAD_METADATA_MAX ((size_t)16 << 20)
/* And the most values it may be made of: as many as one body, since every reengagement takes them all apart and puts them
 * together again while others wait. */
#define LEAD_METADATA_VALUES_MAX ((size_t)200000)

/*
 * Creates or reengages (docs/behaviour.md section 4). Runs inside a job; *RET_LEAD is the lead as stored, in ARENA.
 * ERR_LIMIT: its metadata would grow over these; otherwise what the store says.
 */
NODISCARD enum err intake_take(struct session *session, struct arena *arena,
                               const struct intake_source *source, const struct lead_input *input,
                               enum intake_outcome *ret_outcome, struct lead *ret_lead);

/*
 * The order, as indexes, in which the leads of one request must be taken in where other transactions write at the same time:
 * by what they are locked by. Two requests that bring the same people in opposite orders would wait for each other
 * crosswise otherwise, until the database gives one of them up. So that lists still show them as they were sent, each counts as
 * created by its index in microseconds later. NULL inputs are not taken in. ERR_MEMORY.
 */
NODISCARD enum err intake_order(struct arena *arena, const struct lead_input *const *inputs, size_t count,
                                size_t **ret_order);

/*
 * Changes a lead by what was sent (a PATCH: absent fields stay, null and blank are written; metadata is replaced, unknown
 * keys merge into it). ERR_NOT_FOUND; ERR_CONFLICT: it would become another lead's duplicate; ERR_LIMIT as above.
 */
NODISCARD enum err intake_change(struct session *session, const struct dial *dial, struct arena *arena,
                                 int64_t organization_id, int64_t id, const struct lead_input *input,
                                 struct lead *ret_lead);

/* The metadata of a new lead: what was sent, with unknown keys below it; null when there is neither. JSON text in ARENA. */
NODISCARD enum err intake_metadata(struct arena *arena, const struct lead_input *input,
                                   struct slice *ret_json);

#endif
