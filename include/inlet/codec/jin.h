/* JSON text in: checked before it is parsed, parsed by jansson, handed over as a value tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_JIN_H
#define INLET_CODEC_JIN_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/codec/value.h"

/* Limits of a body (docs/behaviour.md section 8). */
#define JIN_DEPTH_MAX  100
#define JIN_VALUES_MAX 200000

struct jin_options {
    size_t depth_max;     /* 0: JIN_DEPTH_MAX; 1000 at most */
    size_t values_max;    /* 0: JIN_VALUES_MAX; keys do not count */
    bool unique_keys;     /* an object that has a key twice is refused; otherwise the last one counts */
    bool repair_newlines; /* take raw control characters in strings as themselves, as some providers send */
};

/* Where and why a text is not JSON: line and column count from 1 (columns in bytes), position from 0. */
struct jin_fault {
    size_t line, column, position;
    char what[160];
};

/* Readies the parser: once at program start, before there are threads. */
void jin_module_init(void);

/*
 * Decodes a whole JSON text (RFC 8259; any value at the top, as Python's json.loads) into *RET_VALUE. Beyond
 * what jansson takes: integers of any size (VALUE_BIG_INTEGER); reals beyond double's range, as 1e999 (a
 * VALUE_STRING of the number's text); \u0000 in strings and keys; lone surrogate escapes (WTF-8). Not taken,
 * as with Python: a BOM, NaN, Infinity, invalid UTF-8, raw control characters in strings (unless repaired),
 * trailing bytes. ERR_INVALID: not JSON, ERR_LIMIT: too deep or too many values; *RET_FAULT (may be NULL)
 * says which and where, in words for the client, Python's where it has some. ERR_MEMORY. OPTIONS may be NULL.
 * All that *RET_VALUE holds is in the arena.
 */
NODISCARD enum err jin_decode(struct arena *arena, struct slice text, const struct jin_options *options,
                              struct value *ret_value, struct jin_fault *ret_fault);

#endif
