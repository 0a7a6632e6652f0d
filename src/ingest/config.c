/* Reads, checks and compiles a config file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/ingest/config.h"

const struct slice ingest_lead_fields[] = {
    SLICE_INIT("email"),
    SLICE_INIT("phone_number"),
    SLICE_INIT("lead_type"),
    SLICE_INIT("representative"),
    SLICE_INIT("external_id"),
    SLICE_INIT("us_state"),
    SLICE_INIT("lead_source"),
    SLICE_INIT("call_schedule_start_time"),
    SLICE_INIT("min_reengagement_days"),
};
const size_t ingest_lead_field_count = ARRAY_LENGTH(ingest_lead_fields);

/* Paths of one target. */
#define PATHS_MAX 64

/* A config on its way in. */
struct compiler {
    struct arena *arena;
    struct faults *faults;
    struct ingest_config *config;
};

static enum err complain(struct compiler *compiler, struct slice key, struct slice sentence)
{
    return faults_add(compiler->faults, (struct fault){.field = key, .kind = FAULT_OTHER, .input = sentence});
}

static enum err compile_path(struct compiler *compiler, struct slice key, const struct value *text,
                             const struct path **ret_path)
{
    struct path_fault fault;
    struct slice sentence;
    if (text->kind != VALUE_STRING)
        return complain(compiler, key, SLICE("A path must be a string."));
    enum err error = path_compile(compiler->arena, text->text, ret_path, &fault);
    if (error != ERR_INVALID)
        return error;
    TRY(arena_print(compiler->arena, &sentence, "Not a valid path (column %zu): %s.", fault.column,
                    fault.what));
    return complain(compiler, key, sentence);
}

/* "path": one query or a list of them. */
static enum err compile_paths(struct compiler *compiler, struct slice key, const struct value *paths,
                              struct ingest_target *target)
{
    bool is_list = paths->kind == VALUE_ARRAY;
    size_t count = is_list ? paths->array.count : 1;
    if (count == 0)
        return complain(compiler, key, SLICE("A list of paths must not be empty."));
    if (count > PATHS_MAX)
        return complain(compiler, key, SLICE("Too many paths."));
    target->paths = ARENA_ARRAY(compiler->arena, const struct path *, count);
    if (!target->paths)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct path *path = NULL;
        TRY(compile_path(compiler, key, is_list ? &paths->array.items[i] : paths, &path));
        if (path)
            target->paths[target->path_count++] = path;
    }
    return ERR_OK;
}

/* {"path": …, "value": …, "default": …, "required": …} */
static enum err compile_entry(struct compiler *compiler, struct slice key, const struct value *entry,
                              struct ingest_target *target)
{
    VALUE_FOREACH (member, entry) {
        struct slice sentence;
        if (slice_equal(member->key, SLICE("path"))) {
            TRY(compile_paths(compiler, key, &member->value, target));
        } else if (slice_equal(member->key, SLICE("value"))) {
            target->value = &member->value;
        } else if (slice_equal(member->key, SLICE("default"))) {
            target->fallback = &member->value;
        } else if (slice_equal(member->key, SLICE("required"))) {
            if (member->value.kind != VALUE_TRUE && member->value.kind != VALUE_FALSE)
                TRY(complain(compiler, key, SLICE("\"required\" must be true or false.")));
            target->required = member->value.kind == VALUE_TRUE;
        } else {
            TRY(arena_print(compiler->arena, &sentence, "Unknown key \"%.*s\".", SLICE_ARG(member->key)));
            TRY(complain(compiler, key, sentence));
        }
    }
    bool has_path = value_get(entry, SLICE("path")) != NULL;
    /* A lead field without them is taken from the top-level key of its name; no key is named after a metadata target. */
    if (target->is_metadata && !has_path && !target->value && !target->fallback)
        return complain(compiler, key, SLICE("\"path\" or \"value\" is required."));
    if (target->value && has_path)
        return complain(compiler, key, SLICE("\"path\" and \"value\" exclude each other."));
    return ERR_OK;
}

/* Which lead field or metadata key a target's name means. */
static enum err resolve_target(struct compiler *compiler, struct slice key, struct ingest_target *target)
{
    struct slice prefix = SLICE("metadata.");
    if (slice_equal(target->name, SLICE("metadata")) || slice_starts(target->name, prefix)) {
        target->is_metadata = true;
        if (target->name.n > prefix.n)
            target->metadata_key = slice_skip(target->name, prefix.n);
        else if (target->name.n == prefix.n)
            return complain(compiler, key, SLICE("A metadata target needs a key after the dot."));
        if (slice_equal(target->metadata_key, SLICE("*")))
            return complain(compiler, key, SLICE("\"metadata.*\" is not supported."));
        return ERR_OK;
    }
    for (size_t i = 0; i < ingest_lead_field_count; i++) {
        if (slice_equal(ingest_lead_fields[i], target->name))
            return ERR_OK;
    }
    return complain(compiler, key,
                    SLICE("No lead field has this name; use \"metadata.<key>\" for anything else."));
}

