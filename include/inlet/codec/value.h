/* The one tree that every decoded payload becomes, whatever its format: JSON, form, multipart. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_VALUE_H
#define INLET_CODEC_VALUE_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_NULL,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_INTEGER,     /* fits into 64 bits */
    VALUE_BIG_INTEGER, /* does not: text holds its digits, with '-' if negative */
    VALUE_REAL,
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT
};

struct value_member;

/*
 * DESIGN: immutable once built, all memory in one arena. Strings are UTF-8, except that a lone surrogate that
 * came as a \uXXXX escape is kept in its three-byte form (WTF-8); NUL bytes may stand inside. Objects keep
 * the order of first appearance and hold each key once (the last value wins), as Python's dict does.
 */
struct value {
    enum value_kind kind;
    union {
        int64_t integer;
        double real;
        struct slice text; /* STRING, BIG_INTEGER */
        struct {
            struct value *items;
            size_t count;
        } array;
        struct {
            struct value_member *members;
            size_t count;
        } object;
    };
};

struct value_member {
    struct slice key;
    struct value value;
};

/* for (each member of an object): const struct value_member *member is the loop variable. */
#define VALUE_FOREACH(member, of)                                                                            \
    for (const struct value_member *member = (of)->object.members,                                           \
                                   *member##_end = member + (of)->object.count;                              \
         member != member##_end; member++)

/* The member of that name, or NULL; NULL also when OBJECT is NULL or no object. */
const struct value *value_get(const struct value *object, struct slice key);

/* Deep equality; objects regardless of order; an integer equals a real of the same value. */
bool value_equal(const struct value *a, const struct value *b);

/* What Python's json module calls the type: "dict", "list", "str", "int", "float", "bool", "NoneType". */
const char *value_python_type(const struct value *value);

/* A new object that holds BASE's members, then OVER's: of equal keys OVER's value at BASE's place. Either may
 * be NULL (as empty). Shares all values with them. ERR_MEMORY. */
NODISCARD enum err value_merge(struct arena *arena, const struct value *base, const struct value *over,
                               struct value *ret_merged);

/* Builds objects and arrays of unknown length; the tree being built must not outlive the arena. */
struct value_builder {
    struct arena *arena;
    void *elements;
    size_t count, capacity;
};

void value_build(struct value_builder *builder, struct arena *arena);
/* Appends; ERR_MEMORY. value_build_member does not look for an equal key. */
NODISCARD enum err value_build_item(struct value_builder *builder, struct value item);
NODISCARD enum err value_build_member(struct value_builder *builder, struct slice key, struct value value);
struct value value_built_array(struct value_builder *builder);
struct value value_built_object(struct value_builder *builder);

static inline struct value value_string(struct slice text)
{
    return (struct value){.kind = VALUE_STRING, .text = text};
}

/* How many values VALUE is made of, itself included; keys do not count. Its depth is bounded by whoever made it. */
size_t value_count(const struct value *value);

#endif
