/* multipart/form-data (RFC 7578, RFC 2046) into names and values. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: memmem finds the delimiters, each byte is looked at a fixed number of times whatever the body
 * holds. Strict where a lead could be lost or cut off (no boundary, no end, no name), lenient about the rest.
 */
#include "header_params.h"
#include "inlet/codec/body.h"
#include "percent.h"

#include <string.h>

/* RFC 2046 allows 70; Django takes up to 201. */
#define BOUNDARY_MAX 200

#define NO_BOUNDARY  "Invalid boundary in multipart"
#define NO_START     "The multipart body does not begin with its boundary"
#define NO_END       "The multipart body ends before its final boundary"
#define NO_NAME      "A part of the multipart body has no name"
#define TOO_MANY     "The multipart body has too many parts"

struct body {
    struct arena *arena;
    struct slice rest;      /* behind the last delimiter */
    struct slice delimiter; /* "--" and the boundary */
    bool closed;            /* the final delimiter was read */
};

/* Printable ASCII without a blank at its end. */
static bool is_boundary(struct slice boundary)
{
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX || boundary.p[boundary.n - 1] == ' ')
        return false;
    for (size_t i = 0; i < boundary.n; i++) {
        if (boundary.p[i] < ' ' || boundary.p[i] > '~')
            return false;
    }
    return true;
}

/* Length of the line end at the start of TEXT: 2, 1, or 0 for none. */
static size_t line_end(struct slice text)
{
    return slice_starts(text, SLICE("\r\n")) ? 2 : slice_starts(text, SLICE("\n")) ? 1 : 0;
}

/* What the line of a delimiter goes on with: blanks and its end, after "--" if it is the final one. */
static bool delimiter_ends(struct slice *after, bool *ret_closed)
{
    struct slice text = *after;
    bool closed = slice_starts(text, SLICE("--"));
    if (closed)
        text = slice_skip(text, 2);
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = slice_skip(text, 1);
    size_t end = line_end(text);
    if (end == 0 && (text.n > 0 || !closed))
        return false;
    *after = slice_skip(text, end);
    *ret_closed = closed;
    return true;
}

/* Without the line end that belongs to the delimiter behind it. */
static struct slice drop_line_end(struct slice text)
{
    if (text.n > 0 && text.p[text.n - 1] == '\n')
        text.n--;
    if (text.n > 0 && text.p[text.n - 1] == '\r')
        text.n--;
    return text;
}

