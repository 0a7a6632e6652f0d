/* Request bodies: JSON, forms and multipart, with Django REST framework's answers to what is neither. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/body.h"
#include "inlet/base/charset.h"
#include "inlet/codec/jin.h"
#include "sela.h"

#include <stdlib.h>

static enum err unsupported(struct call *call, struct slice header)
{
    struct slice text;
    /* Without the header a body counts as text/plain (RFC 2045 section 5.2). */
    if (slice_is_null(header))
        header = SLICE("text/plain");
    TRY(arena_print(&call->arena, &text, "Unsupported media type \"%.*s\" in request.", SLICE_ARG(header)));
    answer_detail(call, 415, text);
    return ERR_INVALID;
}

static enum err unparsable(struct call *call, const struct jin_fault *fault)
{
    struct slice text;
    TRY(arena_print(&call->arena, &text, "JSON parse error - %s: line %zu column %zu (char %zu)", fault->what,
                    fault->line, fault->column, fault->position));
    answer_detail(call, 400, text);
    return ERR_INVALID;
}

/* LENIENT: what providers send though it is no JSON: a byte order mark in front, raw newlines in strings. */
static enum err decode_json(struct call *call, struct slice body, bool lenient, struct value **ret_value)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");
    struct jin_options options = {.repair_newlines = lenient};
    struct jin_fault fault;
    if (lenient && slice_starts(body, mark))
        body = slice_skip(body, mark.n);
    struct value *value = ARENA_NEW(&call->arena, struct value);
    if (!value)
        return ERR_MEMORY;
    enum err error = jin_decode(&call->arena, body, &options, value, &fault);
    if (error == ERR_INVALID || error == ERR_LIMIT)
        return unparsable(call, &fault);
    TRY(error);
    *ret_value = value;
    return ERR_OK;
}

static enum err refuse_form(struct call *call, enum err error, const char *what)
{
    if (error == ERR_LIMIT) {
        answer_detail(call, 400, SLICE("The form has too many fields."));
        return ERR_INVALID;
    }
    if (error != ERR_INVALID)
        return error;
    struct slice text;
    TRY(arena_print(&call->arena, &text, "Multipart form parse error - %s", what));
    answer_detail(call, 400, text);
    return ERR_INVALID;
}

/* TEXT in UTF-8. A character set nobody knows counts as UTF-8, as in Django; text that is not in the one it names stays as
 * it is, and fails where UTF-8 is asked for. */
