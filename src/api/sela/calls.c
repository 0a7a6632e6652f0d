/* POST and GET /api/leads/{id}/calls/: calls that were made to a lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/app/dial.h"
#include "inlet/store/lead.h"
#include "sela.h"

/* How far a dialer's clock may be ahead of ours: what it then reports happened just now. */
#define CLOCK_AHEAD_MAX_US INT64_C(60000000)

/* A call about the calls of one lead. */
struct calls_call {
    struct optional_choice outcome;
    struct optional_time at;
    struct optional_text lease_id;
    struct call_report report;
    bool repeated;
    struct call_record record;
    struct lead lead;
    struct page_request page;
    int64_t count;
    struct call_record *records;
    size_t record_count;
};

#define AT(member) .offset = offsetof(struct calls_call, member)

static const struct field report_rows[] = {
    {.name = "outcome",
     .kind = FIELD_CHOICE,
     .flags = FIELD_REQUIRED,
     AT(outcome),
     .choices = &call_outcomes},
    {.name = "at", .kind = FIELD_TIME, .flags = FIELD_NULL, AT(at)},
    {.name = "lease_id", .kind = FIELD_TEXT, .flags = FIELD_NULL, AT(lease_id)},
};
static const struct field_table report_table = {report_rows, ARRAY_LENGTH(report_rows)};

static const struct slice no_such_lease = SLICE_INIT("This lead has no such lease.");

static enum err begin(struct call *call, struct calls_call **ret_state)
{
    struct calls_call *state = ARENA_NEW(&call->arena, struct calls_call);
    if (!state)
        return ERR_MEMORY;
    state->report.lead_id = lead_id_of_path(call);
    call->state = state;
    *ret_state = state;
    return ERR_OK;
}

/* Leases are UUIDs in lower case; a text that is none leads to none. */
static enum err read_lease(struct call *call, struct calls_call *state, struct faults *faults)
{
    char lease_id[UUID_LENGTH + 1];
    if (state->lease_id.presence != GIVEN)
        return ERR_OK;
    if (uuid_parse(state->lease_id.value, lease_id))
        return arena_copy(&call->arena, slice_from(lease_id), &state->report.lease_id);
    return faults_add(
        faults, (struct fault){.field = SLICE("lease_id"), .kind = FAULT_OTHER, .input = no_such_lease});
}

static enum err read_time(const struct call *call, struct calls_call *state, struct faults *faults)
{
    state->report.at_us = state->at.presence == GIVEN ? state->at.value : TIME_NONE;
    if (state->at.presence != GIVEN || state->at.value <= call->received_us + CLOCK_AHEAD_MAX_US)
        return ERR_OK;
    return faults_add(faults, (struct fault){.field = SLICE("at"),
                                             .kind = FAULT_OTHER,
                                             .input = SLICE("This time is still to come.")});
}

static enum err decode_report(struct call *call, struct calls_call *state)
{
    struct schema_context context = {
        .arena = &call->arena, .timezone = call_app(call)->timezone, .lookup = call};
    struct schema_input input;
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(body_decode_object(call, &input));
    TRY(schema_decode(&report_table, &context, &input, state, &faults));
    TRY(read_time(call, state, &faults));
    TRY(read_lease(call, state, &faults));
    state->report.outcome = (enum call_outcome)state->outcome.value;
    if (faults.count == 0)
        return ERR_OK;
    answer_faults(call, &faults);
    return ERR_INVALID;
}

enum err calls_report_prepare(struct call *call)
{
    struct calls_call *state;
    TRY(begin(call, &state));
    enum err error = decode_report(call, state);
    if (error != ERR_INVALID)
        return error;
    refused_keep(call); /* a report that is refused is still a call that took place */
    return ERR_OK;
}

static enum err find_lead(struct session *session, struct call *call, struct calls_call *state)
{
    enum err error = store_lead_by_id(session, &call->arena, call->principal.organization_id,
                                      state->report.lead_id, &state->lead);
    if (error == ERR_NOT_FOUND)
        answer_detail(call, 404, SLICE("Not found."));
    return error;
}

/* The report could not be used; but 404 comes before 400. */
static enum err keep_refused(struct session *session, struct call *call, struct calls_call *state)
{
    enum err error = find_lead(session, call, state);
    if (error == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(error);
    return refused_store(session, call, SLICE("rejected"), buffer_slice(&call->answer));
}

enum err calls_report_run(struct session *session, struct call *call)
{
    struct calls_call *state = call->state;
    if (call_is_answered(call))
        return keep_refused(session, call, state);
    enum err error = call_report(session, call_dial(call), &call->arena, call->principal.organization_id,
                                 &state->report, &state->repeated, &state->record, &state->lead);
    if (error == ERR_NOT_FOUND) {
        answer_detail(call, 404, SLICE("Not found."));
        return ERR_OK;
    }
    if (error != ERR_INVALID)
        return error;
    struct fault fault = {.field = SLICE("lease_id"), .kind = FAULT_OTHER, .input = no_such_lease};
    answer_faults(call, &(struct faults){.items = &fault, .count = 1, .capacity = 1});
    return refused_store(session, call, SLICE("rejected"), no_such_lease);
}

static void write_record(struct jout *jout, const struct call_record *record, const struct timezone *zone)
{
    jout_member_integer(jout, "id", record->id);
    jout_member_integer(jout, "lead", record->lead_id);
    jout_member_string(jout, "outcome", vocabulary_text(&call_outcomes, (int)record->outcome));
    jout_key(jout, SLICE("at"));
    time_write(jout, record->at_us, zone);
    jout_member_string(jout, "lease_id", record->lease_id);
}

enum err calls_report_render(struct call *call)
{
    struct calls_call *state = call->state;
    const struct timezone *zone = call_app(call)->timezone;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    call_answer(call, state->repeated ? 200 : 201);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    write_record(&jout, &state->record, zone);
    jout_member_string(&jout, "status", vocabulary_text(&lead_statuses, (int)state->lead.status));
    jout_key(&jout, SLICE("next_call_time"));
    time_write(&jout, state->lead.next_call_us, zone);
    jout_member_string(&jout, "next_call_time_reason",
                       vocabulary_text(&lead_next_call_reasons, (int)state->lead.next_call_reason));
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}

enum err calls_list_prepare(struct call *call)
{
    struct calls_call *state;
    struct url_pairs query;
    TRY(begin(call, &state));
    enum err error = call_query(call, &query);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    page_read(&query, &state->page);
    return ERR_OK;
}

enum err calls_list_run(struct session *session, struct call *call)
{
    struct calls_call *state = call->state;
    int64_t organization_id = call->principal.organization_id, lead_id = state->report.lead_id;
    enum err error = find_lead(session, call, state);
    if (error == ERR_NOT_FOUND)
        return ERR_OK;
    TRY(error);
    TRY(store_call_count(session, organization_id, lead_id, &state->count));
    if (page_settle(&state->page, state->count) != ERR_OK) {
        answer_detail(call, 404, SLICE("Invalid page."));
        return ERR_OK;
    }
    return store_call_list(session, &call->arena, organization_id, lead_id, state->page.size,
                           page_offset(&state->page), &state->records, &state->record_count);
}

enum err calls_list_render(struct call *call)
{
    struct calls_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    TRY(page_begin(call, &jout, &state->page, state->count));
    for (size_t i = 0; i < state->record_count; i++) {
        jout_object_begin(&jout);
        write_record(&jout, &state->records[i], call_app(call)->timezone);
        jout_object_end(&jout);
    }
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}
