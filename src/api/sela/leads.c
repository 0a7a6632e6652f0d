/* POST /api/leads/, GET and PATCH /api/leads/{id}/: one lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/base/number.h"
#include "inlet/store/lead.h"
#include "sela.h"

static const struct slice duplicate_message =
    SLICE_INIT("A lead with this phone number and email already exists.");
static const struct slice metadata_too_large =
    SLICE_INIT("The metadata of this lead would become too large.");

/* A call about one lead. */
struct lead_call {
    int64_t id; /* of the path; 0: no id */
    struct lead_input input;
    enum intake_outcome outcome;
    struct lead lead;
};

static enum err lead_call_begin(struct call *call, struct lead_call **ret_state)
{
    struct lead_call *state = ARENA_NEW(&call->arena, struct lead_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    *ret_state = state;
    return ERR_OK;
}

/* What prepare found wrong is answered; the lane keeps what was sent. */
static enum err refuse_in_lane(struct call *call, enum err error)
{
    if (error != ERR_INVALID)
        return error;
    refused_keep(call);
    return ERR_OK;
}

/* The body of a call that has been answered, as the message of its submission. */
static struct slice answered_message(struct call *call)
{
    return buffer_slice(&call->answer);
}

static enum err decode_create(struct call *call, struct lead_call *state)
{
    struct schema_input input;
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(body_decode_object(call, &input));
    TRY(lead_decode_create(call, &input, &state->input, &faults));
    if (faults.count == 0)
        return ERR_OK;
    answer_faults(call, &faults);
    return ERR_INVALID;
}

enum err leads_create_prepare(struct call *call)
{
    struct lead_call *state;
    TRY(lead_call_begin(call, &state));
    return refuse_in_lane(call, decode_create(call, state));
}

static enum err refuse_duplicate(struct session *session, struct call *call)
{
    answer_non_field_error(call, duplicate_message);
    return refused_store(session, call, SLICE("duplicate"), duplicate_message);
}

static enum err refuse_metadata(struct session *session, struct call *call)
{
    struct fault fault = {.field = SLICE("metadata"), .kind = FAULT_OTHER, .input = metadata_too_large};
    struct faults faults = {.items = &fault, .count = 1, .capacity = 1};
    answer_faults(call, &faults);
    return refused_store(session, call, SLICE("rejected"), metadata_too_large);
}

enum err leads_create_run(struct session *session, struct call *call)
{
    struct lead_call *state = call->state;
    struct intake_source source;
    if (call_is_answered(call))
        return refused_store(session, call, SLICE("rejected"), answered_message(call));
    lead_source_of_call(call, &state->input, &source);
    enum err error =
        intake_take(session, &call->arena, &source, &state->input, &state->outcome, &state->lead);
    if (error == ERR_LIMIT)
        return refuse_metadata(session, call);
    TRY(error);
    return state->outcome == INTAKE_DUPLICATE ? refuse_duplicate(session, call) : ERR_OK;
}

enum err leads_create_render(struct call *call)
{
    struct lead_call *state = call->state;
    if (call_is_answered(call))
        return ERR_OK;
    return lead_answer(call, state->outcome == INTAKE_CREATED ? 201 : 200, &state->lead);
}

int64_t lead_id_of_path(const struct call *call)
{
    int64_t id;
    return number_parse_int64(call->arguments[0], &id) == ERR_OK ? id : 0;
}

static enum err begin_with_id(struct call *call, struct lead_call **ret_state)
{
    TRY(lead_call_begin(call, ret_state));
    (*ret_state)->id = lead_id_of_path(call);
    return ERR_OK;
}

enum err lead_get_prepare(struct call *call)
{
    struct lead_call *state;
    return begin_with_id(call, &state);
}

/* ERR_NOT_FOUND becomes the answer. */
static enum err answer_missing(struct call *call, enum err error)
{
    if (error != ERR_NOT_FOUND)
        return error;
    answer_detail(call, 404, SLICE("Not found."));
    return ERR_OK;
}

enum err lead_get_run(struct session *session, struct call *call)
{
    struct lead_call *state = call->state;
    return answer_missing(call, store_lead_by_id(session, &call->arena, call->principal.organization_id,
                                                 state->id, &state->lead));
}

enum err lead_get_render(struct call *call)
{
    struct lead_call *state = call->state;
    return call_is_answered(call) ? ERR_OK : lead_answer(call, 200, &state->lead);
}

static enum err decode_change(struct call *call, struct lead_call *state)
{
    struct schema_input input;
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(body_decode_object(call, &input));
    TRY(lead_decode_change(call, &input, &state->input, &faults));
    if (faults.count == 0)
        return ERR_OK;
    answer_faults(call, &faults);
    return ERR_INVALID;
}

enum err lead_patch_prepare(struct call *call)
{
    struct lead_call *state;
    TRY(begin_with_id(call, &state));
    return refuse_in_lane(call, decode_change(call, state));
}

/* A body that cannot be used matters only when there is a lead to use it on: 404 comes before 400. */
static enum err keep_refused_change(struct session *session, struct call *call, struct lead_call *state)
{
    enum err error =
        store_lead_by_id(session, &call->arena, call->principal.organization_id, state->id, &state->lead);
    if (error == ERR_NOT_FOUND)
        return answer_missing(call, error);
    TRY(error);
    return refused_store(session, call, SLICE("rejected"), answered_message(call));
}

enum err lead_patch_run(struct session *session, struct call *call)
{
    struct lead_call *state = call->state;
    if (call_is_answered(call))
        return keep_refused_change(session, call, state);
    enum err error = intake_change(session, call_dial(call), &call->arena, call->principal.organization_id,
                                   state->id, &state->input, &state->lead);
    if (error == ERR_CONFLICT)
        return refuse_duplicate(session, call);
    if (error == ERR_LIMIT)
        return refuse_metadata(session, call);
    return answer_missing(call, error);
}

enum err lead_patch_render(struct call *call)
{
    return lead_get_render(call);
}