/* Moves BODY behind the next delimiter; *RET_BEFORE is what stands before it. ERR_NOT_FOUND. */
NODISCARD static enum err next_delimiter(struct body *body, struct slice *ret_before)
{
    const char *start = body->rest.p;
    const char *end = start + body->rest.n;
    for (const char *from = start; from < end;) {
        const char *at = memmem(from, (size_t)(end - from), body->delimiter.p, body->delimiter.n);
        if (!at)
            break;
        from = at + body->delimiter.n;
        /* Behind a delimiter stands a line end, so the next one may follow at once. */
        bool begins_line = at == start || at[-1] == '\n';
        struct slice after = slice_of(from, (size_t)(end - from));
        if (begins_line && delimiter_ends(&after, &body->closed)) {
            *ret_before = drop_line_end(slice_of(start, (size_t)(at - start)));
            body->rest = after;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* Undoes what browsers do to a quote or a line end in a name: %22, %0D, %0A, and nothing else ('%' itself
 * stays bare). */
static struct slice unescape_name(char *text, size_t length)
{
    char *to = text;
    for (struct slice rest = slice_of(text, length); rest.n > 0;) {
        int byte = percent_byte(rest);
        bool escape = byte == '"' || byte == '\r' || byte == '\n';
        *to++ = escape ? (char)byte : rest.p[0];
        rest = slice_skip(rest, escape ? 3 : 1);
    }
    return slice_of(text, (size_t)(to - text));
}

/* UTF-8'language'%e2%82%ac (RFC 8187). */
static struct slice extended_text(struct slice value)
{
    struct slice rest;
    slice_cut(value, '\'', &rest);
    if (!slice_is_null(rest))
        slice_cut(rest, '\'', &rest);
    return slice_is_null(rest) ? value : rest;
}

/* The name in a Content-Disposition header; null when there is none. */
NODISCARD static enum err read_name(struct arena *arena, struct slice header, struct slice *ret_name)
{
    struct slice name = SLICE_NULL;
    struct slice extended = SLICE_NULL;
    header_params_word(&header);
    for (;;) {
        struct header_param param;
        enum err error = header_params_next(arena, &header, &param);
        if (error == ERR_NOT_FOUND)
            break;
        TRY(error);
        if (slice_equal_nocase(param.name, SLICE("name")))
            name = param.value;
        else if (slice_equal_nocase(param.name, SLICE("name*")))
            extended = param.value;
    }
    if (!slice_is_null(extended))
        return percent_decode(arena, extended_text(extended), false, ret_name);
    if (!slice_is_null(name)) {
        char *copy = arena_alloc(arena, name.n + 1);
        if (!copy)
            return ERR_MEMORY;
        memcpy(copy, name.p, name.n);
        return utf8_repair(arena, unescape_name(copy, name.n), ret_name);
    }
    *ret_name = SLICE_NULL;
    return ERR_OK;
}

/* Takes one header off *PART, with the lines that continue it; empty at the blank line, also taken. */
static struct slice next_header(struct slice *part)
{
    size_t length = 0;
    struct slice rest = *part;
    while (rest.n > 0) {
        size_t line = slice_find(rest, '\n');
        struct slice text = drop_line_end(slice_head(rest, line + 1));
        rest = slice_skip(rest, line + 1);
        length = (size_t)(text.p - part->p) + text.n;
        if (length == 0 || rest.n == 0 || (rest.p[0] != ' ' && rest.p[0] != '\t'))
            break;
    }
    struct slice header = slice_head(*part, length);
    *part = rest;
    return header;
}

NODISCARD static enum err read_part(struct arena *arena, struct slice part, struct url_pair *ret_pair)
{
    struct url_pair pair = {.name = SLICE_NULL};
    for (;;) {
        struct slice value;
        struct slice header = next_header(&part);
        if (header.n == 0)
            break;
        struct slice name = slice_cut(header, ':', &value);
        if (slice_equal_nocase(slice_trim(name), SLICE("content-disposition")) && slice_is_null(pair.name))
            TRY(read_name(arena, value, &pair.name));
    }
    if (slice_is_null(pair.name))
        return ERR_INVALID;
    struct slice copy;
    TRY(arena_copy(arena, part, &copy));
    TRY(utf8_repair(arena, copy, &pair.value));
    *ret_pair = pair;
    return ERR_OK;
}

static enum err refuse(enum err error, const char *what, const char **ret_what)
{
    *ret_what = what;
    return error;
}

/* BODY stands behind its first delimiter. */
NODISCARD static enum err read_parts(struct body *body, struct url_pairs *ret_pairs, const char **ret_what)
{
    struct url_pairs found = {.count = 0};
    size_t capacity = 0;
    while (!body->closed) {
        struct slice part;
        if (next_delimiter(body, &part) != ERR_OK)
            return refuse(ERR_INVALID, NO_END, ret_what);
        if (found.count == URL_PAIRS_MAX)
            return refuse(ERR_LIMIT, TOO_MANY, ret_what);
        if (found.count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            struct url_pair *pairs = ARENA_ARRAY(body->arena, struct url_pair, capacity);
            if (!pairs)
                return ERR_MEMORY;
            if (found.count > 0)
                memcpy(pairs, found.pairs, found.count * sizeof(*pairs));
            found.pairs = pairs;
        }
        enum err error = read_part(body->arena, part, &found.pairs[found.count]);
        if (error == ERR_INVALID)
            return refuse(error, NO_NAME, ret_what);
        TRY(error);
        found.count++;
    }
    *ret_pairs = found;
    return ERR_OK;
}

enum err multipart_decode(struct arena *arena, struct slice body, struct slice boundary,
                          struct url_pairs *ret_pairs, const char **ret_what)
{
    if (!is_boundary(boundary))
        return refuse(ERR_INVALID, NO_BOUNDARY, ret_what);
    if (body.n == 0) {
        *ret_pairs = (struct url_pairs){.count = 0};
        return ERR_OK;
    }
    char delimiter[BOUNDARY_MAX + 2] = "--";
    memcpy(delimiter + 2, boundary.p, boundary.n);
    struct body state = {.arena = arena, .rest = body, .delimiter = slice_of(delimiter, boundary.n + 2)};
    struct slice preamble;
    if (next_delimiter(&state, &preamble) != ERR_OK)
        return refuse(ERR_INVALID, NO_START, ret_what);
    return read_parts(&state, ret_pairs, ret_what);
}
