/* The value tree: look-up, equality, merging, building. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: recursion is as deep as the tree, which every decoder limits. Where two large objects meet, the
 * keys of one are sorted first: look-ups stay logarithmic whatever keys a client chose, where a hash could be
 * flooded.
 */
#include "inlet/codec/value.h"

#include "inlet/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to this many members a plain walk is as quick as anything. */
#define WALK_MAX               16

#define BUILDER_FIRST_CAPACITY 8

/* ---- look-up ---- */

static bool is_object(const struct value *value)
{
    return value && value->kind == VALUE_OBJECT;
}

static const struct value_member *find_member(const struct value *object, struct slice key)
{
    VALUE_FOREACH (member, object) {
        if (slice_equal(member->key, key))
            return member;
    }
    return NULL;
}

const struct value *value_get(const struct value *object, struct slice key)
{
    const struct value_member *member = is_object(object) ? find_member(object, key) : NULL;
    return member ? &member->value : NULL;
}

/* The members of a large object in the order of their keys; null for a small one, which is walked. */
struct key_index {
    const struct value *object;
    const struct value_member **sorted;
};

static void key_index_done(struct key_index *index)
{
    mem_free(index->sorted);
}

static int compare_members(const void *a, const void *b)
{
    const struct value_member *const *left = a;
    const struct value_member *const *right = b;
    return slice_compare((*left)->key, (*right)->key);
}

/* Made for LOOKUPS look-ups in OBJECT. */
NODISCARD static enum err key_index_init(struct key_index *index, const struct value *object, size_t lookups)
{
    *index = (struct key_index){.object = object};
    if (object->object.count <= WALK_MAX || lookups <= WALK_MAX)
        return ERR_OK;
    index->sorted = mem_zero(object->object.count, sizeof(*index->sorted));
    if (!index->sorted)
        return ERR_MEMORY;
    for (size_t i = 0; i < object->object.count; i++)
        index->sorted[i] = &object->object.members[i];
    qsort(index->sorted, object->object.count, sizeof(*index->sorted), compare_members);
    return ERR_OK;
}

static const struct value_member *key_index_find(const struct key_index *index, struct slice key)
{
    if (!index->sorted)
        return find_member(index->object, key);
    struct value_member wanted = {.key = key};
    const struct value_member *pointer = &wanted;
    const struct value_member **found = bsearch(&pointer, index->sorted, index->object->object.count,
                                                sizeof(*index->sorted), compare_members);
    return found ? *found : NULL;
}

/* ---- equality ---- */

static bool integer_equals_real(int64_t integer, double real)
{
    return real >= -0x1p63 && real < 0x1p63 && (int64_t)real == integer && (double)(int64_t)real == real;
}

/* Every double of that size is a whole number, and printf writes all of its digits. */
static bool big_integer_equals_real(struct slice digits, double real)
{
    char text[400];
    int length = snprintf(text, sizeof(text), "%.0f", real);
    return length > 0 && slice_equal(digits, slice_of(text, (size_t)length));
}

static bool arrays_equal(const struct value *a, const struct value *b)
{
    if (a->array.count != b->array.count)
        return false;
    for (size_t i = 0; i < a->array.count; i++) {
        if (!value_equal(&a->array.items[i], &b->array.items[i]))
            return false;
    }
    return true;
}

static bool objects_equal(const struct value *a, const struct value *b)
{
    size_t count = a->object.count;
    if (count != b->object.count)
        return false;
    /* Mostly both have one order: only what stands after the first difference is looked up. */
    size_t same = 0;
    while (same < count && slice_equal(a->object.members[same].key, b->object.members[same].key)) {
        if (!value_equal(&a->object.members[same].value, &b->object.members[same].value))
            return false;
        same++;
    }
    CLEANUP(key_index_done) struct key_index index;
    if (key_index_init(&index, b, count - same) != ERR_OK)
        index.sorted = NULL; /* no memory: the walk gives the same answer */
    for (size_t i = same; i < count; i++) {
        const struct value_member *other = key_index_find(&index, a->object.members[i].key);
        if (!other || !value_equal(&a->object.members[i].value, &other->value))
            return false;
    }
    return true;
}

