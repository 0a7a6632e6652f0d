/* Payload in, lead out: targets take their values, what nobody took becomes metadata. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/ingest/map.h"

#include <stdlib.h>

/* A payload on its way through a config. */
struct mapping {
    const struct ingest_config *config;
    struct arena *arena;
    const struct value *payload;
    struct faults *faults;
    const struct value **taken; /* nodes of the payload whose values were used */
    size_t taken_count;
    struct value_builder lead, metadata;
    const struct value *whole; /* what the target "metadata" itself took; NULL: nothing */
};

static bool is_empty(const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL: return true;
    case VALUE_STRING: return value->text.n == 0;
    case VALUE_ARRAY: return value->array.count == 0;
    case VALUE_OBJECT: return value->object.count == 0;
    case VALUE_FALSE:
    case VALUE_TRUE:
    case VALUE_INTEGER:
    case VALUE_BIG_INTEGER:
    case VALUE_REAL: return false;
    }
    return true;
}

/* A lead field takes the first non-empty value, arrays counting as their elements. */
static const struct value *first_of(const struct value *node)
{
    while (node->kind == VALUE_ARRAY) {
        const struct value *found = NULL;
        for (size_t i = 0; i < node->array.count && !found; i++) {
            if (!is_empty(&node->array.items[i]))
                found = &node->array.items[i];
        }
        if (!found)
            return NULL;
        node = found;
    }
    return is_empty(node) ? NULL : node;
}

/* The value of a target, and the payload's node it came from (NULL: a constant). */
static const struct value *value_of(const struct mapping *mapping, const struct ingest_target *target,
                                    const struct value **ret_node)
{
    bool by_name = target->path_count == 0 && !target->value && !target->is_metadata;
    size_t count = by_name ? 1 : target->path_count;
    *ret_node = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct value *node = by_name ? value_get(mapping->payload, target->name)
                                           : path_find(target->paths[i], mapping->payload);
        if (node && !target->is_metadata)
            node = first_of(node);
        if (node && !is_empty(node)) {
            *ret_node = node;
            return node;
        }
    }
    return target->value ? target->value : target->fallback;
}

static const struct ingest_target *target_named(const struct ingest_config *config, struct slice name)
{
    for (size_t i = 0; i < config->target_count; i++) {
        if (slice_equal(config->targets[i].name, name))
            return &config->targets[i];
    }
    return NULL;
}

/* All members of an object into metadata: the target "metadata" itself. */
static enum err put_whole(struct mapping *mapping, const struct value *object)
{
    if (object->kind != VALUE_OBJECT)
        return faults_add(mapping->faults, (struct fault){.field = SLICE("metadata"),
                                                          .kind = FAULT_NOT_OBJECT,
                                                          .input = slice_from(value_python_type(object))});
    mapping->whole = object;
    return ERR_OK;
}

static enum err map_target(struct mapping *mapping, const struct ingest_target *target)
{
    const struct value *node;
    if (target->is_off)
        return ERR_OK;
    const struct value *value = value_of(mapping, target, &node);
    if (!value && target->required)
        return faults_add(mapping->faults, (struct fault){.field = target->name, .kind = FAULT_REQUIRED});
    if (!value)
        return ERR_OK;
    if (node)
        mapping->taken[mapping->taken_count++] = node;
    if (!target->is_metadata)
        return value_build_member(&mapping->lead, target->name, *value);
    if (slice_is_null(target->metadata_key))
        return put_whole(mapping, value);
    return value_build_member(&mapping->metadata, target->metadata_key, *value);
}

/* A lead field without an entry is the payload's top-level key of its name. */
static enum err map_plain_field(struct mapping *mapping, struct slice name)
{
    const struct value *value = value_get(mapping->payload, name);
    if (value && value->kind == VALUE_ARRAY)
        value = first_of(value);
    if (!value || target_named(mapping->config, name))
        return ERR_OK;
    mapping->taken[mapping->taken_count++] = value;
    return value_build_member(&mapping->lead, name, *value);
}

static int compare_nodes(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t) * (const struct value *const *)a,
              right = (uintptr_t) * (const struct value *const *)b;
    return left < right ? -1 : left > right;
}

/* The taken nodes are sorted by then. */
static bool is_taken(const struct mapping *mapping, const struct value *value)
{
    return bsearch(&value, mapping->taken, mapping->taken_count, sizeof(value), compare_nodes) != NULL;
}

