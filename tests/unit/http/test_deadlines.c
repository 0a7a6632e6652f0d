/* Deadlines: kept in order, moved and taken off in constant time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "deadlines.h"
#include "unit.h"

START_TEST(the_next_one_is_known_and_the_overdue_come_out)
{
    const struct http_limits limits = {
        .idle_timeout_s = 10, .header_timeout_ms = 1000, .body_timeout_ms = 5000};
    struct deadlines deadlines;
    struct connection a = {.deadline = DEADLINE_NONE}, b = a, c = a;
    deadlines_init(&deadlines, &limits);
    ck_assert_int_eq(deadlines_next_us(&deadlines), INT64_MAX);
    deadlines_set(&deadlines, &a, DEADLINE_IDLE, 0);     /* 11 s: a head may begin late, but not drip */
    deadlines_set(&deadlines, &b, DEADLINE_HEADER, 0);   /* 1 s */
    deadlines_set(&deadlines, &c, DEADLINE_HEADER, 100); /* 1 s and 100 µs */
    ck_assert_int_eq(deadlines_next_us(&deadlines), 1000000);
    ck_assert_ptr_null(deadlines_take_due(&deadlines, 999999));
    deadlines_set(&deadlines, &b, DEADLINE_BODY, 500000);
    ck_assert_int_eq(deadlines_next_us(&deadlines), 1000100);
    ck_assert_ptr_eq(deadlines_take_due(&deadlines, 1000100), &c);
    ck_assert_ptr_null(deadlines_take_due(&deadlines, 1000100));
    deadlines_set(&deadlines, &b, DEADLINE_NONE, 0);
    ck_assert_int_eq(deadlines_next_us(&deadlines), 11000000);
    deadlines_set(&deadlines, &b, DEADLINE_IDLE, 1);
    deadlines_set(&deadlines, &c, DEADLINE_IDLE, 2);
    deadlines_set(&deadlines, &b, DEADLINE_IDLE, 3); /* from the middle to the end */
    ck_assert_ptr_eq(deadlines_take_due(&deadlines, INT64_MAX), &a);
    ck_assert_ptr_eq(deadlines_take_due(&deadlines, INT64_MAX), &c);
    ck_assert_ptr_eq(deadlines_take_due(&deadlines, INT64_MAX), &b);
    ck_assert_ptr_null(deadlines_take_due(&deadlines, INT64_MAX));
}
END_TEST

UNIT_MAIN("deadlines", the_next_one_is_known_and_the_overdue_come_out)
