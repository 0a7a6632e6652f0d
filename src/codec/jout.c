/* JSON text out: a streaming writer into a capped buffer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/jout.h"

#include "inlet/base/number.h"

#include <math.h>
#include <string.h>

/* Deeper than anything a decoder lets in, with room for what we wrap around it. */
#define DEPTH_MAX 256

/* Bytes that may not stand in a string as they are; for E2 and ED what follows decides. */
__extension__ static const bool specials[256] = {
    [0 ... 0x1F] = true, ['"'] = true, ['\\'] = true, [0xE2] = true, [0xED] = true};

void jout_init(struct jout *jout, struct buffer *buffer)
{
    *jout = (struct jout){.buffer = buffer};
}

/* An element of the array, or a key, begins; TEXT is its first bytes. */
static void begin(struct jout *jout, const char *text, size_t length)
{
    struct buffer *buffer = jout->buffer;
    if (buffer_reserve(buffer, length + 1) != ERR_OK)
        return;
    char *to = buffer->data + buffer->length;
    if (jout->comma)
        *to++ = ',';
    memcpy(to, text, length);
    buffer->length = (size_t)(to - buffer->data) + length;
    jout->comma = true;
}

void jout_object_begin(struct jout *jout)
{
    begin(jout, "{", 1);
    jout->comma = false;
}

void jout_object_end(struct jout *jout)
{
    buffer_append_byte(jout->buffer, '}');
    jout->comma = true;
}

void jout_array_begin(struct jout *jout)
{
    begin(jout, "[", 1);
    jout->comma = false;
}

void jout_array_end(struct jout *jout)
{
    buffer_append_byte(jout->buffer, ']');
    jout->comma = true;
}

/* ---- strings ---- */

/* The short escapes, as Python's json writes them. */
static const char short_escapes[256] = {
    ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\b'] = 'b', ['\f'] = 'f', ['"'] = '"', ['\\'] = '\\'};

/* Whether the code point at the start of TEXT, which begins with E2 or ED, is to be escaped: U+2028, U+2029,
 * surrogates. */
static bool wide_escape(struct slice text, unsigned *ret_unit)
{
    if (text.n < 3)
        return false;
    const unsigned char *b = (const unsigned char *)text.p;
    *ret_unit = (b[0] & 0xFu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
    return b[0] == 0xE2 ? b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9) : b[1] >= 0xA0 && b[1] <= 0xBF;
}

/* Writes the special byte at the start of TEXT; returns how many bytes it took. */
static size_t write_special(struct buffer *buffer, struct slice text)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char c = (unsigned char)text.p[0];
    unsigned unit = c;
    size_t taken = 1;
    if (c >= 0x80) {
        if (!wide_escape(text, &unit)) {
            buffer_append_byte(buffer, text.p[0]);
            return 1;
        }
        taken = 3;
    } else if (short_escapes[c]) {
        buffer_append(buffer, slice_of((const char[]){'\\', short_escapes[c]}, 2));
        return 1;
    }
    const char escape[] = {'\\',          'u', hex[unit >> 12], hex[unit >> 8 & 15], hex[unit >> 4 & 15],
                           hex[unit & 15]};
    buffer_append(buffer, slice_of(escape, sizeof(escape)));
    return taken;
}

static size_t plain_run(struct slice text)
{
    size_t i = 0;
    while (i < text.n && !specials[(unsigned char)text.p[i]])
        i++;
    return i;
}

/* From the first special byte on: runs of plain bytes are copied whole. */
static void write_escaped(struct buffer *buffer, struct slice text)
{
    while (text.n > 0 && buffer_error(buffer) == ERR_OK) {
        size_t run = plain_run(text);
        buffer_append(buffer, slice_head(text, run));
        text = slice_skip(text, run);
        if (text.n > 0)
            text = slice_skip(text, write_special(buffer, text));
    }
}

/* An element that is a string, or a key with its colon. */
static void write_string(struct jout *jout, struct slice text, bool key)
{
    struct buffer *buffer = jout->buffer;
    size_t run = plain_run(text);
    if (buffer_reserve(buffer, run + 4) != ERR_OK) /* comma, quotes, colon */
        return;
    char *to = buffer->data + buffer->length;
    if (jout->comma)
        *to++ = ',';
    *to++ = '"';
    if (run > 0)
        memcpy(to, text.p, run);
    to += run;
    if (run < text.n) {
        buffer->length = (size_t)(to - buffer->data);
        write_escaped(buffer, slice_skip(text, run));
        buffer_append(buffer, slice_of("\":", key ? 2 : 1));
    } else {
        *to++ = '"';
        if (key)
            *to++ = ':';
        buffer->length = (size_t)(to - buffer->data);
    }
    jout->comma = !key;
}

