/* States and area codes, and their zones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/domain/us_state.h"
#include "place_test.h"

#include "cases.h"

#include <pthread.h>

START_TEST(states_are_known_by_code_and_name)
{
    static const char *const rows[][2] = {
        {"TX", "TX"},
        {"tx", "TX"},
        {" Texas ", "TX"},
        {"new york", "NY"},
        {"DC", "DC"},
        {"D.C.", "DC"},
        {"Washington, D.C.", "DC"},
        {"Washington", "WA"},
        {"PR", "PR"},
        {"Puerto Rico", "PR"},
        {"US Virgin Islands", "VI"},
        {"AE", "AE"},
        {"", ""},
        {"Texass", ""},
        {"TXX", ""},
        {"Ontario", ""},
        {"West Virginia", "WV"},
        {"virginia", "VA"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice code = vocabulary_text(&us_states, place_state(slice_from(rows[i][0])));
        ck_assert_msg(slice_equal(code, slice_from(rows[i][1])), "%s", rows[i][0]);
    }
}
END_TEST

static void join_names(const struct place_zones *zones, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < zones->count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "",
                                   timezone_name(zones->items[i]));
}

/* tests/cases/places.tsv: a number or a state, the number's state, the zones. */
START_TEST(places_have_the_zones_of_their_whole_territory)
{
    struct places *places = place_test_places();
    struct cases cases;
    struct slice columns[CASES_COLUMNS_MAX];
    unsigned count = 0;
    cases_open(&cases, "places.tsv");
    while (cases_next(&cases, 3, columns)) {
        struct place_zones zones;
        char names[4096];
        struct place_number number = place_of_number(columns[0], SLICE(""));
        if (columns[0].p[0] == '+')
            ck_assert_int_eq(place_zones_of_number(places, &number, columns[0], &zones), ERR_OK);
        else
            place_zones_of_state(places, place_state(columns[0]), &zones);
        join_names(&zones, names, sizeof(names));
        struct slice state = vocabulary_text(&us_states, number.state);
        ck_assert_msg(slice_equal(slice_from(names), columns[2]), "line %u: %s", cases.number, names);
        ck_assert_msg(slice_equal(state, slice_equal(columns[1], SLICE("-")) ? SLICE("") : columns[1]),
                      "line %u", cases.number);
        count++;
    }
    ck_assert_uint_ge(count, 80);
    places_free(places);
}
END_TEST

/* 49 CFR 71 gives zones to every state; an area code never has a zone its state has not. */
START_TEST(no_area_code_leaves_its_state)
{
    struct places *places = place_test_places();
    unsigned known = 0;
    for (unsigned area = 200; area < 1000; area++) {
        char phone[16];
        struct place_zones of_number, of_state;
        snprintf(phone, sizeof(phone), "+1%u5550123", area);
        struct place_number number = place_of_number(slice_from(phone), SLICE(""));
        if (!number.state)
            continue;
        known++;
        ck_assert_int_eq(place_zones_of_number(places, &number, slice_from(phone), &of_number), ERR_OK);
        place_zones_of_state(places, number.state, &of_state);
        ck_assert_uint_gt(of_number.count, 0);
        size_t before = of_state.count;
        place_zones_join(&of_state, &of_number);
        ck_assert_msg(of_state.count == before, "%u", area);
    }
    ck_assert_uint_eq(known, 380);
    places_free(places);
}
END_TEST

START_TEST(a_region_that_is_known_beats_the_calling_code)
{
    struct places *places = place_test_places();
    struct slice phone = SLICE("+77172580000");
    struct place_zones narrow, wide;
    struct place_number number = place_of_number(phone, SLICE("KZ"));
    ck_assert_int_eq(place_zones_of_number(places, &number, phone, &narrow), ERR_OK);
    number = place_of_number(phone, SLICE(""));
    ck_assert_int_eq(place_zones_of_number(places, &number, phone, &wide), ERR_OK);
    ck_assert_uint_gt(narrow.count, 0);
    ck_assert_uint_gt(wide.count, narrow.count + 10); /* Russia's as well */
    places_free(places);
}
END_TEST

START_TEST(zones_are_known_by_all_their_names)
{
    static const char *const known[] = {"America/New_York", "US/Pacific",    "UTC",
                                        "Etc/GMT+5",        "Asia/Calcutta", "EST5EDT"};
    static const char *const unknown[] = {
        "",           "America",   "/etc/localtime",         "localtime",
        "posixrules", "../passwd", "right/America/New_York", "america/new_york",
        "EST+5",      ":UTC"};
    struct places *places = place_test_places();
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        const struct timezone *zone = NULL, *again = NULL;
        ck_assert_msg(places_zone(places, slice_from(known[i]), &zone) == ERR_OK, "%s", known[i]);
        ck_assert_int_eq(places_zone(places, slice_from(known[i]), &again), ERR_OK);
        ck_assert_ptr_eq(zone, again);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(unknown); i++) {
        const struct timezone *zone = NULL;
        ck_assert_msg(places_zone(places, slice_from(unknown[i]), &zone) == ERR_NOT_FOUND, "%s", unknown[i]);
    }
    places_free(places);
}
END_TEST

START_TEST(a_zone_tab_that_is_none_is_refused)
{
    char fault[PLACES_FAULT_MAX];
    struct places *places = NULL;
    ck_assert_int_eq(places_new(SLICE("# nothing\n"), SLICE_NULL, &places, fault), ERR_CONFIG);
    ck_assert_str_eq(fault, "tzdata's zone.tab lists no zone of any country");
    ck_assert_int_eq(places_new(SLICE("GB\t+5130-00007\tEurope/London\n"), SLICE_NULL, &places, fault),
                     ERR_CONFIG);
    ck_assert_str_eq(fault, "tzdata lacks the time zone America/New_York");
    ck_assert_ptr_null(places);
}
END_TEST

static struct places *shared;

static void *load_many(void *argument)
{
    static const char *const names[] = {
        "Europe/Paris", "Asia/Tokyo",     "US/Pacific",   "Africa/Cairo", "Nowhere/At_All",
        "Etc/GMT+5",    "Asia/Kathmandu", "America/Lima", "NZ",           "Australia/Perth"};
    const struct timezone **ret_zones = argument;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (places_zone(shared, slice_from(names[i]), &ret_zones[i]) != ERR_OK)
            ret_zones[i] = NULL;
    }
    return NULL;
}

START_TEST(threads_that_load_a_zone_at_once_get_the_same)
{
    enum { THREADS = 4, NAMES = 10 };
    const struct timezone *zones[THREADS][NAMES];
    pthread_t threads[THREADS];
    shared = place_test_places();
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, load_many, (void *)zones[i]), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        for (int n = 0; n < NAMES; n++)
            ck_assert_ptr_eq(zones[i][n], zones[0][n]);
        ck_assert_ptr_nonnull(zones[i][0]);
        ck_assert_ptr_null(zones[i][4]);
    }
    places_free(shared);
}
END_TEST

START_TEST(the_tables_are_those_of_the_data)
{
    ck_assert_int_eq(system("python3 " INLET_SOURCE_DIR "/tools/places/generate.py --check"), 0);
}
END_TEST

UNIT_MAIN("place", states_are_known_by_code_and_name, places_have_the_zones_of_their_whole_territory,
          no_area_code_leaves_its_state, a_region_that_is_known_beats_the_calling_code,
          zones_are_known_by_all_their_names, a_zone_tab_that_is_none_is_refused,
          threads_that_load_a_zone_at_once_get_the_same, the_tables_are_those_of_the_data)