static enum err compile_fields(struct compiler *compiler, const struct value *fields)
{
    struct ingest_config *config = compiler->config;
    if (fields->kind != VALUE_OBJECT)
        return complain(compiler, SLICE("fields"), SLICE("This must be an object of targets and paths."));
    if (fields->object.count > INGEST_TARGETS_MAX)
        return complain(compiler, SLICE("fields"), SLICE("Too many targets."));
    config->targets = ARENA_ARRAY(compiler->arena, struct ingest_target, fields->object.count);
    if (!config->targets)
        return ERR_MEMORY;
    VALUE_FOREACH (member, fields) {
        struct ingest_target *target = &config->targets[config->target_count++];
        struct slice key;
        *target = (struct ingest_target){.name = member->key, .metadata_key = SLICE_NULL};
        TRY(arena_print(compiler->arena, &key, "fields.%.*s", SLICE_ARG(member->key)));
        TRY(resolve_target(compiler, key, target));
        if (member->value.kind == VALUE_NULL)
            target->is_off = true;
        else if (member->value.kind == VALUE_OBJECT)
            TRY(compile_entry(compiler, key, &member->value, target));
        else
            TRY(compile_paths(compiler, key, &member->value, target));
    }
    return ERR_OK;
}

static enum err compile_name(struct compiler *compiler, const struct value *value)
{
    struct slice name = value->kind == VALUE_STRING ? slice_trim_unicode(value->text) : SLICE("");
    if (name.n == 0)
        return complain(compiler, SLICE("name"), SLICE("This must be a text that is not blank."));
    if (slice_code_points(name) > INGEST_NAME_MAX || slice_find(name, '\0') < name.n)
        return complain(compiler, SLICE("name"),
                        SLICE("Ensure this field has no more than 255 characters and no NUL."));
    compiler->config->name = name;
    return ERR_OK;
}

static enum err compile_lead_type(struct compiler *compiler, const struct value *value)
{
    if (value->kind != VALUE_NULL && (value->kind != VALUE_INTEGER || value->integer < 1))
        return complain(compiler, SLICE("lead_type"), SLICE("This must be the id of a lead type, or null."));
    compiler->config->lead_type_id = value->kind == VALUE_INTEGER ? value->integer : 0;
    return ERR_OK;
}

/* One of two words: whether it is WORD. */
static enum err compile_word(struct compiler *compiler, struct slice key, const struct value *value,
                             struct slice word, struct slice other, bool *ret_is_word)
{
    struct slice text = value->kind == VALUE_STRING ? value->text : SLICE("");
    struct slice sentence;
    *ret_is_word = slice_equal(text, word);
    if (*ret_is_word || slice_equal(text, other))
        return ERR_OK;
    TRY(arena_print(compiler->arena, &sentence, "This must be \"%.*s\" or \"%.*s\".", SLICE_ARG(other),
                    SLICE_ARG(word)));
    return complain(compiler, key, sentence);
}

static enum err compile_min_days(struct compiler *compiler, const struct value *value)
{
    int64_t *days = &compiler->config->min_reengagement_days;
    if (value->kind == VALUE_STRING && slice_equal(value->text, SLICE("never")))
        *days = INGEST_DAYS_NEVER;
    else if (value->kind == VALUE_INTEGER && value->integer >= 0)
        *days = value->integer;
    else if (value->kind != VALUE_NULL)
        return complain(compiler, SLICE("min_reengagement_days"),
                        SLICE("This must be a number of days, \"never\" or null."));
    return ERR_OK;
}

static enum err compile_member(struct compiler *compiler, const struct value_member *member)
{
    struct ingest_config *config = compiler->config;
    struct slice key = member->key;
    if (slice_equal(key, SLICE("name")))
        return compile_name(compiler, &member->value);
    if (slice_equal(key, SLICE("lead_type")))
        return compile_lead_type(compiler, &member->value);
    if (slice_equal(key, SLICE("auth")))
        return compile_word(compiler, key, &member->value, SLICE("open"), SLICE("token"), &config->open);
    if (slice_equal(key, SLICE("unmapped")))
        return compile_word(compiler, key, &member->value, SLICE("drop"), SLICE("metadata"),
                            &config->drop_unmapped);
    if (slice_equal(key, SLICE("min_reengagement_days")))
        return compile_min_days(compiler, &member->value);
    if (slice_equal(key, SLICE("fields")))
        return compile_fields(compiler, &member->value);
    return complain(compiler, key, SLICE("An ingestion config has no such key."));
}

enum err ingest_config_compile(struct arena *arena, const struct value *document,
                               const struct ingest_config **ret_config, struct faults *faults)
{
    struct compiler compiler = {.arena = arena, .faults = faults};
    size_t faults_before = faults->count;
    compiler.config = ARENA_NEW(arena, struct ingest_config);
    if (!compiler.config)
        return ERR_MEMORY;
    compiler.config->min_reengagement_days = INGEST_DAYS_UNSET;
    if (document->kind != VALUE_OBJECT) {
        TRY(complain(&compiler, SLICE_NULL, SLICE("An ingestion config is a JSON object.")));
        return ERR_INVALID;
    }
    if (!value_get(document, SLICE("name")))
        TRY(faults_add(faults, (struct fault){.field = SLICE("name"), .kind = FAULT_REQUIRED}));
    VALUE_FOREACH (member, document) {
        TRY(compile_member(&compiler, member));
    }
    if (faults->count > faults_before)
        return ERR_INVALID;
    *ret_config = compiler.config;
    return ERR_OK;
}
