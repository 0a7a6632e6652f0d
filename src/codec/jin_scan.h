/* The look over a JSON text before jansson sees it, and what it shares with the mending of such a text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_JIN_SCAN_H
#define INLET_CODEC_JIN_SCAN_H

#include "inlet/codec/jin.h"

struct jin_scan {
    size_t values;
    bool mend; /* it holds what jansson does not take as it stands: see jin_mend.h */
};

/*
 * One pass over TEXT: measures depth and number of values, and looks for what needs mending. It accepts much
 * that is not JSON, but what jansson reads before it finds the first fault is within the limits: up to there
 * both see the same tokens. ERR_LIMIT with *RET_FAULT; ERR_INVALID without it for a byte that no JSON text
 * has there (of these jansson 2.14 would swallow a NUL behind a number or a literal); ERR_MEMORY. No member
 * of LIMITS is 0.
 */
NODISCARD enum err jin_scan(struct slice text, const struct jin_options *limits, struct jin_scan *ret_scan,
                            struct jin_fault *ret_fault);

/* The escape that begins at the backslash AT. */
struct jin_escape {
    size_t length; /* in bytes; a broken escape has some length, too */
    unsigned
        unit; /* of \uXXXX: the UTF-16 code unit, or the code point of a surrogate pair; else 0xFFFFFFFF */
};
struct jin_escape jin_escape_read(const char *at, const char *end);

/* Whether jansson would refuse it: a NUL (in keys) or a lone surrogate. */
static inline bool jin_escape_is_odd(struct jin_escape escape)
{
    return escape.unit == 0 || (escape.unit >= 0xD800 && escape.unit <= 0xDFFF);
}

/* The length in bytes of the number that begins at AT with a digit or '-', by JSON's grammar, or 0. */
size_t jin_number_length(const char *at, const char *end);

enum jin_number_size { JIN_NUMBER_PLAIN, JIN_NUMBER_BIG_INTEGER, JIN_NUMBER_BIG_REAL };

/* Whether jansson can hold that number. ERR_MEMORY. */
NODISCARD enum err jin_number_measure(struct slice number, enum jin_number_size *ret_size);

#endif
