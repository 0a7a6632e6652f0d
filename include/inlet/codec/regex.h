/* Regular expressions by PCRE2: compiled once, shared, run under limits. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_REGEX_H
#define INLET_CODEC_REGEX_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* A compiled pattern: read-only, any thread may run it. */
struct regex;

enum regex_flags {
    REGEX_CASELESS = 1, /* Unicode case folding */
    REGEX_ANCHORED = 2, /* match at the start of the subject only */
    REGEX_FULL = 4,     /* the whole subject, to its very end */
    REGEX_BYTES = 8     /* pattern and subjects are bytes, not UTF-8; nothing is checked, which is quicker */
};

struct regex_fault {
    size_t column; /* from 1, in bytes */
    char what[160];
};

/* Compiles PATTERN (UTF-8). ERR_INVALID with *RET_FAULT (may be NULL), ERR_MEMORY. The caller owns it:
 * regex_free. */
NODISCARD enum err regex_compile(struct slice pattern, unsigned flags, struct regex **ret_regex,
                                 struct regex_fault *ret_fault);
struct regex *regex_free(struct regex *regex);

/* How patterns run. */
enum regex_engine {
    REGEX_JIT,        /* as machine code */
    REGEX_JIT_DENIED, /* interpreted: the system gives no memory to run code from */
    REGEX_JIT_ABSENT  /* interpreted: this PCRE2 has no JIT for this machine */
};

/* Tries it out. What is interpreted gives the same answers under the same limits, some times slower. */
enum regex_engine regex_engine(void);

#define REGEX_GROUPS_MAX 16

/* What matched: group 0 is the whole match; a group that took no part is null. */
struct regex_match {
    struct slice groups[REGEX_GROUPS_MAX];
    size_t count;
};

/* Looks for the pattern in SUBJECT, from its start. ERR_OK: matched (*RET_MATCH may be NULL). ERR_NOT_FOUND:
 * not. ERR_LIMIT: the match, depth or heap limit was hit. ERR_INVALID: SUBJECT is no UTF-8. ERR_MEMORY.
 * Limits hold with and without JIT. */
NODISCARD enum err regex_match(const struct regex *regex, struct slice subject,
                               struct regex_match *ret_match);

#endif
