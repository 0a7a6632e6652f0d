/* The request arena: chunks of doubling size, the newest one filled from its start. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/arena.h"

#include "inlet/base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* A small request fits into the first chunk: one malloc each. */
#define FIRST_CHUNK   ((size_t)8 << 10)
#define LARGEST_CHUNK ((size_t)256 << 10)
#define ALIGNMENT     alignof(max_align_t)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* with this header */
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t cap)
{
    *arena = (struct arena){.cap = cap};
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct arena_chunk *older = chunk->older;
        mem_free(chunk);
        chunk = older;
    }
    arena_init(arena, arena->cap);
}

void arena_done(struct arena *arena)
{
    arena_reset(arena);
}

static bool grow(struct arena *arena, size_t size)
{
    size_t want = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (want > LARGEST_CHUNK)
        want = LARGEST_CHUNK;
    if (size > SIZE_MAX - sizeof(struct arena_chunk))
        return false;
    size_t need = size + sizeof(struct arena_chunk);
    if (want < need)
        want = need;
    size_t room = arena->cap - arena->used;
    if (want > room)
        want = room;
    if (want < need)
        return false;
    struct arena_chunk *chunk = mem_alloc(want);
    if (!chunk)
        return false;
    chunk->older = arena->chunks;
    chunk->size = want;
    arena->chunks = chunk;
    arena->used += want;
    arena->next = chunk->data;
    arena->end = (char *)chunk + want;
    return true;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    if (size == 0)
        size = 1;      /* NULL must mean no memory and nothing else */
    size += size == 0; /* nothing has an address too: NULL means that there is no memory */
    size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if ((size_t)(arena->end - arena->next) < size && !grow(arena, size))
        return NULL;
    void *memory = arena->next;
    arena->next += size;
    return memory;
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    void *memory = arena_alloc(arena, total);
    if (memory && total > 0)
        memset(memory, 0, total);
    return memory;
}

enum err arena_copy(struct arena *arena, struct slice s, struct slice *ret_copy)
{
    if (slice_is_null(s)) {
        *ret_copy = s;
        return ERR_OK;
    }
    char *copy = s.n < SIZE_MAX ? arena_alloc(arena, s.n + 1) : NULL;
    if (!copy)
        return ERR_MEMORY;
    if (s.n > 0)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    *ret_copy = slice_of(copy, s.n);
    return ERR_OK;
}

enum err arena_print(struct arena *arena, struct slice *ret_text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    if (!text)
        return ERR_MEMORY;
    *ret_text = slice_of(text, (size_t)length);
    return ERR_OK;
}
