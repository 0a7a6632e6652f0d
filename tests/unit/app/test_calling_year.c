/* Every state and every hour of a year, both nights the clocks change minute by minute, against a slow checker in Python. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_test.h"

#include "inlet/base/datetime.h"
#include "inlet/domain/us_state.h"

#include <stdio.h>

#define MINUTE_US    INT64_C(60000000)
#define HALF_US      INT64_C(30000000)
#define YEAR_MINUTES (365 * 1440)
#define HOUR         60

/* Minutes of the year 2027 around which the clocks change: 14 March and 7 November, from noon to noon UTC about it. */
#define SPRING_FROM ((31 + 28 + 13 - 1) * 1440 + 1200)
#define AUTUMN_FROM ((304 + 7 - 2) * 1440 + 1200)
#define NIGHT       (32 * HOUR)

static FILE *checker;
static const struct calling_rules *rules;
static struct calling_hours plan_hours;

struct year_case {
    const char *state, *phone, *timezone;
    enum calling_kind kind;
    bool consent, plan, half; /* half: asks about second 30 of a minute */
};

static int64_t start_us(void)
{
    return civil_days(2027, 1, 1) * 1440 * MINUTE_US;
}

static const char *or_dash(const char *text)
{
    return text[0] ? text : "-";
}

static struct calling_scope begin(const struct year_case *tried, int64_t at_us)
{
    struct calling_scope scope;
    const struct calling_subject subject = {
        .us_state = slice_from(tried->state),
        .phone = slice_from(tried->phone),
        .timezone = slice_from(tried->timezone),
        .consents = tried->consent ? CALLING_KIND_BIT((unsigned)tried->kind) : 0,
    };
    struct slice kind = vocabulary_text(&calling_kinds, (int)tried->kind);
    ck_assert_int_eq(calling_scope_find(rules, &subject, tried->kind, at_us, &scope), ERR_OK);
    fprintf(checker, "%c %s %s %s %.*s %.*s %s\n", tried->half ? 'S' : 'C', or_dash(tried->state),
            or_dash(tried->phone), or_dash(tried->timezone), SLICE_ARG(kind),
            SLICE_ARG(tried->consent ? kind : SLICE("-")), tried->plan ? "plan" : "-");
    return scope;
}

static void ask(const struct year_case *tried, const struct calling_scope *scope, int64_t minute)
{
    const struct calling_query query = {.scope = scope, .hours = tried->plan ? &plan_hours : NULL};
    int64_t at_us = start_us() + minute * MINUTE_US + (tried->half ? HALF_US : 0);
    int64_t next_us = calling_first_allowed(rules, &query, at_us);
    fprintf(checker, "%lld %d ", (long long)minute, calling_allowed(rules, &query, at_us));
    if (next_us == TIME_NONE)
        fputs("-\n", checker);
    else if (next_us == at_us)
        fprintf(checker, "%lld\n", (long long)minute);
    else
        fprintf(checker, "%lld%s\n", (long long)((next_us - start_us()) / MINUTE_US),
                (next_us - start_us()) % MINUTE_US == 0 ? "" : " is no whole minute");
}

static void ask_range(const struct year_case *tried, int64_t from, int64_t until, int64_t step)
{
    struct calling_scope scope = begin(tried, start_us());
    for (int64_t minute = from; minute < until; minute += step)
        ask(tried, &scope, minute);
}

/* A number of a state that narrows nothing: toll-free. */
#define PLAIN "+18005550123"

