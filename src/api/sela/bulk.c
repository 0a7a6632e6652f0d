/* POST /api/leads/bulk-create/: many leads, one transaction, a result each. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "sela.h"

/* One item, as decoded; then what became of it. */
struct bulk_item {
    const struct value *sent;
    struct lead_input input;
    struct slice error; /* null: none */
    bool failed_decoding;
    enum intake_outcome outcome;
    int64_t id;
};

struct bulk_call {
    struct bulk_item *items;
    size_t count;
    const size_t *order; /* in which they are taken in; NULL: as they were sent */
};

/* What taking in one item may need. */
#define ITEM_MEMORY_MAX ((size_t)160 << 20)

#define LINE_MAX_BYTES  ((size_t)256 << 10)

/* The faults of an item as the one string that bulk reports. */
static enum err item_error(struct call *call, const struct faults *faults, struct slice *ret_text)
{
    struct buffer line CLEANUP(buffer_done) = BUFFER_INIT(LINE_MAX_BYTES);
    TRY(faults_line(&line, faults));
    return arena_copy(&call->arena, buffer_slice(&line), ret_text);
}

static enum err decode_item(struct call *call, struct bulk_item *item)
{
    struct faults faults;
    struct schema_input input = {.object = item->sent};
    faults_init(&faults, &call->arena);
    item->error = SLICE_NULL;
    if (item->sent->kind != VALUE_OBJECT) {
        item->error = SLICE("Each lead must be a JSON object.");
    } else {
        TRY(lead_decode_create(call, &input, &item->input, &faults));
        if (faults.count > 0)
            TRY(item_error(call, &faults, &item->error));
    }
    item->failed_decoding = !slice_is_null(item->error);
    return ERR_OK;
}

/* The list of the body; otherwise answers. A form may hold it as JSON text. */
static enum err find_list(struct call *call, const struct value **ret_list)
{
    struct schema_input input;
    struct optional_value leads = {ABSENT, NULL};
    static const struct field leads_field = {.name = "leads", .kind = FIELD_LIST};
    static const struct field_table table = {&leads_field, 1};
    struct schema_context context = {.arena = &call->arena, .partial = true};
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(body_decode(call, &input));
    if (!input.object || input.object->kind == VALUE_OBJECT)
        TRY(schema_decode(&table, &context, &input, &leads, &faults));
    if (leads.presence != GIVEN) {
        answer_detail(call, 400, SLICE("Request body must contain a 'leads' list."));
        return ERR_INVALID;
    }
    if (leads.value->array.count > BULK_MAX) {
        answer_detail(call, 400, SLICE("Cannot create more than 1000 leads in one request."));
        return ERR_INVALID;
    }
    *ret_list = leads.value;
    return ERR_OK;
}

static enum err find_order(struct call *call, struct bulk_call *state)
{
    const struct lead_input **inputs = ARENA_ARRAY(&call->arena, const struct lead_input *, state->count);
    size_t *order;
    if (!inputs)
        return ERR_MEMORY;
    for (size_t i = 0; i < state->count; i++)
        inputs[i] = state->items[i].failed_decoding ? NULL : &state->items[i].input;
    TRY(intake_order(&call->arena, inputs, state->count, &order));
    state->order = order;
    return ERR_OK;
}

enum err leads_bulk_prepare(struct call *call)
{
    const struct value *list;
    struct bulk_call *state = ARENA_NEW(&call->arena, struct bulk_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    enum err error = find_list(call, &list);
    if (error == ERR_INVALID) {
        refused_keep(call);
        return ERR_OK;
    }
    TRY(error);
    state->items = ARENA_ARRAY(&call->arena, struct bulk_item, list->array.count);
    if (!state->items)
        return ERR_MEMORY;
    state->count = list->array.count;
    for (size_t i = 0; i < state->count; i++) {
        state->items[i].sent = &list->array.items[i];
        TRY(decode_item(call, &state->items[i]));
    }
    return store_is_shared(call_app(call)->store) ? find_order(call, state) : ERR_OK;
}

/* An item that did not become a lead, kept as JSON of its own. */
static enum err keep_item(struct session *session, struct call *call, const struct bulk_item *item,
                          struct slice outcome)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(2 * LARGE_BODY_MAX);
    struct jout jout;
    jout_init(&jout, &text);
    jout_value(&jout, item->sent);
    TRY(buffer_error(&text));
    struct submission submission;
    submission_of_call(call, &submission);
    submission.endpoint = SLICE("POST /api/leads/bulk-create/");
    submission.content_type = SLICE("application/json");
    submission.body = buffer_slice(&text);
    submission.outcome = outcome;
    submission.message = item->error;
    return store_submission_insert(session, &submission);
}

static enum err take_item(struct session *session, struct call *call, struct bulk_item *item,
                          int64_t later_us)
{
    struct intake_source source;
    struct lead lead;
    if (item->failed_decoding)
        return keep_item(session, call, item, SLICE("rejected"));
    item->error = SLICE_NULL;
    lead_source_of_call(call, &item->input, &source);
    source.later_us = later_us;
    /* Of the lead only its id is answered. One arena for all items would hold the metadata of a person who comes a
     * thousand times in a thousand versions. */
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, ITEM_MEMORY_MAX);
    enum err error = intake_take(session, &arena, &source, &item->input, &item->outcome, &lead);
    if (error == ERR_LIMIT) {
        item->error = SLICE("metadata: The metadata of this lead would become too large.");
        return keep_item(session, call, item, SLICE("rejected"));
    }
    TRY(error);
    item->id = lead.id;
    if (item->outcome != INTAKE_DUPLICATE)
        return ERR_OK;
    item->error = SLICE("A lead with this phone number and email already exists.");
    return keep_item(session, call, item, SLICE("duplicate"));
}

enum err leads_bulk_run(struct session *session, struct call *call)
{
    struct bulk_call *state = call->state;
    if (call_is_answered(call))
        return refused_store(session, call, SLICE("rejected"), buffer_slice(&call->answer));
    for (size_t i = 0; i < state->count; i++) {
        size_t index = state->order ? state->order[i] : i;
        TRY(take_item(session, call, &state->items[index], state->order ? (int64_t)index : 0));
    }
    return ERR_OK;
}

static void write_result(struct jout *jout, const struct bulk_item *item)
{
    jout_object_begin(jout);
    if (slice_is_null(item->error)) {
        jout_member_integer(jout, "id", item->id);
        jout_member_string(jout, "action",
                           item->outcome == INTAKE_CREATED ? SLICE("created") : SLICE("reengaged"));
    } else {
        jout_member_null(jout, "id");
        jout_member_string(jout, "action", SLICE("error"));
        jout_member_string(jout, "error", item->error);
    }
    jout_object_end(jout);
}

enum err leads_bulk_render(struct call *call)
{
    struct bulk_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    jout_key(&jout, SLICE("results"));
    jout_array_begin(&jout);
    for (size_t i = 0; i < state->count; i++)
        write_result(&jout, &state->items[i]);
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}