/* Of two different kinds only numbers can be equal, and only a real to an integer. */
static bool equal_across_kinds(const struct value *a, const struct value *b)
{
    const struct value *real = a->kind == VALUE_REAL ? a : b;
    const struct value *integer = a->kind == VALUE_REAL ? b : a;
    if (real->kind != VALUE_REAL)
        return false;
    if (integer->kind == VALUE_INTEGER)
        return integer_equals_real(integer->integer, real->real);
    return integer->kind == VALUE_BIG_INTEGER && big_integer_equals_real(integer->text, real->real);
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return equal_across_kinds(a, b);
    switch (a->kind) {
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE: return true;
    case VALUE_INTEGER: return a->integer == b->integer;
    case VALUE_REAL: return a->real == b->real;
    case VALUE_BIG_INTEGER:
    case VALUE_STRING: return slice_equal(a->text, b->text);
    case VALUE_ARRAY: return arrays_equal(a, b);
    case VALUE_OBJECT: return objects_equal(a, b);
    }
    return false;
}

const char *value_python_type(const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL: return "NoneType";
    case VALUE_FALSE:
    case VALUE_TRUE: return "bool";
    case VALUE_INTEGER:
    case VALUE_BIG_INTEGER: return "int";
    case VALUE_REAL: return "float";
    case VALUE_STRING: return "str";
    case VALUE_ARRAY: return "list";
    case VALUE_OBJECT: return "dict";
    }
    return "object";
}

/* ---- merging ---- */

enum err value_merge(struct arena *arena, const struct value *base, const struct value *over,
                     struct value *ret_merged)
{
    static const struct value nothing = {.kind = VALUE_OBJECT};
    base = is_object(base) ? base : &nothing;
    over = is_object(over) ? over : &nothing;
    if (base->object.count == 0 || over->object.count == 0) {
        *ret_merged = base->object.count == 0 ? *over : *base;
        return ERR_OK;
    }
    size_t count = base->object.count;
    struct value_member *members = ARENA_ARRAY(arena, struct value_member, count + over->object.count);
    if (!members)
        return ERR_MEMORY;
    memcpy(members, base->object.members, count * sizeof(*members));
    CLEANUP(key_index_done) struct key_index index;
    TRY(key_index_init(&index, base, over->object.count));
    VALUE_FOREACH (member, over) {
        const struct value_member *known = key_index_find(&index, member->key);
        if (known)
            members[known - base->object.members].value = member->value;
        else
            members[count++] = *member;
    }
    *ret_merged = (struct value){.kind = VALUE_OBJECT, .object = {.members = members, .count = count}};
    return ERR_OK;
}

/* ---- building ---- */

void value_build(struct value_builder *builder, struct arena *arena)
{
    *builder = (struct value_builder){.arena = arena};
}

/* Room for one more element of SIZE bytes; NULL when there is no memory. */
static void *add_element(struct value_builder *builder, size_t size)
{
    if (builder->count == builder->capacity) {
        size_t capacity = builder->capacity ? builder->capacity * 2 : BUILDER_FIRST_CAPACITY;
        char *elements = arena_zero(builder->arena, capacity, size);
        if (!elements)
            return NULL;
        if (builder->count > 0)
            memcpy(elements, builder->elements, builder->count * size);
        builder->elements = elements;
        builder->capacity = capacity;
    }
    return (char *)builder->elements + builder->count++ * size;
}

enum err value_build_item(struct value_builder *builder, struct value item)
{
    struct value *slot = add_element(builder, sizeof(*slot));
    if (!slot)
        return ERR_MEMORY;
    *slot = item;
    return ERR_OK;
}

enum err value_build_member(struct value_builder *builder, struct slice key, struct value value)
{
    struct value_member *slot = add_element(builder, sizeof(*slot));
    if (!slot)
        return ERR_MEMORY;
    *slot = (struct value_member){.key = key, .value = value};
    return ERR_OK;
}

struct value value_built_array(struct value_builder *builder)
{
    return (struct value){.kind = VALUE_ARRAY,
                          .array = {.items = builder->elements, .count = builder->count}};
}

struct value value_built_object(struct value_builder *builder)
{
    return (struct value){.kind = VALUE_OBJECT,
                          .object = {.members = builder->elements, .count = builder->count}};
}

size_t value_count(const struct value *value)
{
    size_t count = 1;
    if (value->kind == VALUE_OBJECT) {
        VALUE_FOREACH (member, value)
            count += value_count(&member->value);
    } else if (value->kind == VALUE_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            count += value_count(&value->array.items[i]);
    }
    return count;
}
