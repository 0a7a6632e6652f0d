/* A lead type's `calling`, and what metadata says to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_test.h"

#include "inlet/app/calling_plan.h"

static struct arena arena;

static struct value json(const char *text)
{
    struct value value;
    struct jin_fault fault;
    ck_assert_msg(jin_decode(&arena, slice_from(text), NULL, &value, &fault) == ERR_OK, "%s: %s", text,
                  fault.what);
    return value;
}

static void setup(void)
{
    jin_module_init();
    arena_init(&arena, 1 << 20);
}

START_TEST(a_plan_has_its_defaults)
{
    setup();
    const struct calling_plan *plan = NULL;
    struct value calling =
        json("{\"hours\": {\"sat\": [\"22:00-24:00\", \"09:00-20:00\"]}, \"cadence\": [\"0m\", \"2d\"]}");
    struct faults faults;
    faults_init(&faults, &arena);
    ck_assert_int_eq(calling_plan_compile(&arena, &calling, &plan, &faults), ERR_OK);
    ck_assert_int_eq(plan->kind, CALLING_LIVE);
    ck_assert_uint_eq(plan->wait_count, 2);
    ck_assert_uint_eq(plan->max_attempts, 2);
    ck_assert_int_eq(plan->waits_us[1], INT64_C(172800000000));
    ck_assert_uint_eq(plan->hours.days[0].count, 0);
    ck_assert_uint_eq(plan->hours.days[5].count, 2);
    ck_assert_uint_eq(plan->hours.days[5].windows[0].from, 540);
    ck_assert_uint_eq(plan->hours.days[5].windows[1].until, 1440);
    arena_done(&arena);
}
END_TEST

START_TEST(null_is_no_calling)
{
    setup();
    const struct calling_plan other = {.kind = CALLING_TEXT}, *plan = &other;
    struct value calling = json("null");
    struct faults faults;
    faults_init(&faults, &arena);
    ck_assert_int_eq(calling_plan_compile(&arena, &calling, &plan, &faults), ERR_OK);
    ck_assert_ptr_null(plan);
    arena_done(&arena);
}
END_TEST

START_TEST(every_fault_is_found_and_named)
{
    static const struct {
        const char *calling;
        const char *fields[4];
    } rows[] = {
        {"[]", {"calling"}},
        {"{}", {"calling.hours", "calling.cadence"}},
        {"{\"hours\": {}, \"cadence\": [\"0m\"], \"cadenze\": 1}", {"calling.cadenze"}},
        {"{\"hours\": {\"mon\": [\"20:00-09:00\"], \"daily\": []}, \"cadence\": [\"0m\", \"1w\", 5]}",
         {"calling.hours.mon[0]", "calling.hours.daily", "calling.cadence[1]", "calling.cadence[2]"}},
        {"{\"hours\": [], \"cadence\": [], \"kind\": \"fax\", \"max_attempts\": 0}",
         {"calling.hours", "calling.cadence", "calling.kind", "calling.max_attempts"}},
        {"{\"hours\": {\"mon\": [\"09:00-24:01\"]}, \"cadence\": [\"0m\"], \"max_attempts\": \"6\"}",
         {"calling.hours.mon[0]", "calling.max_attempts"}},
        {"{\"hours\": {}, \"cadence\": [\"367d\"], \"kind\": null, \"max_attempts\": 1001}",
         {"calling.cadence[0]", "calling.kind", "calling.max_attempts"}},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        setup();
        const struct calling_plan *plan = NULL;
        struct value calling = json(rows[i].calling);
        struct faults faults;
        size_t expected = 0;
        faults_init(&faults, &arena);
        ck_assert_int_eq(calling_plan_compile(&arena, &calling, &plan, &faults), ERR_INVALID);
        ck_assert_ptr_null(plan);
        while (expected < 4 && rows[i].fields[expected])
            expected++;
        ck_assert_msg(faults.count == expected, "row %zu: %zu faults", i, faults.count);
        for (size_t f = 0; f < faults.count; f++)
            ck_assert_msg(slice_equal(faults.items[f].field, slice_from(rows[i].fields[f])), "row %zu: %.*s",
                          i, SLICE_ARG(faults.items[f].field));
        arena_done(&arena);
    }
}
END_TEST

START_TEST(consent_names_the_kinds_it_is_for)
{
    static const struct {
        const char *metadata;
        unsigned consents;
    } rows[] = {
        {"{}", 0},
        {"{\"consent\": [\"live\", \"text\"]}",
         CALLING_KIND_BIT(CALLING_LIVE) | CALLING_KIND_BIT(CALLING_TEXT)},
        {"{\"consent\": \"recorded\"}", CALLING_KIND_BIT(CALLING_RECORDED)},
        {"{\"consent\": true}", 0},
        {"{\"consent\": [\"LIVE\", 1, null, \"all\"]}", 0},
        {"{\"consent\": {\"live\": true}}", 0},
        {"[\"live\"]", 0},
    };
    setup();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value metadata = json(rows[i].metadata);
        ck_assert_msg(calling_consents(&metadata) == rows[i].consents, "%s", rows[i].metadata);
    }
    struct value metadata = json("{\"timezone\": \"America/Denver\"}");
    ck_assert(slice_equal(calling_timezone(&metadata), SLICE("America/Denver")));
    metadata = json("{\"timezone\": 5}");
    ck_assert(slice_is_null(calling_timezone(&metadata)));
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("calling_plan", a_plan_has_its_defaults, null_is_no_calling, every_fault_is_found_and_named,
          consent_names_the_kinds_it_is_for)