static enum err to_utf8(struct call *call, struct slice charset, struct slice text, struct slice *ret_text)
{
    *ret_text = text;
    enum err error = charset_to_utf8(&call->arena, charset, text, ret_text);
    return error == ERR_MEMORY ? error : ERR_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A form in another character set: its %80 to %FF become bytes first, so that the conversion sees them. */
static enum err form_to_utf8(struct call *call, struct slice charset, struct slice form,
                             struct slice *ret_form)
{
    char *bare = arena_alloc(&call->arena, form.n + 1);
    size_t n = 0;
    if (!bare)
        return ERR_MEMORY;
    for (size_t i = 0; i < form.n; i++) {
        int high = i + 2 < form.n && form.p[i] == '%' ? hex_digit(form.p[i + 1]) : -1;
        int low = high >= 8 ? hex_digit(form.p[i + 2]) : -1;
        bare[n++] = low >= 0 ? (char)(high << 4 | low) : form.p[i];
        i += low >= 0 ? 2 : 0;
    }
    return to_utf8(call, charset, slice_of(bare, n), ret_form);
}

/* What providers call JSON besides its name. */
static bool is_json_in_disguise(struct slice media)
{
    struct slice suffix = SLICE("+json");
    return media.n == 0 || slice_equal(media, SLICE("text/plain")) ||
           slice_equal(media, SLICE("text/json")) ||
           (media.n > suffix.n && slice_equal(slice_skip(media, media.n - suffix.n), suffix));
}

/* JSON is the first parser, so it takes wildcards too. */
static bool is_json(struct slice media)
{
    return slice_equal(media, SLICE("application/json")) || slice_equal(media, SLICE("*/*")) ||
           slice_equal(media, SLICE("application/*"));
}

static enum err decode(struct call *call, bool lenient, struct schema_input *ret_input)
{
    static const struct value nothing = {.kind = VALUE_OBJECT};
    struct slice header = call_header(call, SLICE("Content-Type")), text;
    struct content_type type;
    struct url_pairs *pairs;
    if (call->body.length == 0) {
        *ret_input = (struct schema_input){.object = &nothing};
        return ERR_OK;
    }
    TRY(content_type_parse(&call->arena, header, &type));
    if (is_json(type.media) || (lenient && is_json_in_disguise(type.media))) {
        struct value *value;
        TRY(to_utf8(call, type.charset, buffer_slice(&call->body), &text));
        TRY(decode_json(call, text, lenient, &value));
        *ret_input = (struct schema_input){.object = value};
        return ERR_OK;
    }
    bool is_form = slice_equal(type.media, SLICE("application/x-www-form-urlencoded"));
    bool is_multipart = slice_equal(type.media, SLICE("multipart/form-data"));
    if (!is_form && !is_multipart)
        return unsupported(call, header);
    pairs = ARENA_NEW(&call->arena, struct url_pairs);
    if (!pairs)
        return ERR_MEMORY;
    const char *what = slice_is_null(type.boundary) ? "Invalid boundary in multipart: None"
                                                    : "Invalid boundary in multipart: ";
    enum err error = ERR_INVALID;
    if (is_form) {
        text = buffer_slice(&call->body);
        if (!slice_is_null(type.charset) && !slice_equal_nocase(type.charset, SLICE("utf-8")))
            TRY(form_to_utf8(call, type.charset, text, &text));
        error = url_decode_pairs(&call->arena, text, pairs);
    } else if (type.boundary.n > 0) {
        error = multipart_decode(&call->arena, buffer_slice(&call->body), type.boundary, pairs, &what);
    }
    if (error != ERR_OK)
        return refuse_form(call, error, what);
    *ret_input = (struct schema_input){.pairs = pairs};
    return ERR_OK;
}

enum err body_decode(struct call *call, struct schema_input *ret_input)
{
    return decode(call, /* lenient */ false, ret_input);
}

enum err body_decode_object(struct call *call, struct schema_input *ret_input)
{
    struct slice text;
    TRY(body_decode(call, ret_input));
    if (!ret_input->object || ret_input->object->kind == VALUE_OBJECT)
        return ERR_OK;
    text = SLICE("No data provided");
    if (ret_input->object->kind != VALUE_NULL)
        TRY(arena_print(&call->arena, &text, "Invalid data. Expected a dictionary, but got %s.",
                        value_python_type(ret_input->object)));
    answer_non_field_error(call, text);
    return ERR_INVALID;
}

/* A form's field on its way to its name: pairs are sorted by it, those of one name stay in order. */
struct placed_pair {
    const struct url_pair *pair;
    size_t index;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed_pair *left = a, *right = b;
    int order = slice_compare(left->pair->name, right->pair->name);
    if (order != 0)
        return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

static int compare_first(const void *a, const void *b)
{
    const struct placed_pair *left = *(struct placed_pair *const *)a,
                             *right = *(struct placed_pair *const *)b;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Repeated keys become arrays at the place of their first appearance. */
static enum err object_of_pairs(struct arena *arena, const struct url_pairs *pairs, struct value *ret_object)
{
    struct placed_pair *placed = ARENA_ARRAY(arena, struct placed_pair, pairs->count + 1);
    struct placed_pair **firsts = ARENA_ARRAY(arena, struct placed_pair *, pairs->count + 1);
    size_t first_count = 0;
    struct value_builder object, items;
    if (!placed || !firsts)
        return ERR_MEMORY;
    for (size_t i = 0; i < pairs->count; i++)
        placed[i] = (struct placed_pair){.pair = &pairs->pairs[i], .index = i};
    qsort(placed, pairs->count, sizeof(*placed), compare_placed);
    for (size_t i = 0; i < pairs->count; i++) {
        if (i == 0 || !slice_equal(placed[i].pair->name, placed[i - 1].pair->name))
            firsts[first_count++] = &placed[i];
    }
    qsort(firsts, first_count, sizeof(*firsts), compare_first);
    value_build(&object, arena);
    for (size_t i = 0; i < first_count; i++) {
        struct placed_pair *at = firsts[i], *end = placed + pairs->count;
        struct slice name = at->pair->name;
        value_build(&items, arena);
        for (; at < end && slice_equal(at->pair->name, name); at++)
            TRY(value_build_item(&items, value_string(at->pair->value)));
        struct value value =
            items.count == 1 ? value_string(firsts[i]->pair->value) : value_built_array(&items);
        TRY(value_build_member(&object, name, value));
    }
    *ret_object = value_built_object(&object);
    return ERR_OK;
}

/* A form's "metadata" may hold its object as JSON text; other text stays what it is. */
static enum err read_metadata(struct arena *arena, struct value *object)
{
    for (size_t i = 0; i < object->object.count; i++) {
        struct value_member *member = &object->object.members[i];
        struct value decoded;
        if (!slice_equal(member->key, SLICE("metadata")) || member->value.kind != VALUE_STRING)
            continue;
        enum err error = jin_decode(arena, member->value.text, NULL, &decoded, NULL);
        if (error == ERR_MEMORY)
            return error;
        if (error == ERR_OK && decoded.kind == VALUE_OBJECT)
            member->value = decoded;
    }
    return ERR_OK;
}

enum err body_decode_value(struct call *call, struct value *ret_value)
{
    struct schema_input input;
    TRY(decode(call, /* lenient */ true, &input));
    if (!input.object) {
        TRY(object_of_pairs(&call->arena, input.pairs, ret_value));
        return read_metadata(&call->arena, ret_value);
    }
    *ret_value = *input.object;
    return ERR_OK;
}

enum err query_merge_below(struct call *call, struct value *payload)
{
    struct url_pairs query;
    struct value object, merged;
    if (call->query.n == 0 || payload->kind != VALUE_OBJECT)
        return ERR_OK;
    TRY(call_query(call, &query));
    TRY(object_of_pairs(&call->arena, &query, &object));
    TRY(value_merge(&call->arena, &object, payload, &merged));
    *payload = merged;
    return ERR_OK;
}
