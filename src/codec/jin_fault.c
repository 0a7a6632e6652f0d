/* Why a text is not JSON: a strict walk that reports the first fault as Python's json module does. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: runs only for texts that were refused, so it is plain rather than fast. It reads the text as the
 * client sent it, hence no position ever has to be mapped back from a mended copy.
 */
#include "jin_fault.h"

#include "jin_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void jin_fault_set(struct jin_fault *fault, struct slice text, size_t position, const char *format, ...)
{
    if (!fault)
        return;
    struct slice before = slice_head(text, position);
    *fault = (struct jin_fault){.line = 1, .column = before.n + 1, .position = before.n};
    for (size_t i = 0; i < before.n; i++) {
        if (before.p[i] == '\n') {
            fault->line++;
            fault->column = before.n - i;
        }
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->what, sizeof(fault->what), format, arguments);
    va_end(arguments);
}

enum state { VALUE_EXPECTED, KEY_EXPECTED, VALUE_READ, ALL_READ, FAULT_FOUND };

struct reader {
    struct slice text;
    const char *at, *end;
    bool repair;
    struct jin_fault *fault;
    size_t depth;
    bool in_object[JIN_DEPTH_CEILING];
};

/* The byte at AT, or 0 at the end (a NUL is nowhere welcome either). */
static char peek(const struct reader *r)
{
    return r->at < r->end ? *r->at : '\0';
}

static enum state fail(struct reader *r, const char *at, const char *what)
{
    jin_fault_set(r->fault, r->text, (size_t)(at - r->text.p), "%s", what);
    return FAULT_FOUND;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

static bool skip_word(struct reader *r, const char *word)
{
    if (!slice_starts(slice_of(r->at, (size_t)(r->end - r->at)), slice_from(word)))
        return false;
    r->at += strlen(word);
    return true;
}

/* AT is at the opening quote. NEXT is the state behind the string. */
static enum state read_string(struct reader *r, enum state next)
{
    const char *quote = r->at++;
    while (r->at < r->end) {
        unsigned char c = (unsigned char)*r->at;
        if (c == '"') {
            r->at++;
            return next;
        }
        if (c < 0x20 && !r->repair)
            return fail(r, r->at, "Invalid control character at");
        if (c != '\\') {
            r->at++;
            continue;
        }
        struct jin_escape escape = jin_escape_read(r->at, r->end);
        if (escape.length == 1)
            break;
        if (escape.length == 2 && r->at[1] == 'u')
            return fail(r, r->at + 1, "Invalid \\uXXXX escape");
        if (escape.length == 2 && !memchr("\"\\/bfnrt", r->at[1], 8))
            return fail(r, r->at, "Invalid \\escape");
        r->at += escape.length;
        if (escape.length > 2 && r->at == r->end)
            return fail(r, r->at - 5, "Invalid \\uXXXX escape"); /* so Python has it */
    }
    return fail(r, quote, "Unterminated string starting at");
}

static enum state read_scalar(struct reader *r)
{
    const char *start = r->at;
    if (skip_word(r, "null") || skip_word(r, "true") || skip_word(r, "false"))
        return VALUE_READ;
    if (skip_word(r, "NaN") || skip_word(r, "Infinity") || skip_word(r, "-Infinity"))
        return fail(r, start, "Out of range float values are not JSON compliant");
    char c = peek(r);
    size_t length = c == '-' || (c >= '0' && c <= '9') ? jin_number_length(start, r->end) : 0;
    if (length == 0)
        return fail(r, start, "Expecting value");
    r->at += length;
    return VALUE_READ;
}

static enum state open_container(struct reader *r, bool object)
{
    if (r->depth == JIN_DEPTH_CEILING)
        return fail(r, r->at, "Nesting is too deep");
    r->at++;
    skip_blanks(r);
    if (peek(r) == (object ? '}' : ']')) {
        r->at++;
        return VALUE_READ;
    }
    r->in_object[r->depth++] = object;
    return object ? KEY_EXPECTED : VALUE_EXPECTED;
}

static enum state read_value(struct reader *r)
{
    switch (peek(r)) {
    case '{': return open_container(r, true);
    case '[': return open_container(r, false);
    case '"': return read_string(r, VALUE_READ);
    default: return read_scalar(r);
    }
}

static enum state read_key(struct reader *r)
{
    if (peek(r) != '"')
        return fail(r, r->at, "Expecting property name enclosed in double quotes");
    enum state next = read_string(r, VALUE_EXPECTED);
    if (next == FAULT_FOUND)
        return next;
    skip_blanks(r);
    if (peek(r) != ':')
        return fail(r, r->at, "Expecting ':' delimiter");
    r->at++;
    skip_blanks(r);
    return next;
}

static enum state read_what_follows(struct reader *r)
{
    skip_blanks(r);
    if (r->depth == 0)
        return r->at == r->end ? ALL_READ : fail(r, r->at, "Extra data");
    bool object = r->in_object[r->depth - 1];
    if (peek(r) == (object ? '}' : ']')) {
        r->at++;
        r->depth--;
        return VALUE_READ;
    }
    if (peek(r) != ',')
        return fail(r, r->at, "Expecting ',' delimiter");
    r->at++;
    skip_blanks(r);
    return object ? KEY_EXPECTED : VALUE_EXPECTED;
}

/* Python decodes the bytes before it reads them as JSON, so this fault comes first. */
static bool find_bad_utf8(struct slice text, struct jin_fault *fault)
{
    if (slice_is_utf8(text))
        return false;
    struct slice rest = text;
    while (rest.n > 0) {
        struct slice before = rest;
        unsigned c = slice_next_code_point(&rest);
        if ((c == 0xFFFD && before.n - rest.n == 1) || (c >= 0xD800 && c <= 0xDFFF)) {
            jin_fault_set(fault, text, text.n - before.n, "'utf-8' codec can't decode byte 0x%02x",
                          (unsigned char)before.p[0]);
            return true;
        }
    }
    return false;
}

bool jin_fault_find(struct slice text, bool repair_newlines, struct jin_fault *fault)
{
    if (find_bad_utf8(text, fault))
        return true;
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) {
        jin_fault_set(fault, text, 0, "Unexpected UTF-8 BOM (decode using utf-8-sig)");
        return true;
    }
    struct reader r = {
        .text = text, .at = text.p, .end = text.p + text.n, .repair = repair_newlines, .fault = fault};
    skip_blanks(&r);
    for (enum state state = VALUE_EXPECTED;;) {
        switch (state) {
        case VALUE_EXPECTED: state = read_value(&r); break;
        case KEY_EXPECTED: state = read_key(&r); break;
        case VALUE_READ: state = read_what_follows(&r); break;
        case ALL_READ: return false;
        case FAULT_FOUND: return true;
        }
    }
}
