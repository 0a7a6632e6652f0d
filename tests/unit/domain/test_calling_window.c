/* The search for an allowed time, with rules made for it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/base/datetime.h"
#include "inlet/domain/calling.h"
#include "place_test.h"

#define MINUTE_US INT64_C(60000000)

static struct places *places;
static struct calling_scope scope;

static void add_zone(const char *name)
{
    const struct timezone *zone = NULL;
    ck_assert_int_eq(places_zone(places, slice_from(name), &zone), ERR_OK);
    place_zones_add(&scope.zones, zone);
}

static void setup(const char *zone)
{
    places = place_test_places();
    scope = (struct calling_scope){.kinds = CALLING_KIND_BIT(CALLING_LIVE)};
    add_zone(zone);
}

static int64_t time_of(const char *text)
{
    struct datetime_parts parts;
    ck_assert_msg(datetime_parse(slice_from(text), &parts) == ERR_OK, "%s", text);
    return civil_to_us(&parts.civil);
}

/* A rule for every day. */
static struct calling_rule rule_of(const char *window)
{
    struct calling_rule rule = {.id = SLICE("test"),
                                .from_day = CALLING_DAY_FIRST,
                                .until_day = CALLING_DAY_LAST,
                                .kinds = CALLING_KINDS_ALL};
    struct calling_window parsed;
    if (window) {
        rule.has_hours = true;
        ck_assert_int_eq(calling_window_parse(slice_from(window), &parsed), ERR_OK);
        for (size_t i = 0; i < ARRAY_LENGTH(rule.hours.days); i++)
            ck_assert_int_eq(calling_day_add(&rule.hours.days[i], parsed), ERR_OK);
    }
    return rule;
}

static void expect(struct calling_rule *list, size_t count, const struct calling_query *query, const char *at,
                   const char *expected)
{
    struct calling_rules rules = {.places = places, .rules = list, .rule_count = count};
    struct calling_query asked = *query;
    calling_rules_index(&rules);
    asked.scope = &scope;
    int64_t at_us = time_of(at), next_us = calling_first_allowed(&rules, &asked, at_us);
    ck_assert_msg(next_us == (expected ? time_of(expected) : TIME_NONE), "at %s: %lld minutes later", at,
                  (long long)((next_us - at_us) / MINUTE_US));
    ck_assert_int_eq(calling_allowed(&rules, &asked, at_us), next_us == at_us);
}

START_TEST(windows_are_half_open_to_the_microsecond)
{
    setup("UTC");
    struct calling_rule rule = rule_of("08:00-20:00");
    const struct calling_query query = {.hours = NULL};
    expect(&rule, 1, &query, "2026-11-24T07:59:59.999999", "2026-11-24T08:00");
    expect(&rule, 1, &query, "2026-11-24T08:00", "2026-11-24T08:00");
    expect(&rule, 1, &query, "2026-11-24T19:59:59.999999", "2026-11-24T19:59:59.999999");
    expect(&rule, 1, &query, "2026-11-24T20:00", "2026-11-25T08:00");
    places_free(places);
}
END_TEST

START_TEST(clocks_that_change_move_the_windows)
{
    setup("America/New_York");
    struct calling_rule skipped = rule_of("02:15-02:45"), repeated = rule_of("01:30-01:40");
    struct calling_rule around = rule_of("01:59-03:01");
    const struct calling_query query = {.hours = NULL};
    /* 14 March 2027: 02:00 to 03:00 does not come; 7 November: 01:00 to 02:00 comes twice. */
    expect(&skipped, 1, &query, "2027-03-14T05:00", "2027-03-15T06:15");
    expect(&around, 1, &query, "2027-03-14T06:59:30", "2027-03-14T06:59:30");
    expect(&around, 1, &query, "2027-03-14T07:00:30", "2027-03-14T07:00:30");
    expect(&around, 1, &query, "2027-03-14T07:01:00", "2027-03-15T05:59");
    expect(&repeated, 1, &query, "2027-11-07T05:00", "2027-11-07T05:30");
    expect(&repeated, 1, &query, "2027-11-07T05:40", "2027-11-07T06:30");
    expect(&repeated, 1, &query, "2027-11-07T06:40", "2027-11-08T06:30");
    places_free(places);
}
END_TEST

START_TEST(all_zones_must_allow_at_once)
{
    setup("America/New_York");
    add_zone("America/Los_Angeles");
    add_zone("Asia/Kathmandu"); /* five and three quarters ahead of UTC */
    struct calling_rule rule = rule_of("08:00-21:00"), night = rule_of("06:10-21:00");
    const struct calling_query query = {.hours = NULL};
    expect(&rule, 1, &query, "2026-11-24T00:00", NULL);
    expect(&night, 1, &query, "2026-11-24T00:00", "2026-11-24T00:25");
    expect(&night, 1, &query, "2026-11-24T02:00", "2026-11-24T14:10");
    expect(&night, 1, &query, "2026-11-24T14:30", "2026-11-24T14:30");
    expect(&night, 1, &query, "2026-11-24T15:15", "2026-11-25T00:25");
    places_free(places);
}
END_TEST

