/* The list of faults found in a payload. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/schema/field.h"

void faults_init(struct faults *faults, struct arena *arena)
{
    *faults = (struct faults){.arena = arena};
}

enum err faults_add(struct faults *faults, struct fault fault)
{
    if (faults->count == faults->capacity) {
        size_t capacity = faults->capacity ? faults->capacity * 2 : 8;
        struct fault *items = ARENA_ARRAY(faults->arena, struct fault, capacity);
        if (!items)
            return ERR_MEMORY;
        if (faults->count > 0)
            memcpy(items, faults->items, faults->count * sizeof(*items));
        faults->items = items;
        faults->capacity = capacity;
    }
    faults->items[faults->count++] = fault;
    return ERR_OK;
}
