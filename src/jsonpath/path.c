/* Compiles and runs singular JSONPath queries. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/jsonpath/path.h"

#include "inlet/base/number.h"

#include <stdbool.h>

struct segment {
    struct slice name; /* null: an index */
    int64_t index;
};

struct path {
    struct segment *segments;
    size_t count;
};

/* A query being read. */
struct reader {
    struct arena *arena;
    struct slice query;
    size_t at;
    const char *what; /* why it failed */
};

/* The largest index I-JSON allows (RFC 9535 section 2.1). */
#define INDEX_MAX INT64_C(9007199254740991)

/* Of wildcards, filters, slices, unions and descendants. */
#define NOT_SINGULAR "only one name or index can stand here: the path must select at most one value"

static enum err fail(struct reader *reader, const char *what)
{
    reader->what = what;
    return ERR_INVALID;
}

static int peek(const struct reader *reader)
{
    return reader->at < reader->query.n ? (unsigned char)reader->query.p[reader->at] : -1;
}

static void skip_blanks(struct reader *reader)
{
    int c;
    while ((c = peek(reader)) == ' ' || c == '\t' || c == '\n' || c == '\r')
        reader->at++;
}

static bool is_name_first(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/* .name */
static enum err read_shorthand(struct reader *reader, struct segment *ret)
{
    size_t from = ++reader->at;
    int c = peek(reader);
    if (c == '.' || c == '*')
        return fail(reader, NOT_SINGULAR);
    if (!is_name_first(c))
        return fail(reader, "a member name must follow the dot");
    while (is_name_first(c = peek(reader)) || (c >= '0' && c <= '9'))
        reader->at++;
    ret->name = slice_of(reader->query.p + from, reader->at - from);
    return ERR_OK;
}

static enum err read_hex4(struct reader *reader, unsigned *ret)
{
    unsigned number = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(reader);
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return fail(reader, "\\u must be followed by four hex digits");
        number = number << 4 | (unsigned)digit;
        reader->at++;
    }
    *ret = number;
    return ERR_OK;
}

