/* Memory with one lifetime. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/arena.h"

#include "inlet/base/mem.h"
#include "unit.h"

#include <stdalign.h>
#include <stdint.h>

START_TEST(allocations_are_aligned_and_apart)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *before = NULL;
    for (size_t size = 0; size < 300; size++) {
        char *memory = arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % alignof(max_align_t), 0);
        ck_assert_ptr_ne(memory, before);
        memset(memory, 0xA5, size);
        before = memory;
    }
    arena_done(&arena);
}
END_TEST

START_TEST(zeroed_memory_is_zero_after_a_reset_too)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int round = 0; round < 3; round++) {
        unsigned char *bytes = arena_zero(&arena, 100, 7);
        ck_assert_ptr_nonnull(bytes);
        for (size_t i = 0; i < 700; i++)
            ck_assert_uint_eq(bytes[i], 0);
        memset(bytes, 0xFF, 700);
        arena_reset(&arena);
        ck_assert_uint_eq(arena.used, 0);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(nothing_has_an_address)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 0));
    ck_assert_ptr_nonnull(ARENA_ARRAY(&arena, int, 0));
    arena_done(&arena);
}
END_TEST

START_TEST(the_cap_holds)
{
    struct arena arena;
    const size_t cap = 100000;
    arena_init(&arena, cap);
    size_t got = 0;
    while (arena_alloc(&arena, 1000))
        got++;
    ck_assert_uint_gt(got, 80);
    ck_assert_uint_lt(got, 100);
    ck_assert_uint_le(arena.used, cap);
    arena_reset(&arena);
    ck_assert_ptr_null(arena_alloc(&arena, cap));
    ck_assert_ptr_nonnull(arena_alloc(&arena, cap / 2));
    arena_done(&arena);
    arena_init(&arena, 0);
    ck_assert_ptr_null(arena_alloc(&arena, 1));
    arena_done(&arena);
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX - 20));
    ck_assert_ptr_null(arena_zero(&arena, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(arena_zero(&arena, SIZE_MAX, SIZE_MAX));
    ck_assert_uint_eq(arena.used, 0);
    arena_done(&arena);
}
END_TEST

START_TEST(large_blocks_get_a_chunk_of_their_own)
{
    struct arena arena;
    arena_init(&arena, 10 << 20);
    for (int i = 0; i < 5; i++) {
        char *memory = arena_alloc(&arena, 1 << 20);
        ck_assert_ptr_nonnull(memory);
        memset(memory, i, 1 << 20);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(copies_end_with_nul)
{
    struct arena arena;
    struct slice copy;
    arena_init(&arena, 1 << 16);
    ck_assert_int_eq(arena_copy(&arena, SLICE("a\0b"), &copy), ERR_OK);
    ck_assert_uint_eq(copy.n, 3);
    ck_assert_mem_eq(copy.p, "a\0b", 4);
    ck_assert_int_eq(arena_copy(&arena, SLICE(""), &copy), ERR_OK);
    ck_assert(!slice_is_null(copy));
    ck_assert_str_eq(copy.p, "");
    ck_assert_int_eq(arena_copy(&arena, SLICE_NULL, &copy), ERR_OK);
    ck_assert(slice_is_null(copy));
    arena_done(&arena);
}
END_TEST

START_TEST(text_is_printed)
{
    struct arena arena;
    struct slice text;
    arena_init(&arena, 1 << 16);
    ck_assert_int_eq(arena_print(&arena, &text, "%d-%s", 42, "x"), ERR_OK);
    ck_assert_str_eq(text.p, "42-x");
    ck_assert_uint_eq(text.n, 4);
    ck_assert_int_eq(arena_print(&arena, &text, "%s", ""), ERR_OK);
    ck_assert_uint_eq(text.n, 0);
    ck_assert_int_eq(arena_print(&arena, &text, "%5000d", 1), ERR_OK);
    ck_assert_uint_eq(text.n, 5000);
    arena_done(&arena);
}
END_TEST

START_TEST(no_memory_is_an_error_and_not_the_end)
{
    struct arena arena;
    struct slice text = SLICE("before");
    arena_init(&arena, 1 << 16);
    mem_fault_set(1);
    ck_assert_int_eq(arena_copy(&arena, SLICE("abc"), &text), ERR_MEMORY);
    ck_assert(mem_fault_fired());
    mem_fault_set(1);
    ck_assert_int_eq(arena_print(&arena, &text, "abc"), ERR_MEMORY);
    mem_fault_set(-1);
    ck_assert(slice_equal(text, SLICE("before")));
    ck_assert_int_eq(arena_copy(&arena, SLICE("abc"), &text), ERR_OK);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("arena", allocations_are_aligned_and_apart, zeroed_memory_is_zero_after_a_reset_too,
          nothing_has_an_address, the_cap_holds, sizes_that_overflow_are_refused,
          large_blocks_get_a_chunk_of_their_own, copies_end_with_nul, text_is_printed,
          no_memory_is_an_error_and_not_the_end)
