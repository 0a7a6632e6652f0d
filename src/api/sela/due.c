/* POST and GET /api/leads/due/: the leads a dialer is to call now. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/app/dial.h"
#include "sela.h"

#define DUE_LIMIT_DEFAULT   10
#define DUE_LEASE_DEFAULT_S 300
#define SECOND_US           INT64_C(1000000)

struct due_call {
    struct optional_integer limit, lease_seconds;
    struct due_leads due;
};

#define LIMIT_ROW                                                                                            \
    {                                                                                                        \
        .name = "limit", .kind = FIELD_INTEGER, .offset = offsetof(struct due_call, limit),                  \
        .has_minimum = true, .minimum = 1, .has_maximum = true, .maximum = DUE_LIMIT_MAX                     \
    }

static const struct field lease_rows[] = {
    LIMIT_ROW,
    {.name = "lease_seconds",
     .kind = FIELD_INTEGER,
     .offset = offsetof(struct due_call, lease_seconds),
     .has_minimum = true,
     .minimum = DUE_LEASE_MIN_S,
     .has_maximum = true,
     .maximum = DUE_LEASE_MAX_S},
};
static const struct field peek_rows[] = {LIMIT_ROW};
static const struct field_table lease_table = {lease_rows, ARRAY_LENGTH(lease_rows)};
static const struct field_table peek_table = {peek_rows, ARRAY_LENGTH(peek_rows)};

static enum err begin(struct call *call, struct due_call **ret_state)
{
    struct due_call *state = ARENA_NEW(&call->arena, struct due_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    *ret_state = state;
    return ERR_OK;
}

/* What is wrong is answered. */
static enum err decode(struct call *call, const struct field_table *table, const struct schema_input *input,
                       struct due_call *state)
{
    struct schema_context context = {
        .arena = &call->arena, .timezone = call_app(call)->timezone, .lookup = call};
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(schema_decode(table, &context, input, state, &faults));
    if (faults.count > 0)
        answer_faults(call, &faults);
    return ERR_OK;
}

enum err due_lease_prepare(struct call *call)
{
    struct due_call *state;
    struct schema_input input;
    TRY(begin(call, &state));
    enum err error = body_decode_object(call, &input);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    return decode(call, &lease_table, &input, state);
}

enum err due_peek_prepare(struct call *call)
{
    struct due_call *state;
    struct url_pairs query;
    TRY(begin(call, &state));
    enum err error = call_query(call, &query);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    const struct schema_input input = {.pairs = &query};
    return decode(call, &peek_table, &input, state);
}

static size_t limit_of(const struct due_call *state)
{
    return state->limit.presence == GIVEN ? (size_t)state->limit.value : DUE_LIMIT_DEFAULT;
}

enum err due_lease_run(struct session *session, struct call *call)
{
    struct due_call *state = call->state;
    int64_t lease_s =
        state->lease_seconds.presence == GIVEN ? state->lease_seconds.value : DUE_LEASE_DEFAULT_S;
    return due_lease(session, call_dial(call), &call->arena, call->principal.organization_id, limit_of(state),
                     lease_s * SECOND_US, &state->due);
}

enum err due_peek_run(struct session *session, struct call *call)
{
    struct due_call *state = call->state;
    return due_peek(session, call_dial(call), &call->arena, call->principal.organization_id, limit_of(state),
                    &state->due);
}

enum err due_render(struct call *call)
{
    struct due_call *state = call->state;
    const struct timezone *zone = call_app(call)->timezone;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    jout_key(&jout, SLICE("results"));
    jout_array_begin(&jout);
    for (size_t i = 0; i < state->due.count; i++) {
        const struct due_lead *due = &state->due.items[i];
        jout_object_begin(&jout);
        jout_member_string(&jout, "lease_id", due->lease_id);
        jout_key(&jout, SLICE("lease_expires_time"));
        time_write(&jout, due->lease_until_us, zone);
        jout_key(&jout, SLICE("lead"));
        lead_write(&jout, &due->lead, zone);
        jout_object_end(&jout);
    }
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}
