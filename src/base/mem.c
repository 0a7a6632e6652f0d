/* The heap, with a hook that fails the n-th allocation for the fault injection tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

static long fault_countdown = -1;
static bool fault_fired;

void mem_fault_set(long countdown)
{
    fault_countdown = countdown;
    fault_fired = false;
}

_Bool mem_fault_fired(void)
{
    return fault_fired;
}

/* One predictable branch when switched off. */
static bool fault_strikes(void)
{
    if (__builtin_expect(fault_countdown < 0, 1))
        return false;
    if (fault_countdown > 0 && --fault_countdown == 0) {
        fault_fired = true;
        fault_countdown = -1;
        return true;
    }
    return false;
}

void *mem_alloc(size_t size)
{
    return fault_strikes() ? NULL : malloc(size ? size : 1);
}

void *mem_zero(size_t count, size_t size)
{
    return fault_strikes() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *mem_resize(void *old, size_t size)
{
    return fault_strikes() ? NULL : realloc(old, size ? size : 1);
}

void mem_free(void *memory)
{
    free(memory);
}

void mem_free_pointer(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}
