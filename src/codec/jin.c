/* JSON text in: jansson parses, its tree becomes ours. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: text -> jin_scan (limits) -> jin_mend (rarely) -> jansson -> value tree. Why a text was refused is
 * found out afterwards, by jin_fault, from the text itself.
 *
 * OWNERSHIP: all of jansson's memory comes from a scratch arena of the decode and goes with it, so freeing a
 * tree costs nothing. When the arena has no more, we jump out of jansson instead of handing it a NULL: 2.14
 * does not check each allocation (lex_save drops the byte, after which a string may have no end), so a NULL
 * would not be an error but another text.
 *
 * THREADS: any; what the hooks need is thread-local.
 */
#include "inlet/codec/jin.h"

#include "inlet/base/buffer.h"
#include "inlet/base/mem.h"
#include "jin_fault.h"
#include "jin_mend.h"
#include "jin_scan.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

/* ---- jansson and its memory ---- */

/* An object, the largest value, with its first hash table is 250 bytes; growing tables leave their old ones
 * behind. */
#define SCRATCH_PER_VALUE 1024
#define SCRATCH_PER_BYTE  8
#define SCRATCH_LEAST     65536

struct scratch {
    struct arena arena;
    jmp_buf out_of_memory;
};

static _Thread_local struct scratch *scratch_in_use;

static void *scratch_alloc(size_t size)
{
    void *memory = arena_alloc(&scratch_in_use->arena, size);
    if (!memory)
        longjmp(scratch_in_use->out_of_memory, 1);
    return memory;
}

static void scratch_free(void *memory)
{
    (void)memory; /* the arena frees all at once */
}

static void scratch_done(struct scratch *scratch)
{
    scratch_in_use = NULL;
    arena_done(&scratch->arena);
}

static void set_up_jansson(void)
{
    json_object_seed(0);
    json_set_alloc_funcs(scratch_alloc, scratch_free);
}

void jin_module_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int failed = pthread_once(&once, set_up_jansson);
    assert(!failed);
    (void)failed;
}

/* ERR_INVALID: *ERROR says why. The tree lives in SCRATCH. */
NODISCARD static enum err parse(struct scratch *scratch, struct slice text, bool unique_keys,
                                json_error_t *error, json_t **ret_tree)
{
    scratch_in_use = scratch;
    if (setjmp(scratch->out_of_memory) != 0)
        return ERR_MEMORY;
    *ret_tree =
        json_loadb(text.p, text.n, JSON_DECODE_ANY | (unique_keys ? JSON_REJECT_DUPLICATES : 0), error);
    return *ret_tree ? ERR_OK : ERR_INVALID;
}

/* ---- jansson's tree to ours ---- */

struct converter {
    struct arena *arena;
    char *strings; /* room for what is left: all strings together are no longer than the text */
    size_t room;
    bool mended;
};

NODISCARD static enum err convert(struct converter *c, json_t *from, struct value *ret_value);

static struct slice convert_text(struct converter *c, struct slice text)
{
    assert(text.n <= c->room);
    char *copy = c->strings;
    size_t length = text.n;
    if (c->mended)
        length = jin_unmend(text, copy);
    else if (length > 0)
        memcpy(copy, text.p, length);
    c->strings += length;
    c->room -= length;
    return slice_of(copy, length);
}

/* What jin_mend made of a number too large: whether FROM, an array, is one. */
static bool convert_big_number(struct converter *c, json_t *from, struct value *ret_value)
{
    const json_t *only = c->mended && json_array_size(from) == 1 ? json_array_get(from, 0) : NULL;
    if (!json_is_string(only))
        return false;
    struct slice text = slice_of(json_string_value(only), json_string_length(only));
    bool integer = slice_starts(text, SLICE(JIN_MARK "i"));
    if (!integer && !slice_starts(text, SLICE(JIN_MARK "r")))
        return false;
    struct slice digits = convert_text(c, slice_skip(text, sizeof(JIN_MARK "i") - 1));
    *ret_value = (struct value){.kind = integer ? VALUE_BIG_INTEGER : VALUE_STRING, .text = digits};
    return true;
}

NODISCARD static enum err convert_array(struct converter *c, json_t *from, struct value *ret_value)
{
    if (convert_big_number(c, from, ret_value))
        return ERR_OK;
    size_t count = json_array_size(from);
    struct value *items = arena_alloc(c->arena, count * sizeof(*items));
    if (!items)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        TRY(convert(c, json_array_get(from, i), &items[i]));
    *ret_value = (struct value){.kind = VALUE_ARRAY, .array = {.items = items, .count = count}};
    return ERR_OK;
}

