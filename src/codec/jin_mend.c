/* JSON that jansson does not take, in a spelling that it does. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "jin_mend.h"

#include "jin_scan.h"

#include <string.h>

#define MARK_LENGTH (sizeof(JIN_MARK) - 1)

struct mender {
    const char *at, *end;
    const char *copied; /* up to here COPY has it */
    bool repair;
    struct buffer *copy;
};

/* Copies what stands before AT, and skips LENGTH bytes there, for which the caller writes something else. */
NODISCARD static enum err replace(struct mender *m, size_t length)
{
    TRY(buffer_append(m->copy, slice_of(m->copied, (size_t)(m->at - m->copied))));
    m->at += length;
    m->copied = m->at;
    return ERR_OK;
}

NODISCARD static enum err mend_escape(struct mender *m)
{
    struct jin_escape escape = jin_escape_read(m->at, m->end);
    if (escape.unit == JIN_MARK_UNIT) {
        TRY(replace(m, escape.length));
        return buffer_append_text(m->copy, JIN_MARK JIN_MARK);
    }
    if (jin_escape_is_odd(escape)) {
        TRY(replace(m, escape.length));
        return buffer_print(m->copy, JIN_MARK "%04x", escape.unit);
    }
    m->at += escape.length;
    return ERR_OK;
}

/* AT is behind the opening quote; leaves it behind the closing one, or at the end. */
NODISCARD static enum err mend_string(struct mender *m)
{
    while (m->at < m->end) {
        unsigned char c = (unsigned char)*m->at;
        if (c == '"') {
            m->at++;
            break;
        }
        if (c == '\\') {
            TRY(mend_escape(m));
        } else if (c < 0x20 && m->repair) {
            TRY(replace(m, 1));
            TRY(c == 0 ? buffer_append_text(m->copy, JIN_MARK "0000") : buffer_print(m->copy, "\\u%04x", c));
        } else if (slice_starts(slice_of(m->at, (size_t)(m->end - m->at)), SLICE(JIN_MARK))) {
            TRY(replace(m, MARK_LENGTH));
            TRY(buffer_append_text(m->copy, JIN_MARK JIN_MARK));
        } else {
            m->at++;
        }
    }
    return ERR_OK;
}

/* AT is at a digit or '-'. */
NODISCARD static enum err mend_number(struct mender *m)
{
    struct slice number = slice_of(m->at, jin_number_length(m->at, m->end));
    if (number.n == 0) {
        m->at++;
        return ERR_OK;
    }
    enum jin_number_size size;
    TRY(jin_number_measure(number, &size));
    if (size == JIN_NUMBER_PLAIN) {
        m->at += number.n;
        return ERR_OK;
    }
    TRY(replace(m, number.n));
    TRY(buffer_append_text(m->copy, size == JIN_NUMBER_BIG_REAL ? "[\"" JIN_MARK "r" : "[\"" JIN_MARK "i"));
    TRY(buffer_append(m->copy, number));
    return buffer_append_text(m->copy, "\"]");
}

enum err jin_mend(struct slice text, bool repair_newlines, struct buffer *copy)
{
    struct mender m = {
        .at = text.p, .end = text.p + text.n, .copied = text.p, .repair = repair_newlines, .copy = copy};
    while (m.at < m.end) {
        char c = *m.at;
        if (c == '"') {
            m.at++;
            TRY(mend_string(&m));
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            TRY(mend_number(&m));
        } else {
            m.at++;
        }
    }
    return replace(&m, 0);
}

/* The code unit of the four lower-case hex digits that mend_escape wrote. */
static unsigned read_hex(const char *digits)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | (unsigned)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
    return unit;
}

size_t jin_unmend(struct slice text, char *out)
{
    char *to = out;
    while (text.n > 0) {
        const char *mark = memmem(text.p, text.n, JIN_MARK, MARK_LENGTH);
        size_t plain = mark ? (size_t)(mark - text.p) : text.n;
        memcpy(to, text.p, plain);
        to += plain;
        text = slice_skip(text, plain + MARK_LENGTH);
        if (slice_starts(text, SLICE(JIN_MARK))) {
            memcpy(to, JIN_MARK, MARK_LENGTH);
            to += MARK_LENGTH;
            text = slice_skip(text, MARK_LENGTH);
        } else if (text.n >= 4) {
            unsigned unit = read_hex(text.p);
            text = slice_skip(text, 4);
            if (unit == 0) {
                *to++ = '\0';
            } else {
                *to++ = (char)(0xE0 | unit >> 12);
                *to++ = (char)(0x80 | (unit >> 6 & 0x3F));
                *to++ = (char)(0x80 | (unit & 0x3F));
            }
        }
    }
    return (size_t)(to - out);
}
