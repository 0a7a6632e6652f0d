/* Memory with one lifetime: allocations of a request that are given back together. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_ARENA_H
#define INLET_BASE_ARENA_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>

struct arena_chunk;

/* OWNERSHIP: whoever embeds it calls arena_init and arena_done; what it hands out lives until arena_done or arena_reset.
 * THREADS: one at a time. */
struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *next, *end;           /* free part of the newest chunk */
    size_t used;                /* bytes taken from the heap */
    size_t cap;                 /* used never exceeds it */
};

/* An arena that takes at most CAP bytes from the heap. Allocates nothing yet. */
void arena_init(struct arena *arena, size_t cap);

/* Gives everything back; the arena is as after arena_init. */
void arena_reset(struct arena *arena);
void arena_done(struct arena *arena);

/* SIZE bytes aligned for any type, not cleared; NULL when there is no memory or the cap is reached. */
NODISCARD void *arena_alloc(struct arena *arena, size_t size);

/* COUNT elements of SIZE bytes, all zero; NULL as above or when the product overflows. */
NODISCARD void *arena_zero(struct arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, type)          ((type *)arena_zero((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_zero((arena), (count), sizeof(type)))

/* A copy of S that ends with a NUL byte which is not counted; a null slice stays null. ERR_MEMORY. */
NODISCARD enum err arena_copy(struct arena *arena, struct slice s, struct slice *ret_copy);

/* Formatted text, NUL-terminated (not counted). ERR_MEMORY. */
NODISCARD enum err arena_print(struct arena *arena, struct slice *ret_text, const char *format, ...)
    PRINTF(3, 4);

#endif
