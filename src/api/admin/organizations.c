/* /api/organizations/: the tenants. Only operators and administrators of organization 1 see more than their own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"

/* Organization 1 exists from the start; its administrators are the installation's. */
#define FIRST_ORGANIZATION 1

struct organization_call {
    struct named_input input;
    struct organization row;
};

static bool sees_all(const struct call *call)
{
    return call->principal.is_operator || call->principal.organization_id == FIRST_ORGANIZATION;
}

static void write_row(struct jout *jout, struct call *call, const struct organization *organization)
{
    named_write(jout, call, organization->id, organization->name, organization->created_us);
}

static const struct organization *row_at(struct call *call, size_t index)
{
    return &directory_setup(call_directory(call))->organizations[index];
}

static bool match(struct call *call, size_t index)
{
    return sees_all(call) || row_at(call, index)->id == call->principal.organization_id;
}

static void write_at(struct jout *jout, struct call *call, size_t index)
{
    write_row(jout, call, row_at(call, index));
}

enum err organizations_list_prepare(struct call *call)
{
    return admin_list(call, directory_setup(call_directory(call))->organization_count, match, write_at);
}

enum err organization_get_prepare(struct call *call)
{
    int64_t id = admin_path_id(call);
    const struct organization *organization = directory_organization(call_directory(call), id);
    struct jout jout;
    if (!organization || (!sees_all(call) && id != call->principal.organization_id))
        return admin_missing(call);
    admin_answer(call, 200, &jout);
    write_row(&jout, call, organization);
    return buffer_error(&call->answer);
}

enum err organization_create_prepare(struct call *call)
{
    struct organization_call *state = ARENA_NEW(&call->arena, struct organization_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    if (!sees_all(call)) {
        sela_dialect.refuse(call, REFUSE_SCOPE, NULL);
        return ERR_OK;
    }
    enum err error = admin_decode(call, &named_fields, /* partial */ false, &state->input);
    return error == ERR_INVALID ? ERR_OK : error;
}

enum err organization_create_run(struct session *session, struct call *call)
{
    struct organization_call *state = call->state;
    state->row = (struct organization){.id = state->input.id.value, .name = state->input.name.value};
    return admin_changed(session, call, store_organization_insert(session, &state->row));
}

enum err organization_create_render(struct call *call)
{
    struct organization_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    admin_answer(call, 201, &jout);
    write_row(&jout, call, &state->row);
    return buffer_error(&call->answer);
}