/* VALUE without what was taken. A container that this empties is *RET_GONE; one that came empty stays. */
static enum err remainder_of(const struct mapping *mapping, const struct value *value, unsigned depth,
                             struct value *ret_rest, bool *ret_gone)
{
    struct value_builder builder;
    struct value rest;
    bool gone;
    *ret_gone = is_taken(mapping, value);
    *ret_rest = *value;
    bool is_container = value->kind == VALUE_ARRAY || value->kind == VALUE_OBJECT;
    if (*ret_gone || !is_container || is_empty(value) || depth == 0)
        return ERR_OK;
    value_build(&builder, mapping->arena);
    if (value->kind == VALUE_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++) {
            TRY(remainder_of(mapping, &value->array.items[i], depth - 1, &rest, &gone));
            if (!gone)
                TRY(value_build_item(&builder, rest));
        }
        *ret_rest = value_built_array(&builder);
    } else {
        VALUE_FOREACH (member, value) {
            TRY(remainder_of(mapping, &member->value, depth - 1, &rest, &gone));
            if (!gone)
                TRY(value_build_member(&builder, member->key, rest));
        }
        *ret_rest = value_built_object(&builder);
    }
    *ret_gone = builder.count == 0;
    return ERR_OK;
}

/* Deeper payloads are refused when they are decoded. */
#define DEPTH_MAX 128

/* The payload's "metadata" where it is what the standard lead format means by it: an object or null, not switched off. */
static const struct value *own_metadata(const struct mapping *mapping)
{
    const struct ingest_target *target = target_named(mapping->config, SLICE("metadata"));
    const struct value *own = value_get(mapping->payload, SLICE("metadata"));
    bool is_off = target && target->is_off;
    return own && !is_off && (own->kind == VALUE_OBJECT || own->kind == VALUE_NULL) ? own : NULL;
}

/* The members of the payload but OWN, without what was taken. */
static enum err build_others(const struct mapping *mapping, const struct value *own, struct value *ret_others)
{
    struct value_builder others;
    struct value rest;
    bool gone;
    value_build(&others, mapping->arena);
    VALUE_FOREACH (member, mapping->payload) {
        if (&member->value == own)
            continue;
        TRY(remainder_of(mapping, &member->value, DEPTH_MAX, &rest, &gone));
        if (!gone)
            TRY(value_build_member(&others, member->key, rest));
    }
    *ret_others = value_built_object(&others);
    return ERR_OK;
}

/* fields win over the payload's own metadata, that over the rest; of the fields those that name a key. */
static enum err build_metadata(struct mapping *mapping, struct value *ret_metadata, bool *ret_any)
{
    struct value named = value_built_object(&mapping->metadata), merged;
    struct value others = {.kind = VALUE_OBJECT}, own_rest = {.kind = VALUE_NULL};
    bool gone = true;
    qsort(mapping->taken, mapping->taken_count, sizeof(*mapping->taken), compare_nodes);
    if (mapping->payload->kind == VALUE_OBJECT && !is_taken(mapping, mapping->payload)) {
        const struct value *own = own_metadata(mapping);
        if (own && own->kind == VALUE_OBJECT)
            TRY(remainder_of(mapping, own, DEPTH_MAX, &own_rest, &gone));
        if (!mapping->config->drop_unmapped)
            TRY(build_others(mapping, own, &others));
    }
    TRY(value_merge(mapping->arena, &others, gone ? NULL : &own_rest, &merged));
    TRY(value_merge(mapping->arena, &merged, mapping->whole, &merged));
    TRY(value_merge(mapping->arena, &merged, &named, ret_metadata));
    *ret_any = ret_metadata->object.count > 0 || !gone || mapping->whole;
    return ERR_OK;
}

enum err ingest_map(const struct ingest_config *config, struct arena *arena, const struct value *payload,
                    struct value *ret_lead, struct faults *faults)
{
    struct mapping mapping = {.config = config, .arena = arena, .payload = payload, .faults = faults};
    if (payload->kind != VALUE_OBJECT && config->target_count == 0)
        return ERR_INVALID;
    mapping.taken = ARENA_ARRAY(arena, const struct value *, config->target_count + ingest_lead_field_count);
    if (!mapping.taken)
        return ERR_MEMORY;
    value_build(&mapping.lead, arena);
    value_build(&mapping.metadata, arena);
    for (size_t i = 0; i < config->target_count; i++)
        TRY(map_target(&mapping, &config->targets[i]));
    for (size_t i = 0; i < ingest_lead_field_count; i++)
        TRY(map_plain_field(&mapping, ingest_lead_fields[i]));
    struct value metadata;
    bool any;
    TRY(build_metadata(&mapping, &metadata, &any));
    if (any)
        TRY(value_build_member(&mapping.lead, SLICE("metadata"), metadata));
    *ret_lead = value_built_object(&mapping.lead);
    return ERR_OK;
}
