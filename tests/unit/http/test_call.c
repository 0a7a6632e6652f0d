/* What endpoints ask of a call. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/http/call.h"
#include "unit.h"

START_TEST(headers_are_found_whatever_their_case)
{
    struct call_header headers[] = {{SLICE_INIT("Host"), SLICE_INIT("a")},
                                    {SLICE_INIT("X"), SLICE_INIT("")},
                                    {SLICE_INIT("x-Y"), SLICE_INIT("first")},
                                    {SLICE_INIT("X-Y"), SLICE_INIT("second")}};
    struct call call = {.headers = headers, .header_count = 4};
    ck_assert(slice_equal(call_header(&call, SLICE("HOST")), SLICE("a")));
    ck_assert(slice_equal(call_header(&call, SLICE("X-y")), SLICE("first")));
    ck_assert(!slice_is_null(call_header(&call, SLICE("X"))));
    ck_assert(slice_is_null(call_header(&call, SLICE("Z"))));
}
END_TEST

START_TEST(headers_of_the_answer_have_their_cap)
{
    struct call call = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(call.answer_headers) + 5; i++)
        call_answer_header(&call, SLICE("X"), SLICE("y"));
    ck_assert_uint_eq(call.answer_header_count, ARRAY_LENGTH(call.answer_headers));
    ck_assert(!call_is_answered(&call));
    call_answer(&call, 204);
    ck_assert(call_is_answered(&call));
}
END_TEST

UNIT_MAIN("call", headers_are_found_whatever_their_case, headers_of_the_answer_have_their_cap)