static size_t put_utf8(char *out, unsigned c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* What follows a backslash, as bytes. */
static enum err read_escape(struct reader *reader, int quote, char *out, size_t *ret_length)
{
    static const char from[] = "bfnrt/\\", to[] = "\b\f\n\r\t/\\";
    int c = peek(reader);
    if (c < 0)
        return fail(reader, "the string does not end");
    reader->at++;
    *ret_length = 1;
    const char *found = c != 0 ? strchr(from, c) : NULL;
    if (found || c == quote) {
        out[0] = found ? to[found - from] : (char)c;
        return ERR_OK;
    }
    if (c != 'u') {
        reader->at--;
        return fail(reader, "unknown escape in a string");
    }
    unsigned high, low;
    TRY(read_hex4(reader, &high));
    if (high >= 0xDC00 && high <= 0xDFFF)
        return fail(reader, "a lone low surrogate");
    if (high >= 0xD800 && high <= 0xDBFF) {
        if (peek(reader) != '\\' || (reader->at++, peek(reader)) != 'u')
            return fail(reader, "a lone high surrogate");
        reader->at++;
        TRY(read_hex4(reader, &low));
        if (low < 0xDC00 || low > 0xDFFF)
            return fail(reader, "a lone high surrogate");
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    *ret_length = put_utf8(out, high);
    return ERR_OK;
}

/* 'name' or "name" */
static enum err read_string(struct reader *reader, struct slice *ret)
{
    int quote = peek(reader), c;
    char *text = arena_alloc(reader->arena, reader->query.n - reader->at + 1);
    size_t length = 0, escaped;
    if (!text)
        return ERR_MEMORY;
    reader->at++;
    while ((c = peek(reader)) != quote) {
        if (c < 0)
            return fail(reader, "the string does not end");
        if (c < 0x20)
            return fail(reader, "a control character in a string");
        reader->at++;
        if (c == '\\') {
            TRY(read_escape(reader, quote, text + length, &escaped));
            length += escaped;
        } else {
            text[length++] = (char)c;
        }
    }
    reader->at++;
    *ret = slice_of(text, length);
    return ERR_OK;
}

static enum err read_index(struct reader *reader, int64_t *ret)
{
    size_t from = reader->at;
    reader->at += peek(reader) == '-';
    size_t digits = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9')
        reader->at++;
    struct slice text = slice_of(reader->query.p + from, reader->at - from);
    bool leading_zero = reader->query.n > digits && reader->query.p[digits] == '0' && text.n > 1;
    if (!leading_zero && number_parse_int64(text, ret) == ERR_OK && *ret <= INDEX_MAX && *ret >= -INDEX_MAX)
        return ERR_OK;
    reader->at = from;
    return fail(reader, "not an index");
}

/* ['name'] or [0] */
static enum err read_bracket(struct reader *reader, struct segment *ret)
{
    reader->at++;
    skip_blanks(reader);
    int c = peek(reader);
    if (c == '\'' || c == '"')
        TRY(read_string(reader, &ret->name));
    else if (c == '-' || (c >= '0' && c <= '9'))
        TRY(read_index(reader, &ret->index));
    else if (c == '*' || c == '?' || c == ':')
        return fail(reader, NOT_SINGULAR);
    else
        return fail(reader, "a quoted name or an index must stand in the brackets");
    skip_blanks(reader);
    c = peek(reader);
    if (c == ',' || c == ':')
        return fail(reader, NOT_SINGULAR);
    if (c != ']')
        return fail(reader, "']' is missing");
    reader->at++;
    return ERR_OK;
}

static enum err read_path(struct reader *reader, struct path *path)
{
    if (reader->query.n > PATH_LENGTH_MAX)
        return fail(reader, "the path is too long");
    if (!slice_is_utf8(reader->query))
        return fail(reader, "the path is not UTF-8");
    if (peek(reader) != '$' && peek(reader) != '@')
        return fail(reader, "a path begins with '$' or '@'");
    reader->at++;
    for (;;) {
        size_t before_blanks = reader->at;
        skip_blanks(reader);
        int c = peek(reader);
        struct segment segment = {.name = SLICE_NULL};
        if (c < 0 && before_blanks == reader->at)
            return ERR_OK;
        if (path->count == PATH_SEGMENTS_MAX)
            return fail(reader, "the path has too many parts");
        if (c == '.')
            TRY(read_shorthand(reader, &segment));
        else if (c == '[')
            TRY(read_bracket(reader, &segment));
        else
            return fail(reader, c < 0 ? "blanks at the end" : "'.' or '[' is expected");
        path->segments[path->count++] = segment;
    }
}

enum err path_compile(struct arena *arena, struct slice query, const struct path **ret_path,
                      struct path_fault *ret_fault)
{
    struct reader reader = {.arena = arena, .query = query};
    struct path *path = ARENA_NEW(arena, struct path);
    struct segment *segments = ARENA_ARRAY(arena, struct segment, PATH_SEGMENTS_MAX);
    if (!path || !segments)
        return ERR_MEMORY;
    path->segments = segments;
    enum err error = read_path(&reader, path);
    if (error == ERR_OK)
        *ret_path = path;
    else if (error == ERR_INVALID)
        *ret_fault = (struct path_fault){.column = reader.at + 1, .what = reader.what};
    return error;
}

const struct value *path_find(const struct path *path, const struct value *root)
{
    for (size_t i = 0; i < path->count && root; i++) {
        const struct segment *segment = &path->segments[i];
        if (!slice_is_null(segment->name)) {
            root = value_get(root, segment->name);
            continue;
        }
        if (root->kind != VALUE_ARRAY)
            return NULL;
        int64_t count = (int64_t)root->array.count;
        int64_t index = segment->index < 0 ? segment->index + count : segment->index;
        root = index >= 0 && index < count ? &root->array.items[index] : NULL;
    }
    return root;
}
