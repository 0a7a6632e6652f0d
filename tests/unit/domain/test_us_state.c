/* The 59 state codes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/us_state.h"

#include "unit.h"

START_TEST(codes_are_in_documented_order)
{
    static const char documented[] = "AL AK AS AZ AR AA AE AP CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY "
                                     "LA ME MD MA MI MN MS MO MT NE NV NH NJ "
                                     "NM NY NC ND MP OH OK OR PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY";
    struct slice rest = slice_from(documented);
    int state = 0;
    while (!slice_is_null(rest)) {
        struct slice code = slice_cut(rest, ' ', &rest);
        ck_assert_int_eq(vocabulary_find(&us_states, code), ++state);
    }
    ck_assert_int_eq(state, 59);
    ck_assert_uint_eq(us_states.count, 60);
}
END_TEST

START_TEST(names_go_with_their_codes)
{
    ck_assert(slice_equal(us_state_name(vocabulary_find(&us_states, SLICE("CA"))), SLICE("California")));
    ck_assert(
        slice_equal(us_state_name(vocabulary_find(&us_states, SLICE("DC"))), SLICE("District of Columbia")));
    ck_assert(
        slice_equal(us_state_name(vocabulary_find(&us_states, SLICE("AA"))), SLICE("Armed Forces Americas")));
    ck_assert(slice_equal(us_state_name(vocabulary_find(&us_states, SLICE("WY"))), SLICE("Wyoming")));
    for (int state = 1; state <= 59; state++)
        ck_assert_uint_ge(us_state_name(state).n, 4);
    ck_assert(slice_is_null(us_state_name(0)));
    ck_assert(slice_is_null(us_state_name(60)));
    ck_assert(slice_is_null(us_state_name(-1)));
}
END_TEST

UNIT_MAIN("us_state", codes_are_in_documented_order, names_go_with_their_codes)
