/* What the tests of field tables share: a table with a field of every kind, and results as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_SCHEMA_TEST_H
#define INLET_TESTS_SCHEMA_TEST_H

#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "inlet/schema/field.h"
#include "unit.h"

#include <string.h>

/* One field of every kind, and texts with different rules. */
struct sample {
    struct optional_text text, name, mail;
    struct optional_integer integer, count, key;
    struct optional_choice choice;
    struct optional_boolean boolean;
    struct optional_time time;
    struct optional_value object, list, any;
};

static const struct slice sample_words[] = {
    {NULL, 0}, SLICE_INIT("ONE"), SLICE_INIT("2"), SLICE_INIT("True")};
static const struct vocabulary sample_vocabulary = {sample_words, ARRAY_LENGTH(sample_words)};

/* Takes "good", makes "better" of "worse", refuses the rest. */
static inline bool sample_check(const struct schema_context *context, struct slice text,
                                struct slice *ret_text, enum fault_kind *ret_fault)
{
    (void)context;
    *ret_fault = FAULT_NOT_EMAIL;
    if (slice_equal(text, SLICE("worse")))
        *ret_text = SLICE("better");
    return slice_equal(text, SLICE("good")) || slice_equal(text, SLICE("worse"));
}

static inline bool sample_exists(void *lookup, int64_t id)
{
    const int64_t *known = lookup;
    return id == *known;
}

#define SAMPLE(member, type) .name = #member, .kind = (type), .offset = offsetof(struct sample, member)

static const struct field sample_rows[] = {
    {SAMPLE(text, FIELD_TEXT), .flags = FIELD_NULL | FIELD_BLANK, .length_max = 5},
    {SAMPLE(name, FIELD_TEXT), .flags = FIELD_REQUIRED},
    {SAMPLE(mail, FIELD_TEXT), .check = sample_check, .check_always = true, .not_text = FAULT_NOT_EMAIL,
     .length_max = 5},
    {SAMPLE(integer, FIELD_INTEGER), .flags = FIELD_NULL},
    {SAMPLE(count, FIELD_INTEGER), .has_minimum = true, .has_maximum = true, .minimum = -2, .maximum = 10},
    {SAMPLE(key, FIELD_KEY), .flags = FIELD_NULL, .exists = sample_exists},
    {SAMPLE(choice, FIELD_CHOICE), .flags = FIELD_NULL | FIELD_BLANK, .choices = &sample_vocabulary},
    {SAMPLE(boolean, FIELD_BOOLEAN)},
    {SAMPLE(time, FIELD_TIME), .flags = FIELD_NULL},
    {SAMPLE(object, FIELD_OBJECT), .flags = FIELD_NULL},
    {SAMPLE(list, FIELD_LIST)},
    {SAMPLE(any, FIELD_ANY), .flags = FIELD_NULL},
};
static const struct field_table sample_table = {sample_rows, ARRAY_LENGTH(sample_rows)};

/* The id that exists for FIELD_KEY. */
#define SAMPLE_KEY INT64_C(7)

static const char *const fault_names[] = {
    [FAULT_REQUIRED] = "REQUIRED",
    [FAULT_NULL] = "NULL",
    [FAULT_BLANK] = "BLANK",
    [FAULT_NOT_TEXT] = "NOT_TEXT",
    [FAULT_TOO_LONG] = "TOO_LONG",
    [FAULT_NULL_CHARACTER] = "NULL_CHARACTER",
    [FAULT_SURROGATE] = "SURROGATE",
    [FAULT_NOT_INTEGER] = "NOT_INTEGER",
    [FAULT_INTEGER_TEXT_TOO_LONG] = "INTEGER_TEXT_TOO_LONG",
    [FAULT_TOO_SMALL] = "TOO_SMALL",
    [FAULT_TOO_LARGE] = "TOO_LARGE",
    [FAULT_NOT_KEY] = "NOT_KEY",
    [FAULT_KEY_UNKNOWN] = "KEY_UNKNOWN",
    [FAULT_NOT_CHOICE] = "NOT_CHOICE",
    [FAULT_NOT_BOOLEAN] = "NOT_BOOLEAN",
    [FAULT_TIME_FORMAT] = "TIME_FORMAT",
    [FAULT_TIME_MISSING] = "TIME_MISSING",
    [FAULT_TIME_RANGE] = "TIME_RANGE",
    [FAULT_NOT_OBJECT] = "NOT_OBJECT",
    [FAULT_NOT_LIST] = "NOT_LIST",
    [FAULT_NOT_EMAIL] = "NOT_EMAIL",
    [FAULT_NOT_PHONE] = "NOT_PHONE",
    [FAULT_OTHER] = "OTHER",
};

