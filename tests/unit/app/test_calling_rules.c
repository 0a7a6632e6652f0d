/* An operator's rules on top of those of the program: what is wrong with them, and what they do. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_test.h"

#include "inlet/base/datetime.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX  (1 << 20)
#define ARENA_MAX (256u << 20)

static struct arena arena;
static struct calling_rulebook *rulebook;
static struct value built_in;

static struct value read_json(const char *path)
{
    static char text[TEXT_MAX];
    struct value value;
    struct jin_fault fault;
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    size_t length = fread(text, 1, sizeof(text), file);
    fclose(file);
    struct slice copy;
    ck_assert_int_eq(arena_copy(&arena, slice_of(text, length), &copy), ERR_OK);
    ck_assert_msg(jin_decode(&arena, copy, NULL, &value, &fault) == ERR_OK, "%s: line %zu: %s", path,
                  fault.line, fault.what);
    return value;
}

static void setup(void)
{
    rulebook = calling_test_rulebook(NULL);
    arena_init(&arena, ARENA_MAX);
    built_in = read_json(INLET_SOURCE_DIR "/data/calling-rules.json");
}

static void teardown(void)
{
    arena_done(&arena);
    calling_rulebook_free(rulebook);
}

static enum err decode(const struct value *own, const struct calling_rules **ret_rules, struct faults *faults)
{
    faults_init(faults, &arena);
    return calling_rules_decode(&arena, calling_rulebook_rules(rulebook)->places, &built_in, own,
                                SLICE("2025b"), ret_rules, faults);
}

/* The rules with OWN, which is written with ' for ". */
static const struct calling_rules *with(const char *own)
{
    const struct calling_rules *rules = NULL;
    struct faults faults;
    struct value value;
    struct slice text;
    ck_assert_int_eq(arena_copy(&arena, slice_from(own), &text), ERR_OK);
    char *quotes = arena_alloc(&arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        quotes[i] = text.p[i] == '\'' ? '"' : text.p[i];
    ck_assert_int_eq(jin_decode(&arena, slice_of(quotes, text.n), NULL, &value, NULL), ERR_OK);
    enum err error = decode(&value, &rules, &faults);
    ck_assert_msg(error == ERR_OK, "%.*s: %.*s", SLICE_ARG(faults.items[0].field),
                  SLICE_ARG(faults.items[0].input));
    return rules;
}

static int64_t time_of(const char *text)
{
    struct datetime_parts parts;
    ck_assert_msg(datetime_parse(slice_from(text), &parts) == ERR_OK && parts.has_offset, "%s", text);
    return civil_to_us(&parts.civil) - parts.offset_s * INT64_C(1000000);
}

static struct calling_scope scope_of(const struct calling_rules *rules, const char *state, const char *phone)
{
    const struct calling_subject subject = {.us_state = slice_from(state), .phone = slice_from(phone)};
    struct calling_scope scope;
    ck_assert_int_eq(
        calling_scope_find(rules, &subject, CALLING_LIVE, time_of("2026-11-24T00:00:00Z"), &scope), ERR_OK);
    return scope;
}

static void first_allowed(const struct calling_rules *rules, const char *state, const char *phone,
                          const char *at, const char *expected)
{
    struct calling_scope scope = scope_of(rules, state, phone);
    const struct calling_query query = {.scope = &scope};
    char shown[DATETIME_MAX] = "never";
    int64_t next_us = calling_first_allowed(rules, &query, time_of(at));
    if (next_us != TIME_NONE)
        datetime_format(next_us, 0, shown);
    ck_assert_str_eq(shown, expected);
}

START_TEST(faults_name_the_key_and_its_place)
{
    setup();
    struct value cases = read_json(INLET_SOURCE_DIR "/tests/cases/calling-rules.json");
    ck_assert_uint_ge(cases.array.count, 25);
    for (size_t i = 0; i < cases.array.count; i++) {
        const struct value *expected = value_get(&cases.array.items[i], SLICE("faults"));
        const struct calling_rules *rules = NULL;
        struct faults faults;
        enum err error = decode(value_get(&cases.array.items[i], SLICE("own")), &rules, &faults);
        ck_assert_msg(error == (faults.count > 0 ? ERR_INVALID : ERR_OK), "case %zu", i);
        for (size_t f = 0; f < faults.count || f < expected->array.count; f++) {
            struct slice text = SLICE("(none)");
            if (f < faults.count)
                ck_assert_int_eq(arena_print(&arena, &text, "%.*s: %.*s", SLICE_ARG(faults.items[f].field),
                                             SLICE_ARG(faults.items[f].input)),
                                 ERR_OK);
            ck_assert_msg(f < expected->array.count && slice_equal(text, expected->array.items[f].text),
                          "case %zu: %.*s", i, SLICE_ARG(text));
        }
    }
    teardown();
}
END_TEST

START_TEST(a_stricter_rule_is_added_a_looser_one_changes_nothing)
{
    setup();
    const struct calling_rules *rules = with("{'version': '7', 'rules': ["
                                             "{'id': 'tx-mine', 'jurisdiction': 'TX', 'source': 'us', "
                                             "'grade': 'A', 'hours': {'daily': ['10:00-24:00']}},"
                                             "{'id': 'us-mine', 'jurisdiction': 'US', 'source': 'us', "
                                             "'grade': 'A', 'hours': {'daily': ['08:00-20:00']},"
                                             " 'effective_from': '2026-11-25'}]}");
    first_allowed(rules, "TX", "+12145550123", "2026-11-24T12:00:00Z", "2026-11-24T16:00:00Z");
    first_allowed(rules, "TX", "+12145550123", "2026-11-25T03:00:00Z", "2026-11-25T16:00:00Z");
    first_allowed(rules, "NY", "+12125550123", "2026-11-25T01:30:00Z", "2026-11-25T01:30:00Z");
    first_allowed(rules, "NY", "+12125550123", "2026-11-26T01:30:00Z", "2026-11-26T13:00:00Z");
    ck_assert(strstr(rules->version.p, ", tzdata 2025b, own 7") != NULL);
    teardown();
}
END_TEST

START_TEST(an_override_loosens_and_is_shown)
{
    setup();
    const struct calling_rules *rules =
        with("{'version': '7', 'rules': [{'override': 'fl-hours', 'reason': 'licensed', "
             "'hours': {'daily': ['08:00-21:00']}}, {'override': 'ri-hours', 'reason': 'no seller'}]}");
    struct calling_scope scope = scope_of(rules, "FL", "+13055550123");
    const struct calling_query query = {.scope = &scope};
    struct calling_finding *findings = NULL;
    size_t count = 0, overrides = 0;
    first_allowed(rules, "FL", "+13055550123", "2026-11-25T01:30:00Z", "2026-11-25T01:30:00Z");
    first_allowed(rules, "RI", "+14015550123", "2026-11-22T18:00:00Z", "2026-11-22T18:00:00Z");
    ck_assert_int_eq(
        calling_explain(rules, &query, time_of("2026-11-25T01:30:00Z"), &arena, &findings, &count), ERR_OK);
    ck_assert_uint_eq(count, 3); /* the federal hours, Florida's, Florida's cap */
    for (size_t i = 0; i < count; i++) {
        bool hours = slice_equal(findings[i].id, SLICE("fl-hours"));
        ck_assert(slice_equal(findings[i].override_reason, hours ? SLICE("licensed") : SLICE("")));
        overrides += hours;
        ck_assert(findings[i].allows);
    }
    ck_assert_uint_eq(overrides, 1);
    teardown();
}
END_TEST

START_TEST(a_suspension_closes_a_state_and_who_is_presumed_there)
{
    setup();
    const struct calling_rules *rules = with("{'version': '7', 'suspensions': ["
                                             "{'id': 'storm', 'jurisdiction': 'FL', 'source': 'EOC', "
                                             "'grade': 'A', 'from': '2026-11-24T09:00:00-05:00', "
                                             "'until': '2026-11-24T14:30:00-05:00'},"
                                             "{'id': 'open', 'jurisdiction': 'LA', 'source': 'EOC', 'grade': "
                                             "'A', 'from': '2026-11-24T09:00:00-05:00'}]}");
    first_allowed(rules, "FL", "+13055550123", "2026-11-24T13:59:59Z", "2026-11-24T13:59:59Z");
    first_allowed(rules, "FL", "+13055550123", "2026-11-24T14:00:00Z", "2026-11-24T19:30:00Z");
    first_allowed(rules, "TX", "+13055550123", "2026-11-24T16:00:00Z", "2026-11-24T19:30:00Z");
    first_allowed(rules, "TX", "+12145550123", "2026-11-24T16:00:00Z", "2026-11-24T16:00:00Z");
    first_allowed(rules, "LA", "+15045550123", "2026-11-24T16:00:00Z", "never");
    teardown();
}
END_TEST

START_TEST(own_holidays_and_presumptions_count)
{
    setup();
    const struct calling_rules *rules =
        with("{'version': '7', 'holidays': {'RI': {'source': 'governor', 'grade': 'A', 'days': ["
             "{'name': 'Once', 'month': 11, 'day': 24, 'from_year': 2026, 'until_year': 2026}]}},"
             "'presumptions': [{'id': 'tx', 'state': 'TX', 'source': 'counsel', 'grade': 'C'}]}");
    first_allowed(rules, "RI", "+14015550123", "2026-11-24T16:00:00Z", "2026-11-25T14:00:00Z");
    first_allowed(rules, "RI", "+14015550123", "2027-11-24T16:00:00Z", "2027-11-24T16:00:00Z");
    /* Texas begins at nine: 15:00Z in Dallas. */
    first_allowed(rules, "NY", "+12145550123", "2026-11-24T13:00:00Z", "2026-11-24T15:00:00Z");
    first_allowed(calling_rulebook_rules(rulebook), "NY", "+12145550123", "2026-11-24T13:00:00Z",
                  "2026-11-24T13:00:00Z");
    teardown();
}
END_TEST

START_TEST(each_rule_is_shown_with_the_zone_it_was_tested_in)
{
    setup();
    const struct calling_rules *rules = calling_rulebook_rules(rulebook);
    struct calling_scope scope = scope_of(rules, "MS", "+13055550123");
    const struct calling_query query = {.scope = &scope};
    static const char *const expected[][3] = {
        {"us-hours", "America/Chicago", "yes"},
        {"us-hours", "America/New_York", "yes"},
        {"ms-holidays", "America/Chicago", "yes"},
        {"ms-hours", "America/Chicago", "yes"},
        {"fl-cap", "", "yes"},
        {"fl-hours", "America/Chicago", "yes"},
        {"fl-hours", "America/New_York", "no"},
        {"fl-area-code", "", "yes"},
    };
    struct calling_finding *findings = NULL;
    size_t count = 0;
    /* 19:59 Central, 20:59 Eastern */
    ck_assert_int_eq(
        calling_explain(rules, &query, time_of("2026-11-25T02:00:00Z") - 60000000, &arena, &findings, &count),
        ERR_OK);
    ck_assert_uint_eq(count, ARRAY_LENGTH(expected));
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(slice_equal(findings[i].id, slice_from(expected[i][0])), "%.*s",
                      SLICE_ARG(findings[i].id));
        ck_assert(slice_equal(findings[i].zone, slice_from(expected[i][1])));
        ck_assert_int_eq(findings[i].allows, expected[i][2][0] == 'y');
        ck_assert(findings[i].source.n > 0 && findings[i].grade.n == 1);
    }
    teardown();
}
END_TEST

UNIT_MAIN("calling_rules", faults_name_the_key_and_its_place,
          a_stricter_rule_is_added_a_looser_one_changes_nothing, an_override_loosens_and_is_shown,
          a_suspension_closes_a_state_and_who_is_presumed_there, own_holidays_and_presumptions_count,
          each_rule_is_shown_with_the_zone_it_was_tested_in)
