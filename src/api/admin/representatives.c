/* /api/representatives/: the people leads are assigned to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"

struct representative_call {
    struct named_input input;
    struct representative row;
};

static void write_row(struct jout *jout, struct call *call, const struct representative *representative)
{
    named_write(jout, call, representative->id, representative->name, representative->created_us);
}

static const struct representative *row_at(struct call *call, size_t index)
{
    return &directory_setup(call_directory(call))->representatives[index];
}

static bool match(struct call *call, size_t index)
{
    return row_at(call, index)->organization_id == call->principal.organization_id;
}

static void write_at(struct jout *jout, struct call *call, size_t index)
{
    write_row(jout, call, row_at(call, index));
}

enum err representatives_list_prepare(struct call *call)
{
    return admin_list(call, directory_setup(call_directory(call))->representative_count, match, write_at);
}

enum err representative_get_prepare(struct call *call)
{
    const struct representative *representative =
        directory_representative(call_directory(call), call->principal.organization_id, admin_path_id(call));
    struct jout jout;
    if (!representative)
        return admin_missing(call);
    admin_answer(call, 200, &jout);
    write_row(&jout, call, representative);
    return buffer_error(&call->answer);
}

enum err representative_create_prepare(struct call *call)
{
    struct representative_call *state = ARENA_NEW(&call->arena, struct representative_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    enum err error = admin_decode(call, &named_fields, /* partial */ false, &state->input);
    return error == ERR_INVALID ? ERR_OK : error;
}

enum err representative_create_run(struct session *session, struct call *call)
{
    struct representative_call *state = call->state;
    state->row = (struct representative){.id = state->input.id.value,
                                         .organization_id = call->principal.organization_id,
                                         .name = state->input.name.value};
    return admin_changed(session, call, store_representative_insert(session, &state->row));
}

enum err representative_create_render(struct call *call)
{
    struct representative_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    admin_answer(call, 201, &jout);
    write_row(&jout, call, &state->row);
    return buffer_error(&call->answer);
}
