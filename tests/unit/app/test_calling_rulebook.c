/* The rules that come with the program, by the examples of tests/cases/calling.json. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_test.h"

#include "inlet/app/calling_plan.h"
#include "inlet/base/datetime.h"
#include "inlet/base/mem.h"

#include <stdio.h>

#define CASES_MAX    (1 << 20)
#define ATTEMPTS_MAX 16

static struct arena arena;

static const char *print(struct slice text)
{
    struct slice copy;
    ck_assert_int_eq(arena_copy(&arena, text, &copy), ERR_OK);
    return copy.p ? copy.p : "null";
}

static struct slice text_of(const struct value *object, const char *key)
{
    const struct value *value = value_get(object, slice_from(key));
    return value && value->kind == VALUE_STRING ? value->text : SLICE_NULL;
}

static int64_t time_of(struct slice text)
{
    struct datetime_parts parts;
    if (slice_is_null(text))
        return TIME_NONE;
    ck_assert_msg(datetime_parse(text, &parts) == ERR_OK && parts.has_offset, "%s", print(text));
    return civil_to_us(&parts.civil) - parts.offset_s * INT64_C(1000000);
}

static bool is_true(const struct value *object, const char *key)
{
    const struct value *value = value_get(object, slice_from(key));
    return value && value->kind == VALUE_TRUE;
}

static struct value read_cases(void)
{
    static char text[CASES_MAX];
    struct value cases;
    struct jin_fault fault;
    FILE *file = fopen(INLET_SOURCE_DIR "/tests/cases/calling.json", "r");
    ck_assert_ptr_nonnull(file);
    size_t length = fread(text, 1, sizeof(text), file);
    fclose(file);
    arena_init(&arena, 64 << 20);
    ck_assert_msg(jin_decode(&arena, slice_of(text, length), NULL, &cases, &fault) == ERR_OK, "line %zu: %s",
                  fault.line, fault.what);
    return cases;
}

/* The lead type's plan: what the example says of it, and around the clock at once where it says nothing. */
static const struct calling_plan *plan_of(const struct value *example)
{
    static const char usual[] = "{\"hours\": {\"mon\": [\"00:00-24:00\"], \"tue\": [\"00:00-24:00\"], "
                                "\"wed\": [\"00:00-24:00\"], \"thu\": "
                                "[\"00:00-24:00\"], \"fri\": [\"00:00-24:00\"], \"sat\": [\"00:00-24:00\"], "
                                "\"sun\": [\"00:00-24:00\"]}, "
                                "\"cadence\": [\"0m\"]}";
    static const char *const keys[] = {"kind", "hours", "cadence", "max_attempts"};
    const struct calling_plan *plan = NULL;
    struct value calling;
    struct faults faults;
    faults_init(&faults, &arena);
    ck_assert_int_eq(jin_decode(&arena, slice_from(usual), NULL, &calling, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const struct value *value = value_get(example, slice_from(keys[i]));
        struct value_member member = {.key = slice_from(keys[i])};
        struct value one = {.kind = VALUE_OBJECT, .object = {.members = &member, .count = 1}}, merged;
        if (!value)
            continue;
        member.value = *value;
        ck_assert_int_eq(value_merge(&arena, &calling, &one, &merged), ERR_OK);
        calling = merged;
    }
    ck_assert_int_eq(calling_plan_compile(&arena, &calling, &plan, &faults), ERR_OK);
    return is_true(example, "no_calling") ? NULL : plan;
}

static size_t read_attempts(const struct value *list, struct calling_attempt attempts[ATTEMPTS_MAX])
{
    size_t count = list ? list->array.count : 0;
    ck_assert_uint_le(count, ATTEMPTS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = &list->array.items[i];
        bool reported = item->kind == VALUE_STRING;
        attempts[i].at_us = time_of(reported ? item->text : text_of(item, "at"));
        attempts[i].lease_until_us = reported ? TIME_NONE : time_of(text_of(item, "lease_until"));
    }
    return count;
}

static struct calling_state state_of(const struct value *example, int64_t now_us,
                                     struct calling_attempt attempts[ATTEMPTS_MAX])
{
    const struct value *made = value_get(example, SLICE("made"));
    return (struct calling_state){
        .subject = {.us_state = text_of(example, "state"),
                    .phone = text_of(example, "phone"),
                    .region = text_of(example, "region"),
                    .timezone = text_of(example, "timezone"),
                    .consents = calling_consents(example)},
        .attempts = attempts,
        .attempt_count = read_attempts(value_get(example, SLICE("attempts")), attempts),
        .schedule_started_us = now_us,
        .call_schedule_start_us = time_of(text_of(example, "start")),
        .attempts_made = made ? (unsigned)made->integer : 0,
        .last_attempt_us = time_of(text_of(example, "last")),
        .reengaged = is_true(example, "reengaged"),
        .terminal = is_true(example, "terminal"),
        .call_dnc = is_true(example, "call_dnc"),
        .now_us = now_us,
    };
}

static const char *shown(int64_t us)
{
    static char text[2][DATETIME_MAX];
    static int turn;
    turn = 1 - turn;
    if (us == TIME_NONE)
        return "null";
    datetime_format(us, 0, text[turn]);
    return text[turn];
}

static enum calling_outcome outcome_of(struct slice name)
{
    static const char *const names[] = {"SCHEDULED", "OFF", "COMPLETED", "NO_ZONE", "NO_WINDOW"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (slice_equal(name, slice_from(names[i])))
            return (enum calling_outcome)i;
    }
    return CALLING_SCHEDULED;
}

static void try_case(const struct calling_rules *rules, const struct value *example,
                     const struct value *tried)
{
    const char *about = print(text_of(example, "about")), *at = print(text_of(tried, "at"));
    struct calling_attempt attempts[ATTEMPTS_MAX];
    struct calling_state state = state_of(example, time_of(text_of(tried, "at")), attempts);
    struct calling_next next;
    ck_assert_int_eq(calling_next(rules, plan_of(example), &state, &next), ERR_OK);
    int64_t expected_us = time_of(text_of(tried, "next"));
    ck_assert_msg(next.next_us == expected_us, "%s: at %s: %s instead of %s", about, at, shown(next.next_us),
                  shown(expected_us));
    struct slice reason = vocabulary_text(&lead_next_call_reasons, (int)next.reason);
    ck_assert_msg(slice_equal(reason, text_of(tried, "reason")), "%s: at %s: %s", about, at, print(reason));
    ck_assert_msg(next.outcome == outcome_of(text_of(tried, "outcome")), "%s: at %s: outcome %d", about, at,
                  (int)next.outcome);
}

static void try_zones(const struct calling_rules *rules, const struct value *example)
{
    const struct value *zones = value_get(example, SLICE("zones"));
    struct calling_attempt attempts[ATTEMPTS_MAX];
    struct calling_state state = state_of(example, time_of(SLICE("2026-11-24T15:00:00Z")), attempts);
    struct calling_scope scope;
    if (!zones)
        return;
    ck_assert_int_eq(calling_scope_find(rules, &state.subject, CALLING_LIVE, state.now_us, &scope), ERR_OK);
    ck_assert_msg(scope.zones.count == zones->array.count, "%s: %zu zones", print(text_of(example, "about")),
                  scope.zones.count);
    for (size_t i = 0; i < scope.zones.count; i++)
        ck_assert_str_eq(timezone_name(scope.zones.items[i]), print(zones->array.items[i].text));
}

START_TEST(examples_come_out_as_the_law_has_them)
{
    struct calling_rulebook *rulebook = calling_test_rulebook(NULL);
    const struct calling_rules *rules = calling_rulebook_rules(rulebook);
    struct value examples = read_cases();
    size_t count = 0;
    for (size_t i = 0; i < examples.array.count; i++) {
        const struct value *example = &examples.array.items[i], *cases = value_get(example, SLICE("cases"));
        try_zones(rules, example);
        for (size_t c = 0; c < cases->array.count; c++, count++)
            try_case(rules, example, &cases->array.items[c]);
    }
    ck_assert_uint_ge(count, 90);
    arena_done(&arena);
    calling_rulebook_free(rulebook);
}
END_TEST

static void open_fails(const struct calling_sources *sources, enum err expected, const char *words)
{
    struct buffer faults CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    struct calling_rulebook *rulebook = NULL;
    jin_module_init();
    ck_assert_int_eq(calling_rulebook_open(sources, &faults, &rulebook), expected);
    buffer_append_byte(&faults, '\0');
    ck_assert_msg(strstr(faults.data, words) != NULL, "%s", faults.data);
    ck_assert_ptr_null(rulebook);
}

START_TEST(what_is_wrong_with_files_is_told)
{
    open_fails(&(struct calling_sources){.zone_tab = "/nowhere/zone.tab"}, ERR_CONFIG, "/nowhere/zone.tab: ");
    open_fails(&(struct calling_sources){.zone_tab = "/dev/null"}, ERR_CONFIG, "lists no zone");
    open_fails(&(struct calling_sources){.own_rules = "/nowhere/own.json"}, ERR_CONFIG,
               "/nowhere/own.json: ");
    open_fails(&(struct calling_sources){.own_rules = INLET_SOURCE_DIR "/README.md"}, ERR_CONFIG,
               "README.md: line 1, column 1: ");
    /* A second list of rules must not put the first one out of force without a word. */
    open_fails(
        &(struct calling_sources){.own_rules = INLET_SOURCE_DIR "/tests/cases/calling-rules-key-twice.json"},
        ERR_CONFIG, "calling-rules-key-twice.json: line ");
    /* The rules that come with the program are no file of one's own: every id is there already. */
    open_fails(&(struct calling_sources){.own_rules = INLET_SOURCE_DIR "/data/calling-rules.json"},
               ERR_CONFIG, "calling-rules.json: rules[0].id: Another rule has this id");
}
END_TEST

START_TEST(without_tzdata_zi_the_zones_of_zone_tab_are_known)
{
    struct buffer faults CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    const struct calling_sources sources = {.tzdata_zi = "/nowhere/tzdata.zi"};
    struct calling_rulebook *rulebook = NULL;
    jin_module_init();
    ck_assert_int_eq(calling_rulebook_open(&sources, &faults, &rulebook), ERR_OK);
    const struct places *places = calling_rulebook_rules(rulebook)->places;
    const struct timezone *zone = NULL;
    ck_assert_int_eq(places_zone(places, SLICE("America/Boise"), &zone), ERR_OK);
    ck_assert_int_eq(places_zone(places, SLICE("US/Pacific"), &zone), ERR_NOT_FOUND);
    calling_rulebook_free(rulebook);
}
END_TEST

/* The n-th allocation fails, for every n: an error, nothing lost. */
START_TEST(memory_may_run_out_at_any_point)
{
    jin_module_init();
    for (long n = 1;; n++) {
        struct buffer faults CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
        const struct calling_sources sources = {.own_rules = NULL};
        struct calling_rulebook *rulebook = NULL;
        mem_fault_set(n);
        enum err error = calling_rulebook_open(&sources, &faults, &rulebook);
        bool fired = mem_fault_fired();
        mem_fault_set(-1);
        calling_rulebook_free(rulebook);
        ck_assert_int_eq(error, fired ? ERR_MEMORY : ERR_OK);
        if (!fired)
            break;
    }
}
END_TEST

UNIT_MAIN("calling_rulebook", examples_come_out_as_the_law_has_them, what_is_wrong_with_files_is_told,
          memory_may_run_out_at_any_point, without_tzdata_zi_the_zones_of_zone_tab_are_known)
