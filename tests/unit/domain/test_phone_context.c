/* Telephone numbers as URIs: what their context adds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_context.h"

#include "inlet/base/compiler.h"
#include "unit.h"

#include <stdio.h>

START_TEST(context_that_is_a_number_comes_first)
{
    static const struct {
        const char *text, *number;
    } rows[] = {
        {"tel:863-1234;phone-context=+1-914-555", "+1-914-555863-1234"},
        {"863-1234;phone-context=+1;x=y", "+1863-1234"},
        {"tel:863-1234;phone-context=+(1).", "+(1).863-1234"},
        {"tel:863-1234;phone-context=example.com", "863-1234"},
        {"tel:863-1234;phone-context=example.com.", "863-1234"},
        {"tel:863-1234;phone-context=a-b.c1", "863-1234"},
        {"tel:863-1234;phone-context=x", "863-1234"},
        {"tel:863-1234;isub=5;phone-context=+1", "+1863-1234"},
        {"863-1234;isub=5", "863-1234"},
        {"Tel. 863-1234", "863-1234"},
        {";phone-context=+1 tel:5", NULL},
        {"863-1234;phone-context=+1;x=tel:", "+1"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone_text text, storage;
        struct slice number = SLICE_NULL;
        ck_assert(phone_text_read(slice_from(rows[i].text), &text));
        bool good = phone_context_candidate(&text, &storage, &number);
        ck_assert_msg(good == (rows[i].number != NULL), "%s", rows[i].text);
        if (good)
            ck_assert_msg(slice_equal(number, slice_from(rows[i].number)), "%s: %.*s", rows[i].text,
                          SLICE_ARG(number));
    }
}
END_TEST

START_TEST(context_that_is_nothing_spoils_the_number)
{
    static const char *const rows[] = {"",     "+",    "+-", "+1a", "1",     "1.2",  "a..b", ".",
                                       "a.-b", "a-.b", "-a", "a b", "a_b.c", "+1 2", "a.1",  "++1"};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char uri[64];
        struct phone_text text, storage;
        struct slice number;
        snprintf(uri, sizeof(uri), "tel:863-1234;phone-context=%s", rows[i]);
        ck_assert(phone_text_read(slice_from(uri), &text));
        ck_assert_msg(!phone_context_candidate(&text, &storage, &number), "%s", rows[i]);
    }
}
END_TEST

UNIT_MAIN("phone_context", context_that_is_a_number_comes_first, context_that_is_nothing_spoils_the_number)