/* A decoding and what came of it. */
struct run {
    struct arena arena;
    struct timezone *timezone;
    struct sample sample;
    struct faults faults;
    struct buffer text;
};

static inline void run_init(struct run *run)
{
    memset(run, 0, sizeof(*run));
    arena_init(&run->arena, (size_t)64 << 20);
    buffer_init(&run->text, (size_t)1 << 20);
    ck_assert_int_eq(timezone_load("America/Los_Angeles", &run->timezone), ERR_OK);
}

static inline void run_done(struct run *run)
{
    timezone_free(run->timezone);
    buffer_done(&run->text);
    arena_done(&run->arena);
}

/* Decodes INPUT from scratch. */
static inline void run_decode(struct run *run, const struct schema_input *input, bool partial)
{
    static int64_t known = SAMPLE_KEY;
    struct schema_context context = {
        .arena = &run->arena, .timezone = run->timezone, .partial = partial, .lookup = &known};
    run->sample = (struct sample){0};
    faults_init(&run->faults, &run->arena);
    ck_assert_int_eq(schema_decode(&sample_table, &context, input, &run->sample, &run->faults), ERR_OK);
}

static inline void print_fault(struct buffer *text, const struct fault *fault)
{
    buffer_append_text(text, fault_names[fault->kind]);
    if (!slice_is_null(fault->input))
        buffer_print(text, "(%.*s)", SLICE_ARG(fault->input));
    if (fault->limit != 0)
        buffer_print(text, "<%lld>", (long long)fault->limit);
}

static inline void print_value(struct buffer *text, enum field_kind kind, const void *slot)
{
    struct jout jout;
    jout_init(&jout, text);
    switch (kind) {
    case FIELD_TEXT: jout_string(&jout, ((const struct optional_text *)slot)->value); return;
    case FIELD_INTEGER:
    case FIELD_KEY: jout_integer(&jout, ((const struct optional_integer *)slot)->value); return;
    case FIELD_CHOICE: jout_integer(&jout, ((const struct optional_choice *)slot)->value); return;
    case FIELD_BOOLEAN: jout_boolean(&jout, ((const struct optional_boolean *)slot)->value); return;
    case FIELD_TIME: jout_integer(&jout, ((const struct optional_time *)slot)->value); return;
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_ANY: jout_value(&jout, ((const struct optional_value *)slot)->value); return;
    }
}

/* What became of the field NAME: its faults, or "absent", "null" or its value as JSON. */
static inline const char *run_result(struct run *run, const char *name)
{
    const struct field *field = schema_find(&sample_table, slice_from(name));
    buffer_clear(&run->text);
    ck_assert_ptr_nonnull(field);
    for (size_t i = 0; i < run->faults.count; i++) {
        if (!slice_equal(run->faults.items[i].field, slice_from(name)))
            continue;
        buffer_append_text(&run->text, run->text.length > 0 ? " " : "");
        print_fault(&run->text, &run->faults.items[i]);
    }
    const void *slot = (const char *)&run->sample + field->offset;
    enum presence presence = *(const enum presence *)slot;
    if (run->text.length > 0)
        ck_assert_msg(presence == ABSENT, "%s: filled in spite of its faults", name);
    else if (presence == GIVEN)
        print_value(&run->text, field->kind, slot);
    else
        buffer_append_text(&run->text, presence == ABSENT ? "absent" : "null");
    ck_assert_int_eq(buffer_append_byte(&run->text, '\0'), ERR_OK);
    return run->text.data;
}

#endif
