/* An array that grows in an arena while rows come in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_ROWS_H
#define INLET_STORE_ROWS_H

#include "inlet/base/arena.h"

/* The arena's cap is its cap. What it outgrows stays in the arena: at most as much as the array itself. */
struct rows {
    struct arena *arena;
    void *items; /* NULL while there are none */
    size_t size, count, capacity;
};

void rows_init(struct rows *rows, struct arena *arena, size_t size);

/* A new last item, all zero; NULL when there is no memory. */
NODISCARD void *rows_add(struct rows *rows);

#endif
