/* POST /ingest/{uuid}/: a provider's payload, through a config, into a lead. Every submission is kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/domain/lead.h"
#include "inlet/ingest/map.h"
#include "sela.h"

#include <assert.h>

static_assert(INGEST_DAYS_UNSET == REENGAGEMENT_UNSET && INGEST_DAYS_NEVER == REENGAGEMENT_NEVER,
              "ingest and domain say the same with these");

/* Names of targets stand in it: together they are as long as a config may be. */
#define MESSAGE_MAX ((size_t)2 << 20)

struct ingest_call {
    const struct directory_config *config;
    struct lead_input input;
    struct slice refused; /* outcome of what prepare refused: "rejected", "error"; null: nothing refused */
    struct slice refused_message;
    enum intake_outcome outcome;
    struct lead lead;
};

/* The config says who may post: anybody, or a token of its organization whose scope covers ingestion. */
static enum err ingest_authenticate(struct call *call)
{
    if (!call->attachment) {
        sela_dialect.refuse(call, REFUSE_OVERLOAD, "out of memory");
        return ERR_INVALID;
    }
    const struct directory_config *config = directory_config(call_directory(call), call->arguments[0]);
    if (!config) {
        sela_dialect.refuse(call, REFUSE_NOT_FOUND, NULL);
        return ERR_INVALID;
    }
    if (!config->compiled) {
        sela_dialect.refuse(call, REFUSE_OVERLOAD, "This ingestion config is out of service.");
        return ERR_INVALID;
    }
    if (config->compiled->open) {
        call->principal =
            (struct principal){.organization_id = config->row->organization_id, .scopes = SCOPE_INGEST};
        return ERR_OK;
    }
    TRY(sela_dialect.authenticate(call));
    if (call->principal.organization_id == config->row->organization_id)
        return ERR_OK;
    sela_dialect.refuse(call, REFUSE_NOT_FOUND, NULL);
    return ERR_INVALID;
}

static void ingest_refuse(struct call *call, enum refusal refusal, const char *what)
{
    sela_dialect.refuse(call, refusal, what);
}

static void ingest_options(struct call *call)
{
    sela_dialect.options(call);
}

const struct dialect ingest_dialect = {.name = "ingest",
                                       .path_prefix = "/ingest/",
                                       .authenticate = ingest_authenticate,
                                       .refuse = ingest_refuse,
                                       .options = ingest_options};

/* Answers the faults, and remembers them as the submission's message, in the form of a bulk item's error. */
static enum err reject(struct call *call, struct ingest_call *state, const struct faults *faults)
{
    struct buffer line CLEANUP(buffer_done) = BUFFER_INIT(MESSAGE_MAX);
    TRY(faults_line(&line, faults));
    TRY(arena_copy(&call->arena, buffer_slice(&line), &state->refused_message));
    state->refused = SLICE("rejected");
    answer_faults(call, faults);
    return ERR_INVALID;
}

static enum err map_payload(struct call *call, struct ingest_call *state, const struct value *payload)
{
    struct value lead;
    struct faults faults;
    struct schema_input input = {.object = &lead, .blank_is_null = true};
    faults_init(&faults, &call->arena);
    enum err error = ingest_map(state->config->compiled, &call->arena, payload, &lead, &faults);
    if (error == ERR_INVALID) {
        struct fault fault = {.kind = FAULT_OTHER};
        TRY(arena_print(&call->arena, &fault.input, "Invalid data. Expected a dictionary, but got %s.",
                        value_python_type(payload)));
        TRY(faults_add(&faults, fault));
        return reject(call, state, &faults);
    }
    TRY(error);
    TRY(lead_decode_create(call, &input, &state->input, &faults));
    return faults.count > 0 ? reject(call, state, &faults) : ERR_OK;
}

enum err ingest_prepare(struct call *call)
{
    struct value payload;
    struct ingest_call *state = ARENA_NEW(&call->arena, struct ingest_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    state->config = directory_config(call_directory(call), call->arguments[0]);
    enum err error = body_decode_value(call, &payload);
    if (error == ERR_OK)
        error = query_merge_below(call, &payload);
    if (error == ERR_INVALID) {
        state->refused = SLICE("error");
        TRY(arena_copy(&call->arena, buffer_slice(&call->answer), &state->refused_message));
    } else if (error == ERR_OK) {
        error = map_payload(call, state, &payload);
    }
    if (error == ERR_INVALID) {
        refused_keep(call);
        return ERR_OK;
    }
    return error;
}

static enum err keep(struct session *session, struct call *call, struct slice outcome, int64_t lead_id,
                     struct slice message)
{
    struct ingest_call *state = call->state;
    struct submission submission;
    submission_of_call(call, &submission);
    submission.ingestion_config_id = state->config->row->id;
    submission.config_version = state->config->row->version;
    submission.endpoint = SLICE("POST /ingest/{uuid}/");
    if (call->query.n > 0) /* it is part of what was sent */
        TRY(arena_print(&call->arena, &submission.endpoint, "POST /ingest/{uuid}/?%.*s",
                        SLICE_ARG(call->query)));
    submission.outcome = outcome;
    submission.lead_id = lead_id;
    submission.message = message;
    return store_submission_insert(session, &submission);
}

enum err ingest_run(struct session *session, struct call *call)
{
    struct ingest_call *state = call->state;
    struct intake_source source;
    if (call_is_answered(call))
        return keep(session, call, state->refused, 0, state->refused_message);
    const struct ingest_config *config = state->config->compiled;
    lead_source_of_call(call, &state->input, &source);
    source.ingestion_config_id = state->config->row->id;
    source.config_min_days = config->min_reengagement_days;
    source.default_lead_type_id = config->lead_type_id;
    if (state->input.lead_type.presence != GIVEN && config->lead_type_id != 0)
        source.lead_type_min_days = source.min_days_of(source.context, config->lead_type_id);
    enum err error =
        intake_take(session, &call->arena, &source, &state->input, &state->outcome, &state->lead);
    if (error == ERR_LIMIT) {
        struct slice message = SLICE("The metadata of this lead would become too large.");
        answer_non_field_error(call, message);
        return keep(session, call, SLICE("error"), 0, message);
    }
    TRY(error);
    if (state->outcome != INTAKE_DUPLICATE)
        return keep(session, call, state->outcome == INTAKE_CREATED ? SLICE("created") : SLICE("reengaged"),
                    state->lead.id, SLICE_NULL);
    struct slice message = SLICE("A lead with this phone number and email already exists.");
    answer_non_field_error(call, message);
    return keep(session, call, SLICE("duplicate"), state->lead.id, message);
}

enum err ingest_render(struct call *call)
{
    struct ingest_call *state = call->state;
    if (call_is_answered(call))
        return ERR_OK;
    return lead_answer(call, state->outcome == INTAKE_CREATED ? 201 : 200, &state->lead);
}
