/* Time zones of the system's tzdata. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/timezone.h"

#include "inlet/base/datetime.h"
#include "inlet/base/mem.h"
#include "unit.h"

static struct timezone *load(const char *name)
{
    struct timezone *zone = NULL;
    ck_assert_msg(timezone_load(name, &zone) == ERR_OK, "%s", name);
    ck_assert_str_eq(timezone_name(zone), name);
    return zone;
}

/* Microseconds of a text, as if it were UTC. */
static int64_t us_of(const char *text)
{
    struct datetime_parts parts;
    ck_assert_msg(datetime_parse(slice_from(text), &parts) == ERR_OK, "%s", text);
    return civil_to_us(&parts.civil);
}

START_TEST(offsets_change_at_the_very_instant)
{
    static const struct {
        const char *zone, *utc;
        int offset_s;
    } rows[] = {
        {"UTC", "2026-07-01T00:00", 0},
        {"America/Los_Angeles", "2026-03-08T09:59:59.999999", -28800},
        {"America/Los_Angeles", "2026-03-08T10:00:00", -25200},
        {"America/Los_Angeles", "2026-11-01T08:59:59.999999", -25200},
        {"America/Los_Angeles", "2026-11-01T09:00:00", -28800},
        {"America/Phoenix", "2026-07-01T00:00", -25200},
        {"Pacific/Honolulu", "2026-07-01T00:00", -36000},
        {"America/St_Johns", "2026-07-01T00:00", -9000},
        {"Asia/Kathmandu", "2026-07-01T00:00", 20700},
        {"Australia/Lord_Howe", "2026-07-01T00:00", 37800},
        {"Australia/Lord_Howe", "2026-01-01T00:00", 39600},
        {"Pacific/Apia", "2011-12-30T09:59:59", -36000},
        {"Pacific/Apia", "2011-12-30T10:00:00", 50400},
        {"Africa/Monrovia", "1972-01-07T00:44:29", -2670},
        {"Africa/Monrovia", "1972-01-07T00:44:30", 0},
        {"America/New_York", "1883-11-18T17:00:00", -18000},
        {"America/New_York", "2090-07-01T00:00:00", -14400},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        CLEANUP(timezone_free_pointer) struct timezone *zone = load(rows[i].zone);
        for (int again = 0; again < 2; again++)
            ck_assert_msg(timezone_offset_s(zone, us_of(rows[i].utc)) == rows[i].offset_s, "%s %s",
                          rows[i].zone, rows[i].utc);
    }
}
END_TEST

START_TEST(local_times_have_one_instant_two_or_none)
{
    static const struct {
        const char *zone, *local, *utc;
        enum local_kind kind;
    } rows[] = {
        {"UTC", "2026-03-08T02:30", "2026-03-08T02:30", LOCAL_UNIQUE},
        {"America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59", LOCAL_UNIQUE},
        {"America/New_York", "2026-03-08T02:00", "2026-03-08T07:00", LOCAL_MISSING},
        {"America/New_York", "2026-03-08T02:30", "2026-03-08T07:30", LOCAL_MISSING},
        {"America/New_York", "2026-03-08T03:00", "2026-03-08T07:00", LOCAL_UNIQUE},
        {"America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59", LOCAL_UNIQUE},
        {"America/New_York", "2026-11-01T01:00", "2026-11-01T05:00", LOCAL_AMBIGUOUS},
        {"America/New_York", "2026-11-01T01:59:59", "2026-11-01T05:59:59", LOCAL_AMBIGUOUS},
        {"America/New_York", "2026-11-01T02:00", "2026-11-01T07:00", LOCAL_UNIQUE},
        {"America/New_York", "2026-11-01T12:00", "2026-11-01T17:00", LOCAL_UNIQUE},
        {"America/Phoenix", "2026-03-08T02:30", "2026-03-08T09:30", LOCAL_UNIQUE},
        {"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", LOCAL_AMBIGUOUS},
        {"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", LOCAL_MISSING},
        {"Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00", LOCAL_MISSING},
        {"Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00", LOCAL_UNIQUE},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        CLEANUP(timezone_free_pointer) struct timezone *zone = load(rows[i].zone);
        int64_t utc = 0;
        enum local_kind kind = timezone_local_to_utc(zone, us_of(rows[i].local), &utc);
        ck_assert_msg(kind == rows[i].kind, "%s %s: kind %d", rows[i].zone, rows[i].local, (int)kind);
        ck_assert_msg(utc == us_of(rows[i].utc), "%s %s", rows[i].zone, rows[i].local);
    }
}
END_TEST

/* Whatever an earlier question or another zone left behind, two zones never answer for each other. */
START_TEST(zones_do_not_mix)
{
    CLEANUP(timezone_free_pointer) struct timezone *east = load("Asia/Tokyo");
    CLEANUP(timezone_free_pointer) struct timezone *west = load("America/Chicago");
    int64_t from = us_of("2026-03-01T00:00");
    for (int64_t minute = 0; minute < 60 * 24 * 14; minute += 7) {
        int64_t utc = from + minute * 60000000;
        ck_assert_int_eq(timezone_offset_s(east, utc), 32400);
        ck_assert_int_eq(timezone_offset_s(west, utc), utc < us_of("2026-03-08T08:00") ? -21600 : -18000);
    }
    for (int i = 0; i < 50; i++) {
        CLEANUP(timezone_free_pointer) struct timezone *zone = load(i % 2 ? "Asia/Tokyo" : "America/Chicago");
        ck_assert_int_eq(timezone_offset_s(zone, from), i % 2 ? 32400 : -21600);
    }
}
END_TEST

START_TEST(only_names_of_tzdata_are_loaded)
{
    static const char *const rows[] = {"",
                                       "Mars/Olympus",
                                       ":UTC",
                                       "/usr/share/zoneinfo/UTC",
                                       "../UTC",
                                       "America/../UTC",
                                       "+05:00x",
                                       "America/Los_Angeles/",
                                       "EST5EDT,M3.2.0,M11.1.0x"};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct timezone *zone = NULL;
        ck_assert_msg(timezone_load(rows[i], &zone) == ERR_NOT_FOUND, "%s", rows[i]);
        ck_assert_ptr_null(zone);
    }
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    struct timezone *zone = NULL;
    mem_fault_set(1);
    ck_assert_int_eq(timezone_load("UTC", &zone), ERR_MEMORY);
    mem_fault_set(-1);
    ck_assert_ptr_null(zone);
    ck_assert_ptr_null(timezone_free(NULL));
}
END_TEST

UNIT_MAIN("timezone", offsets_change_at_the_very_instant, local_times_have_one_instant_two_or_none,
          zones_do_not_mix, only_names_of_tzdata_are_loaded, no_memory_is_an_error)
