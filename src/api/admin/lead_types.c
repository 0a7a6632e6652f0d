/* POST /api/lead-types/, PATCH /api/lead-types/{id}/: campaigns are made and changed here. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../sela/lead_types.h"
#include "admin.h"
#include "inlet/app/calling_plan.h"

#define METADATA_FIELDS_MAX ((size_t)256 << 10)
#define CALLING_MAX         ((size_t)64 << 10)

struct lead_type_call {
    struct optional_integer id;
    struct optional_text name;
    struct optional_value metadata_fields;
    struct optional_value min_reengagement_days;
    struct optional_value calling;
    struct slice metadata_fields_json;
    struct slice calling_json; /* null: no calls */
    int64_t min_days;
    struct lead_type row;
};

#define ID_ROW                                                                                               \
    {                                                                                                        \
        .name = "id", .kind = FIELD_INTEGER, .offset = offsetof(struct lead_type_call, id),                  \
        .has_minimum = true, .has_maximum = true, .minimum = 1, .maximum = ID_MAX                            \
    }
#define NAME_ROW                                                                                             \
    {                                                                                                        \
        .name = "name", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED,                                         \
        .offset = offsetof(struct lead_type_call, name), .length_max = NAME_MAX_LENGTH                       \
    }
#define METADATA_FIELDS_ROW                                                                                  \
    {                                                                                                        \
        .name = "lead_metadata_fields", .kind = FIELD_LIST,                                                  \
        .offset = offsetof(struct lead_type_call, metadata_fields)                                           \
    }
#define MIN_DAYS_ROW                                                                                         \
    {                                                                                                        \
        .name = "min_reengagement_days", .kind = FIELD_ANY, .flags = FIELD_NULL,                             \
        .offset = offsetof(struct lead_type_call, min_reengagement_days)                                     \
    }

#define CALLING_ROW                                                                                          \
    {                                                                                                        \
        .name = "calling", .kind = FIELD_ANY, .flags = FIELD_NULL,                                           \
        .offset = offsetof(struct lead_type_call, calling)                                                   \
    }

static const struct field create_rows[] = {ID_ROW, NAME_ROW, METADATA_FIELDS_ROW, MIN_DAYS_ROW, CALLING_ROW};
static const struct field update_rows[] = {NAME_ROW, METADATA_FIELDS_ROW, MIN_DAYS_ROW, CALLING_ROW};
static const struct field_table create_table = {create_rows, ARRAY_LENGTH(create_rows)};
static const struct field_table update_table = {update_rows, ARRAY_LENGTH(update_rows)};

/* [{"key": …, "label": …, "helpText": …, "type": …, "required": …}, …]: each must have its key. */
static enum err read_metadata_fields(struct call *call, struct lead_type_call *state)
{
    struct slice field = SLICE("lead_metadata_fields");
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(METADATA_FIELDS_MAX);
    struct jout jout;
    if (state->metadata_fields.presence != GIVEN)
        return ERR_OK;
    const struct value *list = state->metadata_fields.value;
    for (size_t i = 0; i < list->array.count; i++) {
        const struct value *key = value_get(&list->array.items[i], SLICE("key"));
        if (!key || key->kind != VALUE_STRING || key->text.n == 0)
            return admin_fault(call, field, SLICE("Each metadata field must be an object with a \"key\"."));
    }
    jout_init(&jout, &text);
    jout_value(&jout, list);
    if (buffer_error(&text) == ERR_LIMIT)
        return admin_fault(call, field, SLICE("The list of metadata fields is too long."));
    TRY(buffer_error(&text));
    return arena_copy(&call->arena, buffer_slice(&text), &state->metadata_fields_json);
}

/* A number of days, "never", or null. */
static enum err read_min_days(struct call *call, struct lead_type_call *state)
{
    const struct value *value = state->min_reengagement_days.value;
    state->min_days = REENGAGEMENT_UNSET;
    if (state->min_reengagement_days.presence != GIVEN)
        return ERR_OK;
    if (value->kind == VALUE_INTEGER && value->integer >= 0)
        state->min_days = value->integer;
    else if (value->kind == VALUE_STRING && slice_equal(value->text, SLICE("never")))
        state->min_days = REENGAGEMENT_NEVER;
    else
        return admin_fault(call, SLICE("min_reengagement_days"),
                           SLICE("This must be a number of days, \"never\" or null."));
    return ERR_OK;
}

/* What is stored is what was sent, once it has been understood. */
static enum err read_calling(struct call *call, struct lead_type_call *state)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(CALLING_MAX);
    const struct calling_plan *plan;
    struct faults faults;
    struct jout jout;
    if (state->calling.presence != GIVEN)
        return ERR_OK;
    faults_init(&faults, &call->arena);
    enum err error = calling_plan_compile(&call->arena, state->calling.value, &plan, &faults);
    if (error == ERR_INVALID)
        answer_faults(call, &faults);
    TRY(error);
    jout_init(&jout, &text);
    jout_value(&jout, state->calling.value);
    TRY(buffer_error(&text));
    return arena_copy(&call->arena, buffer_slice(&text), &state->calling_json);
}

static enum err decode(struct call *call, const struct field_table *table, bool partial)
{
    struct lead_type_call *state = ARENA_NEW(&call->arena, struct lead_type_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    TRY(admin_decode(call, table, partial, state));
    TRY(read_metadata_fields(call, state));
    TRY(read_calling(call, state));
    return read_min_days(call, state);
}

enum err lead_type_create_prepare(struct call *call)
{
    enum err error = decode(call, &create_table, /* partial */ false);
    return error == ERR_INVALID ? ERR_OK : error;
}

enum err lead_type_create_run(struct session *session, struct call *call)
{
    struct lead_type_call *state = call->state;
    bool has_fields = state->metadata_fields.presence == GIVEN;
    state->row = (struct lead_type){.id = state->id.value,
                                    .organization_id = call->principal.organization_id,
                                    .name = state->name.value,
                                    .metadata_fields = has_fields ? state->metadata_fields_json : SLICE("[]"),
                                    .min_reengagement_days = state->min_days,
                                    .calling = state->calling_json};
    return admin_changed(session, call, store_lead_type_insert(session, &state->row));
}

static enum err render(struct call *call, unsigned status)
{
    struct lead_type_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    admin_answer(call, status, &jout);
    lead_type_write(&jout, call, &state->row);
    return buffer_error(&call->answer);
}

enum err lead_type_create_render(struct call *call)
{
    return render(call, 201);
}

enum err lead_type_update_prepare(struct call *call)
{
    const struct lead_type *stored = lead_type_of_path(call);
    if (!stored)
        return admin_missing(call);
    enum err error = decode(call, &update_table, /* partial */ true);
    if (error == ERR_INVALID)
        return ERR_OK;
    TRY(error);
    struct lead_type_call *state = call->state;
    state->row = *stored;
    if (state->name.presence == GIVEN)
        state->row.name = state->name.value;
    if (state->metadata_fields.presence == GIVEN)
        state->row.metadata_fields = state->metadata_fields_json;
    if (state->min_reengagement_days.presence != ABSENT)
        state->row.min_reengagement_days = state->min_days;
    if (state->calling.presence != ABSENT)
        state->row.calling = state->calling_json;
    return ERR_OK;
}

enum err lead_type_update_run(struct session *session, struct call *call)
{
    struct lead_type_call *state = call->state;
    return admin_changed(session, call, store_lead_type_update(session, &state->row));
}

enum err lead_type_update_render(struct call *call)
{
    return render(call, 200);
}
