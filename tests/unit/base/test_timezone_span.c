/* Spans of equal offset. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/base/datetime.h"
#include "inlet/base/timezone.h"
#include "unit.h"

static struct timezone *load(const char *name)
{
    struct timezone *zone = NULL;
    ck_assert_msg(timezone_load(name, &zone) == ERR_OK, "%s", name);
    return zone;
}

static int64_t us_of(const char *text)
{
    struct datetime_parts parts;
    ck_assert_msg(datetime_parse(slice_from(text), &parts) == ERR_OK, "%s", text);
    return civil_to_us(&parts.civil);
}

START_TEST(a_span_ends_where_the_clocks_change)
{
    static const struct {
        const char *zone, *at, *from, *until;
        int offset_s;
    } rows[] = {
        {"America/New_York", "2027-01-15T12:00", "2026-11-01T06:00", "2027-03-14T07:00", -18000},
        {"America/New_York", "2027-03-14T06:59:59.999999", "2026-11-01T06:00", "2027-03-14T07:00", -18000},
        {"America/New_York", "2027-03-14T07:00", "2027-03-14T07:00", "2027-11-07T06:00", -14400},
        {"Australia/Lord_Howe", "2027-01-01T00:00", "2026-10-03T15:30", "2027-04-03T15:00", 39600},
        {"America/New_York", "2090-07-01T00:00", "2090-03-12T07:00", "2090-11-05T06:00", -14400},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        CLEANUP(timezone_free_pointer) struct timezone *zone = load(rows[i].zone);
        for (int again = 0; again < 2; again++) {
            struct timezone_span span = timezone_span(zone, us_of(rows[i].at));
            ck_assert_msg(span.from_us == us_of(rows[i].from), "row %zu", i);
            ck_assert_msg(span.until_us == us_of(rows[i].until), "row %zu", i);
            ck_assert_int_eq(span.offset_s, rows[i].offset_s);
        }
    }
}
END_TEST

/* A zone that never changes has spans all the same: of no more than it was worth to look. */
START_TEST(spans_follow_each_other_without_gaps)
{
    static const char *const zones[] = {"UTC", "America/Phoenix", "America/Chicago", "Africa/Casablanca",
                                        "Europe/Dublin"};
    for (size_t i = 0; i < ARRAY_LENGTH(zones); i++) {
        CLEANUP(timezone_free_pointer) struct timezone *zone = load(zones[i]);
        int64_t at_us = us_of("2025-01-01T00:00"), end_us = us_of("2040-01-01T00:00");
        while (at_us < end_us) {
            struct timezone_span span = timezone_span(zone, at_us);
            ck_assert(span.from_us <= at_us && span.until_us > at_us);
            ck_assert_int_eq(timezone_offset_s(zone, at_us), span.offset_s);
            ck_assert_int_eq(timezone_offset_s(zone, span.until_us - 1), span.offset_s);
            at_us = span.until_us;
        }
    }
}
END_TEST

START_TEST(names_do_not_count_when_clocks_are_compared)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"America/New_York", "America/New_York", true},
        {"America/New_York", "America/Indiana/Indianapolis", true},
        {"America/New_York", "US/Eastern", true},
        {"America/Denver", "America/Boise", true},
        {"America/Phoenix", "Etc/GMT+7", true},
        {"America/Denver", "America/Phoenix", false},
        {"America/New_York", "America/Jamaica", false},
        {"America/New_York", "America/Havana", false},
        {"America/Adak", "Pacific/Honolulu", false},
        {"Europe/London", "UTC", false},
        {"Europe/Dublin", "Europe/London", true},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        CLEANUP(timezone_free_pointer) struct timezone *a = load(rows[i].a);
        CLEANUP(timezone_free_pointer) struct timezone *b = load(rows[i].b);
        /* In winter as in summer: a year is always looked at as a whole. */
        ck_assert_msg(timezone_same_year(a, b, us_of("2026-12-01T00:00")) == rows[i].same, "%s", rows[i].b);
        ck_assert_msg(timezone_same_year(b, a, us_of("2026-07-01T00:00")) == rows[i].same, "%s", rows[i].b);
    }
}
END_TEST

UNIT_MAIN("timezone_span", a_span_ends_where_the_clocks_change, spans_follow_each_other_without_gaps,
          names_do_not_count_when_clocks_are_compared)