void jout_key(struct jout *jout, struct slice key)
{
    write_string(jout, key, true);
}

void jout_string(struct jout *jout, struct slice text)
{
    if (slice_is_null(text))
        jout_null(jout);
    else
        write_string(jout, text, false);
}

/* ---- the other scalars ---- */

void jout_null(struct jout *jout)
{
    begin(jout, "null", 4);
}

void jout_boolean(struct jout *jout, bool value)
{
    begin(jout, value ? "true" : "false", value ? 4 : 5);
}

void jout_integer(struct jout *jout, int64_t value)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_format_int64(value, text);
    begin(jout, text, length);
}

void jout_real(struct jout *jout, double value)
{
    if (!isfinite(value)) {
        jout_null(jout);
        return;
    }
    char text[NUMBER_TEXT_MAX];
    size_t length = number_format_real(value, text);
    begin(jout, text, length);
}

void jout_raw(struct jout *jout, struct slice json)
{
    if (slice_is_null(json))
        jout_null(jout);
    else
        begin(jout, json.p, json.n);
}

/* ---- trees ---- */

/* What an unsigned 64-bit number holds is a number still; beyond that readers lose digits, so it is a string. */
static void write_big_integer(struct jout *jout, struct slice digits)
{
    struct slice most = SLICE("18446744073709551615");
    bool fits = digits.n < most.n || (digits.n == most.n && memcmp(digits.p, most.p, most.n) <= 0);
    if (fits && digits.n > 0 && digits.p[0] != '-')
        jout_raw(jout, digits);
    else
        write_string(jout, digits, false);
}

static void write_value(struct jout *jout, const struct value *value, size_t depth);

static void write_array(struct jout *jout, const struct value *value, size_t depth)
{
    jout_array_begin(jout);
    for (size_t i = 0; i < value->array.count; i++)
        write_value(jout, &value->array.items[i], depth);
    jout_array_end(jout);
}

static void write_object(struct jout *jout, const struct value *value, size_t depth)
{
    jout_object_begin(jout);
    VALUE_FOREACH (member, value) {
        jout_key(jout, member->key);
        write_value(jout, &member->value, depth);
    }
    jout_object_end(jout);
}

static void write_value(struct jout *jout, const struct value *value, size_t depth)
{
    if (depth == 0) {
        if (jout->buffer->error == ERR_OK)
            jout->buffer->error = ERR_LIMIT;
        return;
    }
    switch (value->kind) {
    case VALUE_NULL: jout_null(jout); break;
    case VALUE_FALSE: jout_boolean(jout, false); break;
    case VALUE_TRUE: jout_boolean(jout, true); break;
    case VALUE_INTEGER: jout_integer(jout, value->integer); break;
    case VALUE_REAL: jout_real(jout, value->real); break;
    case VALUE_BIG_INTEGER: write_big_integer(jout, value->text); break;
    case VALUE_STRING: write_string(jout, value->text, false); break;
    case VALUE_ARRAY: write_array(jout, value, depth - 1); break;
    case VALUE_OBJECT: write_object(jout, value, depth - 1); break;
    }
}

void jout_value(struct jout *jout, const struct value *value)
{
    if (value)
        write_value(jout, value, DEPTH_MAX);
    else
        jout_null(jout);
}

/* ---- members ---- */

void jout_member_string(struct jout *jout, const char *key, struct slice text)
{
    jout_key(jout, slice_from(key));
    jout_string(jout, text);
}

void jout_member_integer(struct jout *jout, const char *key, int64_t value)
{
    jout_key(jout, slice_from(key));
    jout_integer(jout, value);
}

void jout_member_boolean(struct jout *jout, const char *key, bool value)
{
    jout_key(jout, slice_from(key));
    jout_boolean(jout, value);
}

void jout_member_null(struct jout *jout, const char *key)
{
    jout_key(jout, slice_from(key));
    jout_null(jout);
}
