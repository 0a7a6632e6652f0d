/* JSONPath queries (RFC 9535), compiled once, run over value trees. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_JSONPATH_PATH_H
#define INLET_JSONPATH_PATH_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/codec/value.h"

#include <stddef.h>
#include <stdint.h>

/* A compiled singular query (RFC 9535 section 2.3.5.1: names and indexes only). Immutable, lives in its arena. */
struct path;

struct path_fault {
    size_t column; /* from 1, in bytes */
    const char *what;
};

/* Longer queries, and ones with more segments, are refused. */
#define PATH_LENGTH_MAX   4096
#define PATH_SEGMENTS_MAX 64

/* Compiles QUERY, which begins with '$' or '@'. ERR_INVALID with *RET_FAULT: no query, or not a singular one;
 * ERR_MEMORY. */
NODISCARD enum err path_compile(struct arena *arena, struct slice query, const struct path **ret_path,
                                struct path_fault *ret_fault);

/* The node that PATH selects in ROOT; NULL when it selects none. */
const struct value *path_find(const struct path *path, const struct value *root);

#endif