static void ask_states(void)
{
    for (size_t i = 1; i < us_states.count; i++) {
        struct year_case tried = {
            .state = us_states.texts[i].p, .phone = PLAIN, .timezone = "", .kind = CALLING_LIVE};
        ask_range(&tried, 0, YEAR_MINUTES, HOUR);
        ask_range(&tried, SPRING_FROM, SPRING_FROM + NIGHT, 1);
        ask_range(&tried, AUTUMN_FROM, AUTUMN_FROM + NIGHT, 1);
        for (int kind = CALLING_AUTOMATED; kind <= CALLING_TEXT; kind++) {
            tried.kind = (enum calling_kind)kind;
            ask_range(&tried, 7, YEAR_MINUTES, 11 * HOUR + 13);
        }
        tried.kind = CALLING_LIVE;
        tried.consent = tried.plan = true;
        ask_range(&tried, 3, YEAR_MINUTES, 7 * HOUR + 11);
        tried.half = true;
        ask_range(&tried, 0, YEAR_MINUTES, 13 * HOUR);
    }
}

/* Every area code there could be, with no state, with one of its own or another: xorshift picks. */
static unsigned next_random(unsigned *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void ask_area_codes(void)
{
    static const char *const timezones[] = {
        "",
        "America/New_York",
        "America/Indiana/Tell_City",
        "US/Pacific",
        "America/Phoenix",
        "Etc/GMT+5",
        "America/Nome",
        "Nowhere/Else",
        "America/Boise",
        "Europe/London",
        "UTC",
        "America/Sao_Paulo",
        "right/America/Chicago",
        "Asia/Kathmandu",
    };
    unsigned random = 20270101;
    for (unsigned area = 200; area < 1000; area++) {
        char phone[16];
        snprintf(phone, sizeof(phone), "+1%u5550123", area);
        for (int i = 0; i < 3; i++) {
            unsigned state = i == 0 ? 0 : next_random(&random) % (unsigned)us_states.count;
            const char *code = state ? us_states.texts[state].p : "";
            struct year_case tried = {.state = code, .phone = phone, .kind = CALLING_LIVE};
            tried.timezone = timezones[i == 0 ? 0 : next_random(&random) % ARRAY_LENGTH(timezones)];
            ask_range(&tried, next_random(&random) % 1440, YEAR_MINUTES, 9 * 1440 + 7 * HOUR + 1);
        }
    }
}

static void ask_countries(void)
{
    static const char *const phones[] = {
        "+442079460018",  "+77172580000",  "+74951234567",  "+61291234567",   "+3312345678",
        "+8001234567",    "+870773111632", "+88161234567",  "+8835100123456", "",
        "+5511987654321", "+4721234567",   "+212612345678", "+3903831234",    "+6799123456",
        "+2901234"};
    for (size_t i = 0; i < ARRAY_LENGTH(phones); i++) {
        for (int state = 0; state < 2; state++) {
            struct year_case tried = {.state = state ? "UT" : "",
                                      .phone = phones[i],
                                      .timezone = "",
                                      .kind = CALLING_LIVE,
                                      .plan = true};
            ask_range(&tried, 11, YEAR_MINUTES, 5 * HOUR + 3);
        }
    }
}

START_TEST(a_year_in_every_state_is_as_the_slow_checker_reckons)
{
    struct calling_rulebook *rulebook = calling_test_rulebook(NULL);
    rules = calling_rulebook_rules(rulebook);
    for (int day = 0; day < 6; day++) {
        struct slice texts[] = {SLICE("09:00-12:00"), SLICE("13:00-20:30"), SLICE("10:00-24:00")};
        struct calling_window window;
        for (int i = day < 5 ? 0 : 2; i < (day < 5 ? 2 : 3); i++) {
            ck_assert_int_eq(calling_window_parse(texts[i], &window), ERR_OK);
            ck_assert_int_eq(calling_day_add(&plan_hours.days[day], window), ERR_OK);
        }
    }
    checker = popen("python3 " INLET_SOURCE_DIR "/tests/unit/app/calling_year.py", "w");
    ck_assert_ptr_nonnull(checker);
    ask_states();
    ask_area_codes();
    ask_countries();
    ck_assert_int_eq(pclose(checker), 0);
    calling_rulebook_free(rulebook);
}
END_TEST

UNIT_MAIN("calling_year", a_year_in_every_state_is_as_the_slow_checker_reckons)
