/* The call window as JSON: what is allowed, when next, by which rules. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/call_window.h"

#include "calling_test.h"
#include "inlet/base/datetime.h"

#include <string.h>

#define LAST_MEMBER ",\"data_version\":\""

static int64_t instant(const char *text)
{
    struct datetime_parts parts;
    ck_assert_int_eq(datetime_parse(slice_from(text), &parts), ERR_OK);
    return civil_to_us(&parts.civil);
}

struct window_case {
    struct slice state, phone;
    const char *at, *expected; /* all but data_version */
};

static void check(const struct calling_rules *rules, const struct timezone *utc, const struct window_case *c)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    struct arena arena CLEANUP(arena_done);
    struct call_window window;
    struct jout jout;
    const struct call_window_question question = {
        .subject = {.us_state = c->state, .phone = c->phone}, .kind = CALLING_LIVE, .at_us = instant(c->at)};
    arena_init(&arena, 1 << 20);
    ck_assert_int_eq(call_window_find(rules, &question, &arena, &window), ERR_OK);
    jout_init(&jout, &text);
    call_window_write(&jout, rules, &window, utc);
    buffer_append_byte(&text, '\0');
    ck_assert_int_eq(buffer_error(&text), ERR_OK);
    char *last = strstr(text.data, LAST_MEMBER);
    ck_assert_ptr_nonnull(last);
    ck_assert_int_eq(strncmp(last + strlen(LAST_MEMBER), "rules ", 6), 0);
    *last = '\0';
    ck_assert_str_eq(text.data, c->expected);
}

#define US_HOURS(allowed, zone)                                                                              \
    "{\"id\":\"us-hours\",\"jurisdiction\":\"US\",\"allowed\":" allowed ",\"zone\":\"" zone                  \
    "\",\"effective_date\":null,\"source\":\"47 CFR 64.1200(c)(1)\",\"grade\":\"A\",\"note\":\"Local time "  \
    "at the called party's location. What is no solicitation by (f)(15) is not told apart.\","               \
    "\"override_reason\":null}"

START_TEST(an_answer_names_its_reasons)
{
    static const struct window_case cases[] = {
        {SLICE_INIT("NY"), SLICE_INIT("+12125550123"), "2026-11-23T15:00:00Z",
         "{\"allowed\":true,\"next_call_time\":\"2026-11-23T15:00:00Z\",\"zones\":[\"America/New_York\"],"
         "\"rules\":[" US_HOURS("true", "America/New_York") "]"},
        {SLICE_INIT("NY"), SLICE_INIT("+12125550123"), "2026-11-24T03:00:30.5Z",
         "{\"allowed\":false,\"next_call_time\":\"2026-11-24T13:00:00Z\",\"zones\":[\"America/New_York\"],"
         "\"rules\":[" US_HOURS("false", "America/New_York") "]"},
        {SLICE_INIT("AP"), SLICE_INIT("+12125550123"), "2026-11-24T03:00:00Z",
         "{\"allowed\":false,\"next_call_time\":null,\"zones\":[],\"rules\":[]"},
    };
    struct calling_rulebook *rulebook = calling_test_rulebook(NULL);
    struct timezone *utc = NULL;
    ck_assert_int_eq(timezone_load("UTC", &utc), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check(calling_rulebook_rules(rulebook), utc, &cases[i]);
    timezone_free(utc);
    calling_rulebook_free(rulebook);
}
END_TEST

UNIT_MAIN("call_window", an_answer_names_its_reasons)
