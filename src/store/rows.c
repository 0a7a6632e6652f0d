/* Doubles arrays in an arena. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <string.h>

#define FIRST_CAPACITY 8

void rows_init(struct rows *rows, struct arena *arena, size_t size)
{
    *rows = (struct rows){.arena = arena, .size = size};
}

void *rows_add(struct rows *rows)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity ? rows->capacity * 2 : FIRST_CAPACITY;
        void *items = arena_zero(rows->arena, capacity, rows->size);
        if (!items)
            return NULL;
        if (rows->count > 0)
            memcpy(items, rows->items, rows->count * rows->size);
        rows->items = items;
        rows->capacity = capacity;
    }
    return (char *)rows->items + rows->count++ * rows->size;
}
