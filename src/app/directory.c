/* Builds the directory and finds things in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/directory.h"

#include "inlet/app/calling_plan.h"
#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/codec/jin.h"

#include <stdatomic.h>
#include <stdlib.h>

/* All organizations' setup together; a load beyond it fails rather than eat the machine. */
#define DIRECTORY_MEMORY_MAX ((size_t)512 << 20)

struct directory {
    atomic_size_t references;
    struct arena arena;
    struct setup setup;
    const struct token **tokens_by_hash;             /* sorted by key_hash */
    const struct calling_plan **plans;               /* parallel to setup.lead_types; NULL: no calls */
    struct directory_config *configs;                /* parallel to setup.ingestion_configs */
    const struct directory_config **configs_by_uuid; /* sorted by uuid */
};

static int compare_token_hash(const void *a, const void *b)
{
    const struct token *left = *(const struct token *const *)a, *right = *(const struct token *const *)b;
    return memcmp(left->key_hash, right->key_hash, SHA256_SIZE);
}

static int compare_config_uuid(const void *a, const void *b)
{
    const struct directory_config *left = *(const struct directory_config *const *)a;
    const struct directory_config *right = *(const struct directory_config *const *)b;
    return strcmp(left->row->uuid, right->row->uuid);
}

/* A config that cannot be read (a newer program wrote it) is kept out of service, not out of the way: the others go on. */
static enum err compile_config(struct directory *directory, const struct ingestion_config *row,
                               struct directory_config *config)
{
    struct value *document = ARENA_NEW(&directory->arena, struct value);
    struct jin_fault jin_fault;
    struct faults faults;
    if (!document)
        return ERR_MEMORY;
    config->row = row;
    faults_init(&faults, &directory->arena);
    enum err error = jin_decode(&directory->arena, row->document, NULL, document, &jin_fault);
    if (error == ERR_OK)
        error = ingest_config_compile(&directory->arena, document, &config->compiled, &faults);
    if (error == ERR_OK || error == ERR_MEMORY)
        return error;
    config->compiled = NULL;
    LOG(LOG_ERROR, "ingestion config cannot be read and is out of service",
        LOG_TEXT_FIELD("uuid", slice_from(row->uuid)),
        LOG_TEXT_FIELD("key", faults.count > 0 ? faults.items[0].field : SLICE("")),
        LOG_TEXT_FIELD("why", faults.count > 0 ? faults.items[0].input : slice_from(err_text(error))));
    return ERR_OK;
}

/* Likewise: leads of a type whose plan cannot be read are not called, and all else goes on. */
static enum err compile_plan(struct directory *directory, const struct lead_type *row,
                             const struct calling_plan **plan)
{
    struct value document;
    struct jin_fault jin_fault;
    struct faults faults;
    *plan = NULL;
    if (slice_is_null(row->calling))
        return ERR_OK;
    faults_init(&faults, &directory->arena);
    enum err error = jin_decode(&directory->arena, row->calling, NULL, &document, &jin_fault);
    if (error == ERR_OK)
        error = calling_plan_compile(&directory->arena, &document, plan, &faults);
    if (error == ERR_OK || error == ERR_MEMORY)
        return error;
    LOG(LOG_ERROR, "calling of a lead type cannot be read: its leads are not called",
        LOG_INTEGER_FIELD("lead_type", row->id),
        LOG_TEXT_FIELD("key", faults.count > 0 ? faults.items[0].field : SLICE("")),
        LOG_TEXT_FIELD("why", faults.count > 0 ? faults.items[0].input : slice_from(err_text(error))));
    return ERR_OK;
}

static enum err compile_plans(struct directory *directory)
{
    const struct setup *setup = &directory->setup;
    directory->plans = ARENA_ARRAY(&directory->arena, const struct calling_plan *, setup->lead_type_count);
    if (!directory->plans)
        return ERR_MEMORY;
    for (size_t i = 0; i < setup->lead_type_count; i++)
        TRY(compile_plan(directory, &setup->lead_types[i], &directory->plans[i]));
    return ERR_OK;
}

