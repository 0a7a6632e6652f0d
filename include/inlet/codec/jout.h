/* JSON text out: a streaming writer into a capped buffer, no tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_JOUT_H
#define INLET_CODEC_JOUT_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/codec/value.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Errors stick in the buffer: write all, then check buffer_error once. The caller keeps begins and ends in
 * balance. Output is compact, like Django REST framework's renderer: no blanks, non-ASCII as UTF-8, '/' bare;
 * U+2028 and U+2029 as escapes (its renderer does so), lone surrogates as escapes, reals in the shortest form
 * that reads back (number.h).
 */
struct jout {
    struct buffer *buffer;
    bool comma; /* the next element needs one before it */
};

void jout_init(struct jout *jout, struct buffer *buffer);

void jout_object_begin(struct jout *jout);
void jout_object_end(struct jout *jout);
void jout_array_begin(struct jout *jout);
void jout_array_end(struct jout *jout);

/* The key of the member whose value is written next. */
void jout_key(struct jout *jout, struct slice key);

void jout_null(struct jout *jout);
void jout_boolean(struct jout *jout, bool value);
void jout_integer(struct jout *jout, int64_t value);
/* Infinity and NaN, for which JSON has no number, are written as null. */
void jout_real(struct jout *jout, double value);
/* A null slice is written as null. */
void jout_string(struct jout *jout, struct slice text);
/* JSON text that is already valid, as it stands; a null slice is written as null. */
void jout_raw(struct jout *jout, struct slice json);
/* A whole tree; a BIG_INTEGER as a number where 64 unsigned bits hold it, else as a string of its digits. NULL is null. A tree
 * over 256 levels deep, which no decoder makes, is ERR_LIMIT in the buffer. */
void jout_value(struct jout *jout, const struct value *value);

/* KEY and value in one, for tables of plain members. */
void jout_member_string(struct jout *jout, const char *key, struct slice text);
void jout_member_integer(struct jout *jout, const char *key, int64_t value);
void jout_member_boolean(struct jout *jout, const char *key, bool value);
void jout_member_null(struct jout *jout, const char *key);

#endif
