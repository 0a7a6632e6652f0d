/* Values as Python prints and reads them, for the messages and coercions that show it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"
#include "inlet/base/unicode.h"
#include "inlet/schema/field.h"

/* Deeper than any decoded payload; only a guard. */
#define DEPTH_MAX 128

static enum err print(struct buffer *buffer, const struct value *value, unsigned depth);

/* Python's repr() of a string: single quotes unless only those occur inside; what is not printable escaped. */
static enum err print_quoted(struct buffer *buffer, struct slice text)
{
    char quote = slice_find(text, '\'') < text.n && slice_find(text, '"') == text.n ? '"' : '\'';
    buffer_append_byte(buffer, quote);
    while (text.n > 0) {
        struct slice from = text;
        unsigned c = slice_next_code_point(&text);
        if (c == (unsigned char)quote || c == '\\')
            buffer_print(buffer, "\\%c", (int)c);
        else if (c == '\n')
            buffer_append_text(buffer, "\\n");
        else if (c == '\r')
            buffer_append_text(buffer, "\\r");
        else if (c == '\t')
            buffer_append_text(buffer, "\\t");
        else if (unicode_is_printable(c))
            buffer_append(buffer, slice_head(from, from.n - text.n));
        else
            buffer_print(buffer, c > 0xFFFF ? "\\U%08x" : c > 0xFF ? "\\u%04x" : "\\x%02x", c);
    }
    return buffer_append_byte(buffer, quote);
}

static enum err print_array(struct buffer *buffer, const struct value *value, unsigned depth)
{
    buffer_append_byte(buffer, '[');
    for (size_t i = 0; i < value->array.count; i++) {
        buffer_append_text(buffer, i ? ", " : "");
        TRY(print(buffer, &value->array.items[i], depth));
    }
    return buffer_append_byte(buffer, ']');
}

static enum err print_object(struct buffer *buffer, const struct value *value, unsigned depth)
{
    const char *separator = "";
    buffer_append_byte(buffer, '{');
    VALUE_FOREACH (member, value) {
        buffer_append_text(buffer, separator);
        print_quoted(buffer, member->key);
        buffer_append_text(buffer, ": ");
        TRY(print(buffer, &member->value, depth));
        separator = ", ";
    }
    return buffer_append_byte(buffer, '}');
}

static enum err print(struct buffer *buffer, const struct value *value, unsigned depth)
{
    char number[NUMBER_TEXT_MAX];
    if (depth == 0)
        return ERR_LIMIT;
    switch (value->kind) {
    case VALUE_NULL: return buffer_append_text(buffer, "None");
    case VALUE_FALSE: return buffer_append_text(buffer, "False");
    case VALUE_TRUE: return buffer_append_text(buffer, "True");
    case VALUE_INTEGER:
        return buffer_append(buffer, slice_of(number, number_format_int64(value->integer, number)));
    case VALUE_REAL: return buffer_append(buffer, slice_of(number, number_format_real(value->real, number)));
    case VALUE_BIG_INTEGER: return buffer_append(buffer, value->text);
    case VALUE_STRING: return print_quoted(buffer, value->text);
    case VALUE_ARRAY: return print_array(buffer, value, depth - 1);
    case VALUE_OBJECT: return print_object(buffer, value, depth - 1);
    }
    return ERR_INTERNAL;
}

enum err python_text(struct buffer *buffer, const struct value *value)
{
    if (value->kind == VALUE_STRING)
        return buffer_append(buffer, value->text);
    return print(buffer, value, DEPTH_MAX);
}

enum err python_int(struct slice text, int64_t *ret_number)
{
    char digits[64];
    size_t count = 0;
    bool after_digit = false, over = false;
    text = slice_trim_unicode(text);
    bool negative = text.n > 0 && text.p[0] == '-';
    if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '+'))
        text = slice_skip(text, 1);
    while (text.n > 0) {
        unsigned c = slice_next_code_point(&text);
        if (c == '_' && after_digit && text.n > 0) {
            after_digit = false;
            continue;
        }
        int digit = unicode_digit(c);
        if (digit < 0)
            return ERR_INVALID;
        after_digit = true;
        if (count == 0 && digit == 0)
            continue; /* leading zeros are fine in int() and must not fill the buffer */
        if (count < sizeof(digits) - 2)
            digits[++count] = (char)('0' + digit);
        else
            over = true;
    }
    if (!after_digit)
        return ERR_INVALID;
    if (over)
        return ERR_LIMIT;
    if (count == 0)
        digits[++count] = '0';
    digits[0] = '-';
    return number_parse_int64(negative ? slice_of(digits, count + 1) : slice_of(digits + 1, count),
                              ret_number);
}