static enum err build_indexes(struct directory *directory)
{
    const struct setup *setup = &directory->setup;
    size_t tokens = setup->token_count, configs = setup->ingestion_config_count;
    directory->tokens_by_hash = ARENA_ARRAY(&directory->arena, const struct token *, tokens);
    directory->configs = ARENA_ARRAY(&directory->arena, struct directory_config, configs);
    directory->configs_by_uuid = ARENA_ARRAY(&directory->arena, const struct directory_config *, configs);
    if (!directory->tokens_by_hash || !directory->configs || !directory->configs_by_uuid)
        return ERR_MEMORY;
    for (size_t i = 0; i < tokens; i++)
        directory->tokens_by_hash[i] = &setup->tokens[i];
    qsort(directory->tokens_by_hash, tokens, sizeof(*directory->tokens_by_hash), compare_token_hash);
    for (size_t i = 0; i < configs; i++) {
        TRY(compile_config(directory, &setup->ingestion_configs[i], &directory->configs[i]));
        directory->configs_by_uuid[i] = &directory->configs[i];
    }
    qsort(directory->configs_by_uuid, configs, sizeof(*directory->configs_by_uuid), compare_config_uuid);
    return ERR_OK;
}

enum err directory_build(struct session *session, struct directory **ret_directory)
{
    struct directory *directory = mem_zero(1, sizeof(*directory));
    if (!directory)
        return ERR_MEMORY;
    atomic_init(&directory->references, 1);
    arena_init(&directory->arena, DIRECTORY_MEMORY_MAX);
    enum err error = store_setup_load(session, &directory->arena, &directory->setup);
    if (error == ERR_OK)
        error = build_indexes(directory);
    if (error == ERR_OK)
        error = compile_plans(directory);
    if (error != ERR_OK) {
        directory_unref(directory);
        return error;
    }
    *ret_directory = directory;
    return ERR_OK;
}

struct directory *directory_ref(struct directory *directory)
{
    atomic_fetch_add(&directory->references, 1);
    return directory;
}

struct directory *directory_unref(struct directory *directory)
{
    if (directory && atomic_fetch_sub(&directory->references, 1) == 1) {
        arena_done(&directory->arena);
        mem_free(directory);
    }
    return NULL;
}

int64_t directory_version(const struct directory *directory)
{
    return directory->setup.version;
}

const struct setup *directory_setup(const struct directory *directory)
{
    return &directory->setup;
}

const struct token *directory_token(const struct directory *directory,
                                    const unsigned char key_hash[SHA256_SIZE])
{
    /* The order of the comparisons shows nothing but where a hash lies among hashes; the match itself is constant time. */
    size_t low = 0, high = directory->setup.token_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(directory->tokens_by_hash[middle]->key_hash, key_hash, SHA256_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == directory->setup.token_count)
        return NULL;
    const struct token *token = directory->tokens_by_hash[low];
    return hash_equal(token->key_hash, key_hash, SHA256_SIZE) ? token : NULL;
}

/* Finds an id in an array of rows that begin with their id and are sorted by it. */
static const void *find_id(const void *rows, size_t count, size_t size, int64_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const int64_t *at = (const void *)((const char *)rows + middle * size);
        if (*at == id)
            return at;
        if (*at < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct organization *directory_organization(const struct directory *directory, int64_t id)
{
    const struct setup *setup = &directory->setup;
    return find_id(setup->organizations, setup->organization_count, sizeof(*setup->organizations), id);
}

const struct lead_type *directory_lead_type(const struct directory *directory, int64_t organization_id,
                                            int64_t id)
{
    const struct setup *setup = &directory->setup;
    const struct lead_type *found =
        find_id(setup->lead_types, setup->lead_type_count, sizeof(*setup->lead_types), id);
    return found && found->organization_id == organization_id ? found : NULL;
}

const struct calling_plan *directory_calling_plan(const struct directory *directory, int64_t organization_id,
                                                  int64_t lead_type_id)
{
    const struct lead_type *found = directory_lead_type(directory, organization_id, lead_type_id);
    return found ? directory->plans[found - directory->setup.lead_types] : NULL;
}

const struct representative *directory_representative(const struct directory *directory,
                                                      int64_t organization_id, int64_t id)
{
    const struct setup *setup = &directory->setup;
    const struct representative *found =
        find_id(setup->representatives, setup->representative_count, sizeof(*setup->representatives), id);
    return found && found->organization_id == organization_id ? found : NULL;
}

const struct directory_config *directory_config(const struct directory *directory, struct slice uuid)
{
    char lower[UUID_LENGTH + 1];
    if (!uuid_parse(uuid, lower))
        return NULL;
    size_t low = 0, high = directory->setup.ingestion_config_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(directory->configs_by_uuid[middle]->row->uuid, lower);
        if (order == 0)
            return directory->configs_by_uuid[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct directory_config *directory_config_at(const struct directory *directory, size_t index)
{
    return &directory->configs[index];
}