START_TEST(fourteen_days_are_searched_and_no_more)
{
    setup("UTC");
    struct calling_hours hours = {.days = {{.count = 0}}};
    struct calling_rule rule = rule_of(NULL);
    const struct calling_query query = {.hours = &hours};
    hours.days[1] = (struct calling_day){.windows = {{600, 601}}, .count = 1}; /* Tuesday 10:00 */
    rule.has_hours = true;
    rule.hours = hours;
    expect(&rule, 1, &query, "2026-11-24T10:00:59.999999", "2026-11-24T10:00:59.999999");
    expect(&rule, 1, &query, "2026-11-24T10:01", "2026-12-01T10:00");
    /* Shut until 8 December: at ten the window opens 14 days after the first of these instants, and that is too late. */
    rule.hours = (struct calling_hours){.days = {{.count = 0}}};
    rule.until_day = civil_days(2026, 12, 7);
    expect(&rule, 1, &query, "2026-11-24T10:00:00", NULL);
    expect(&rule, 1, &query, "2026-11-24T10:00:00.000001", "2026-12-08T10:00");
    places_free(places);
}
END_TEST

START_TEST(a_cap_counts_a_day_back_and_leases_while_they_last)
{
    setup("UTC");
    struct calling_rule rule = rule_of(NULL);
    rule.cap = 2;
    const int64_t noon = time_of("2026-11-24T12:00");
    const struct calling_attempt attempts[] = {
        {noon, TIME_NONE},
        {noon + 30, TIME_NONE},                           /* 30 µs later */
        {noon + 600 * MINUTE_US, noon + 605 * MINUTE_US}, /* leased at 22:00 */
        {noon + 2000 * MINUTE_US, TIME_NONE},             /* yet to come: 25 November 21:20 */
    };
    const struct calling_query all = {.attempts = attempts, .attempt_count = 4};
    const struct calling_query leased = {.attempts = attempts + 1, .attempt_count = 2};
    expect(&rule, 1, &all, "2026-11-24T12:00:00.000029", "2026-11-24T12:00:00.000029");
    expect(&rule, 1, &all, "2026-11-24T12:00:00.000030", "2026-11-25T12:00");
    expect(&rule, 1, &all, "2026-11-25T11:59:59.999999", "2026-11-25T12:00");
    expect(&rule, 1, &all, "2026-11-25T12:00:00", "2026-11-25T12:00:00");
    expect(&rule, 1, &leased, "2026-11-24T21:59:59", "2026-11-24T21:59:59");
    expect(&rule, 1, &leased, "2026-11-24T22:00:00", "2026-11-24T22:05");
    expect(&rule, 1, &leased, "2026-11-24T22:04:59.999999", "2026-11-24T22:05");
    rule.until_day = civil_days(2026, 11, 24);
    expect(&rule, 1, &all, "2026-11-24T23:00:00", "2026-11-25T00:00");
    places_free(places);
}
END_TEST

START_TEST(rules_bind_kinds_and_consent_lifts_some)
{
    setup("UTC");
    struct calling_rule rule = rule_of("08:00-20:00");
    const struct calling_query query = {.hours = NULL};
    rule.kinds = CALLING_KIND_BIT(CALLING_RECORDED);
    expect(&rule, 1, &query, "2026-11-24T07:00", "2026-11-24T07:00");
    rule.kinds = CALLING_KINDS_ALL;
    rule.consent_lifts = true;
    expect(&rule, 1, &query, "2026-11-24T07:00", "2026-11-24T08:00");
    scope.consents = CALLING_KIND_BIT(CALLING_TEXT);
    expect(&rule, 1, &query, "2026-11-24T07:00", "2026-11-24T08:00");
    scope.consents |= CALLING_KIND_BIT(CALLING_LIVE);
    expect(&rule, 1, &query, "2026-11-24T07:00", "2026-11-24T07:00");
    rule.consent_lifts = false;
    expect(&rule, 1, &query, "2026-11-24T07:00", "2026-11-24T08:00");
    places_free(places);
}
END_TEST

START_TEST(a_rule_with_its_own_zone_and_days_looks_at_no_other)
{
    setup("Pacific/Guam");
    struct calling_rule rule = rule_of("08:00-20:00");
    const struct calling_query query = {.hours = NULL};
    ck_assert_int_eq(places_zone(places, SLICE("America/Chicago"), &rule.zone), ERR_OK);
    expect(&rule, 1, &query, "2026-11-24T10:00", "2026-11-24T14:00");
    rule.from_day = civil_days(2026, 11, 25); /* by Central's calendar */
    expect(&rule, 1, &query, "2026-11-25T05:59", "2026-11-25T05:59");
    expect(&rule, 1, &query, "2026-11-25T06:00", "2026-11-25T14:00");
    places_free(places);
}
END_TEST

UNIT_MAIN("calling_window", windows_are_half_open_to_the_microsecond, clocks_that_change_move_the_windows,
          all_zones_must_allow_at_once, fourteen_days_are_searched_and_no_more,
          a_cap_counts_a_day_back_and_leases_while_they_last, rules_bind_kinds_and_consent_lifts_some,
          a_rule_with_its_own_zone_and_days_looks_at_no_other)
