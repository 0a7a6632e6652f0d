/* /api/ingestion-configs/: the body of a POST or PUT is the config file itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"
#include "inlet/ingest/config.h"

/* All configs of all organizations are in memory, compiled. */
#define DOCUMENT_MAX ((size_t)64 << 10)

struct config_call {
    struct slice document; /* the file as it is stored */
    const struct ingest_config *compiled;
    struct ingestion_config row;
};

static void write_row(struct jout *jout, struct call *call, const struct ingestion_config *row,
                      const struct ingest_config *compiled)
{
    const struct timezone *zone = call_app(call)->timezone;
    jout_object_begin(jout);
    jout_member_string(jout, "uuid", slice_from(row->uuid));
    jout_member_string(jout, "name", compiled ? compiled->name : SLICE_NULL);
    jout_key(jout, SLICE("lead_type"));
    if (compiled && compiled->lead_type_id != 0)
        jout_integer(jout, compiled->lead_type_id);
    else
        jout_null(jout);
    jout_member_string(jout, "auth", compiled && compiled->open ? SLICE("open") : SLICE("token"));
    jout_member_integer(jout, "version", row->version);
    jout_key(jout, SLICE("created_time"));
    time_write(jout, row->created_us, zone);
    jout_key(jout, SLICE("modified_time"));
    time_write(jout, row->modified_us, zone);
    jout_key(jout, SLICE("config"));
    jout_raw(jout, row->document);
    jout_object_end(jout);
}

static bool match(struct call *call, size_t index)
{
    return directory_config_at(call_directory(call), index)->row->organization_id ==
           call->principal.organization_id;
}

static void write_at(struct jout *jout, struct call *call, size_t index)
{
    const struct directory_config *config = directory_config_at(call_directory(call), index);
    write_row(jout, call, config->row, config->compiled);
}

enum err ingestion_configs_list_prepare(struct call *call)
{
    return admin_list(call, directory_setup(call_directory(call))->ingestion_config_count, match, write_at);
}

static const struct directory_config *config_of_path(struct call *call)
{
    const struct directory_config *config = directory_config(call_directory(call), call->arguments[0]);
    return config && config->row->organization_id == call->principal.organization_id ? config : NULL;
}

enum err ingestion_config_get_prepare(struct call *call)
{
    const struct directory_config *config = config_of_path(call);
    struct jout jout;
    if (!config)
        return admin_missing(call);
    admin_answer(call, 200, &jout);
    write_row(&jout, call, config->row, config->compiled);
    return buffer_error(&call->answer);
}

/* Whether the lead type that the config routes to exists. */
static enum err check_lead_type(struct call *call, const struct ingest_config *config)
{
    struct slice sentence;
    if (config->lead_type_id == 0 ||
        directory_lead_type(call_directory(call), call->principal.organization_id, config->lead_type_id))
        return ERR_OK;
    TRY(arena_print(&call->arena, &sentence, "Invalid pk \"%lld\" - object does not exist.",
                    (long long)config->lead_type_id));
    return admin_fault(call, SLICE("lead_type"), sentence);
}

/* The file in the body, checked and compiled; otherwise answers. */
static enum err decode(struct call *call, struct config_call *state)
{
    struct schema_input input;
    struct faults faults;
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(DOCUMENT_MAX);
    struct jout jout;
    faults_init(&faults, &call->arena);
    TRY(body_decode(call, &input));
    if (!input.object) {
        answer_detail(call, 415, SLICE("An ingestion config is sent as application/json."));
        return ERR_INVALID;
    }
    enum err error = ingest_config_compile(&call->arena, input.object, &state->compiled, &faults);
    if (error == ERR_INVALID)
        answer_faults(call, &faults);
    TRY(error);
    TRY(check_lead_type(call, state->compiled));
    jout_init(&jout, &text);
    jout_value(&jout, input.object);
    if (buffer_error(&text) == ERR_LIMIT)
        return admin_fault(call, SLICE_NULL, SLICE("The config is longer than 64 KiB."));
    TRY(buffer_error(&text));
    return arena_copy(&call->arena, buffer_slice(&text), &state->document);
}

static enum err begin(struct call *call, struct config_call **ret_state)
{
    struct config_call *state = ARENA_NEW(&call->arena, struct config_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    *ret_state = state;
    return decode(call, state);
}

enum err ingestion_config_create_prepare(struct call *call)
{
    struct config_call *state;
    enum err error = begin(call, &state);
    if (error == ERR_INVALID)
        return ERR_OK;
    TRY(error);
    return random_uuid(state->row.uuid);
}

enum err ingestion_config_create_run(struct session *session, struct call *call)
{
    struct config_call *state = call->state;
    state->row.id = 0;
    state->row.organization_id = call->principal.organization_id;
    state->row.document = state->document;
    return admin_changed(session, call, store_ingestion_config_insert(session, &state->row));
}

static enum err render(struct call *call, unsigned status)
{
    struct config_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    admin_answer(call, status, &jout);
    write_row(&jout, call, &state->row, state->compiled);
    return buffer_error(&call->answer);
}

enum err ingestion_config_create_render(struct call *call)
{
    return render(call, 201);
}

enum err ingestion_config_update_prepare(struct call *call)
{
    struct config_call *state;
    const struct directory_config *config = config_of_path(call);
    if (!config)
        return admin_missing(call);
    enum err error = begin(call, &state);
    if (error == ERR_INVALID)
        return ERR_OK;
    TRY(error);
    state->row = *config->row;
    return ERR_OK;
}

enum err ingestion_config_update_run(struct session *session, struct call *call)
{
    struct config_call *state = call->state;
    state->row.document = state->document;
    return admin_changed(session, call, store_ingestion_config_update(session, &state->row));
}

enum err ingestion_config_update_render(struct call *call)
{
    return render(call, 200);
}
