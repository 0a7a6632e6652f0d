/* Limits: defaults fill what is zero, and descriptors are made room for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"
#include "unit.h"

#include <sys/resource.h>

START_TEST(zero_takes_the_default)
{
    const struct http_limits given = {.connections = 7};
    struct http_limits limits = limits_fill(&given);
    ck_assert_uint_eq(limits.connections, 7);
    ck_assert_uint_gt(limits.connections_per_address, 0);
    ck_assert_uint_eq(limits.bodies_in_flight, (size_t)256 << 20);
    ck_assert_uint_gt(limits.idle_timeout_s, 0);
    ck_assert_uint_gt(limits.header_timeout_ms, 0);
    ck_assert_uint_gt(limits.body_timeout_ms, 0);
}
END_TEST

START_TEST(open_files_are_raised_and_respected)
{
    struct rlimit files;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    rlim_t hard = files.rlim_max < 1000 ? files.rlim_max : 1000;
    struct rlimit low = {.rlim_cur = 400, .rlim_max = hard};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    struct http_limits limits = {.connections = 100000};
    limits_fit_descriptors(&limits);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    ck_assert_uint_eq(files.rlim_cur, hard);
    ck_assert_uint_lt(limits.connections, hard);
    limits.connections = 10;
    limits_fit_descriptors(&limits);
    ck_assert_uint_eq(limits.connections, 10);
}
END_TEST

UNIT_MAIN("limits", zero_takes_the_default, open_files_are_raised_and_respected)
