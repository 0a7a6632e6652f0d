/* The only door to the heap: everything the program allocates by hand goes through here. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_MEM_H
#define INLET_BASE_MEM_H

#include "inlet/base/compiler.h"

#include <stddef.h>

/* SIZE bytes, not cleared; NULL when there is no memory. The caller owns them and gives them to mem_free. */
NODISCARD void *mem_alloc(size_t size);

/* COUNT elements of SIZE bytes, all zero; NULL when there is no memory or the product overflows. */
NODISCARD void *mem_zero(size_t count, size_t size);

/* Like realloc: on failure NULL, and OLD stays valid. */
NODISCARD void *mem_resize(void *old, size_t size);

/* Gives memory back; NULL is fine. */
void mem_free(void *memory);

/* For CLEANUP(mem_free_pointer) on a variable of pointer type. */
void mem_free_pointer(void *pointer_to_pointer);

/* Takes the value out of a pointer variable and leaves NULL there: ownership leaves the scope. */
#define TAKE(pointer)                                                                                        \
    __extension__({                                                                                          \
        __typeof__(pointer) taken_ = (pointer);                                                              \
        (pointer) = NULL;                                                                                    \
        taken_;                                                                                              \
    })

/*
 * Fault injection, for tests only: the COUNTDOWN-th allocation from now on fails (1 is the next one), then all work
 * again; a negative number switches it off. Not thread safe: the test has one thread. mem_fault_fired says whether it
 * has failed one since it was set.
 */
void mem_fault_set(long countdown);
_Bool mem_fault_fired(void);

#endif