NODISCARD static enum err convert_object(struct converter *c, json_t *from, struct value *ret_value)
{
    size_t count = json_object_size(from);
    struct value_member *members = arena_alloc(c->arena, count * sizeof(*members));
    if (!members)
        return ERR_MEMORY;
    struct value_member *member = members;
    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at), member++) {
        /* No NUL is inside: the scan had it mended. */
        member->key = convert_text(c, slice_from(json_object_iter_key(at)));
        TRY(convert(c, json_object_iter_value(at), &member->value));
    }
    *ret_value = (struct value){.kind = VALUE_OBJECT, .object = {.members = members, .count = count}};
    return ERR_OK;
}

/* Recursion is as deep as the text, which the scan has limited. */
static enum err convert(struct converter *c, json_t *from, struct value *ret_value)
{
    switch (json_typeof(from)) {
    case JSON_NULL: *ret_value = (struct value){.kind = VALUE_NULL}; return ERR_OK;
    case JSON_FALSE: *ret_value = (struct value){.kind = VALUE_FALSE}; return ERR_OK;
    case JSON_TRUE: *ret_value = (struct value){.kind = VALUE_TRUE}; return ERR_OK;
    case JSON_INTEGER:
        *ret_value = (struct value){.kind = VALUE_INTEGER, .integer = json_integer_value(from)};
        return ERR_OK;
    case JSON_REAL:
        *ret_value = (struct value){.kind = VALUE_REAL, .real = json_real_value(from)};
        return ERR_OK;
    case JSON_STRING:
        *ret_value =
            value_string(convert_text(c, slice_of(json_string_value(from), json_string_length(from))));
        return ERR_OK;
    case JSON_ARRAY: return convert_array(c, from, ret_value);
    case JSON_OBJECT: return convert_object(c, from, ret_value);
    }
    return ERR_INTERNAL;
}

/* ---- all together ---- */

static struct jin_options with_defaults(const struct jin_options *options)
{
    struct jin_options all = options ? *options : (struct jin_options){.depth_max = 0};
    if (all.depth_max == 0)
        all.depth_max = JIN_DEPTH_MAX;
    if (all.depth_max > JIN_DEPTH_CEILING)
        all.depth_max = JIN_DEPTH_CEILING;
    if (all.values_max == 0)
        all.values_max = JIN_VALUES_MAX;
    return all;
}

/* Jansson's words are the last resort: the walk of jin_fault finds what jansson finds. */
static void explain(struct slice text, const struct jin_options *options, const char *words,
                    struct jin_fault *ret_fault)
{
    if (ret_fault && !jin_fault_find(text, options->repair_newlines, ret_fault))
        jin_fault_set(ret_fault, text, 0, "%s", words);
}

NODISCARD static enum err decode(struct arena *arena, struct slice text, const struct jin_scan *scan,
                                 bool unique_keys, json_error_t *why, struct value *ret_value)
{
    CLEANUP(scratch_done) struct scratch scratch;
    arena_init(&scratch.arena, SCRATCH_LEAST + scan->values * SCRATCH_PER_VALUE + text.n * SCRATCH_PER_BYTE);
    json_t *tree = NULL;
    TRY(parse(&scratch, text, unique_keys, why, &tree));
    struct converter converter = {.arena = arena, .room = text.n, .mended = scan->mend};
    converter.strings = arena_alloc(arena, text.n);
    if (!converter.strings)
        return ERR_MEMORY;
    return convert(&converter, tree, ret_value);
}

enum err jin_decode(struct arena *arena, struct slice text, const struct jin_options *options,
                    struct value *ret_value, struct jin_fault *ret_fault)
{
    jin_module_init(); /* costs a load when it is done */
    struct jin_options all = with_defaults(options);
    if (slice_is_null(text))
        text = SLICE("");
    json_error_t why = {.text = "not JSON"};
    struct jin_scan scan;
    CLEANUP(buffer_done) struct buffer mended;
    buffer_init(&mended, JIN_MENDED_MAX(text.n));
    enum err error = jin_scan(text, &all, &scan, ret_fault);
    if (error == ERR_OK && scan.mend)
        error = jin_mend(text, all.repair_newlines, &mended);
    if (error == ERR_OK)
        error =
            decode(arena, scan.mend ? buffer_slice(&mended) : text, &scan, all.unique_keys, &why, ret_value);
    if (error == ERR_INVALID)
        explain(text, &all, why.text, ret_fault);
    return error;
}
