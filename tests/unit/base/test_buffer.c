/* The buffer that cannot grow without bound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/buffer.h"

#include "inlet/base/mem.h"
#include "unit.h"

#include <stdint.h>

START_TEST(appends_add_up)
{
    struct buffer buffer;
    buffer_init(&buffer, 100000);
    ck_assert(!slice_is_null(buffer_slice(&buffer)));
    ck_assert_uint_eq(buffer_slice(&buffer).n, 0);
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(buffer_append(&buffer, SLICE("ab\0")), ERR_OK);
        ck_assert_int_eq(buffer_append_byte(&buffer, 'c'), ERR_OK);
        ck_assert_int_eq(buffer_append_text(&buffer, "de"), ERR_OK);
        ck_assert_int_eq(buffer_print(&buffer, "%03d", i), ERR_OK);
    }
    ck_assert_uint_eq(buffer.length, 9000);
    ck_assert(slice_equal(slice_skip(buffer_slice(&buffer), 8991), SLICE("ab\0cde999")));
    ck_assert_int_eq(buffer_append(&buffer, SLICE_NULL), ERR_OK);
    ck_assert_uint_eq(buffer.length, 9000);
    buffer_done(&buffer);
    ck_assert_uint_eq(buffer.length, 0);
}
END_TEST

START_TEST(the_cap_holds_and_its_error_sticks)
{
    struct buffer buffer;
    buffer_init(&buffer, 10);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("0123456789")), ERR_OK);
    ck_assert_uint_le(buffer.capacity, 10);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("")), ERR_OK);
    ck_assert_int_eq(buffer_append_byte(&buffer, 'x'), ERR_LIMIT);
    ck_assert_int_eq(buffer_error(&buffer), ERR_LIMIT);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("")), ERR_LIMIT);
    ck_assert(slice_equal(buffer_slice(&buffer), SLICE("0123456789")));
    buffer_clear(&buffer);
    ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("abc")), ERR_OK);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("01234567")), ERR_LIMIT);
    ck_assert(slice_equal(buffer_slice(&buffer), SLICE("abc")));
    ck_assert_int_eq(buffer_append_byte(&buffer, 'd'), ERR_LIMIT);
    buffer_done(&buffer);
}
END_TEST

START_TEST(a_failed_append_changes_nothing)
{
    struct buffer buffer;
    buffer_init(&buffer, 10);
    ck_assert_int_eq(buffer_print(&buffer, "%s", "this is too long"), ERR_LIMIT);
    ck_assert_uint_eq(buffer.length, 0);
    buffer_clear(&buffer);
    ck_assert_int_eq(buffer_reserve(&buffer, SIZE_MAX), ERR_LIMIT);
    buffer_done(&buffer);
    buffer_init(&buffer, 0);
    ck_assert_int_eq(buffer_append_byte(&buffer, 'x'), ERR_LIMIT);
    buffer_done(&buffer);
}
END_TEST

START_TEST(no_memory_is_an_error_and_keeps_what_was_there)
{
    struct buffer buffer;
    buffer_init(&buffer, 1 << 20);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("abc")), ERR_OK);
    mem_fault_set(1);
    ck_assert_int_eq(buffer_reserve(&buffer, 100000), ERR_MEMORY);
    mem_fault_set(-1);
    ck_assert_int_eq(buffer_append(&buffer, SLICE("d")), ERR_MEMORY);
    ck_assert(slice_equal(buffer_slice(&buffer), SLICE("abc")));
    buffer_clear(&buffer);
    ck_assert_int_eq(buffer_reserve(&buffer, 100000), ERR_OK);
    buffer_done(&buffer);
}
END_TEST

UNIT_MAIN("buffer", appends_add_up, the_cap_holds_and_its_error_sticks, a_failed_append_changes_nothing,
          no_memory_is_an_error_and_keeps_what_was_there)
