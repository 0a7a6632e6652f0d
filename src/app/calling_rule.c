/* Reads rules, the operator's overrides of them, presumptions and suspensions. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_law.h"

#include "inlet/base/compiler.h"
#include "inlet/base/datetime.h"
#include "inlet/base/number.h"
#include "inlet/domain/us_state.h"

#define CAP_MAX 1000

static const struct slice grade_words[] = {{NULL, 0}, SLICE_INIT("A"), SLICE_INIT("B"), SLICE_INIT("C")};
static const struct vocabulary grades = {grade_words, ARRAY_LENGTH(grade_words)};

static enum err read_grade_word(struct calling_draft *draft, struct slice where, const struct value *value,
                                struct slice *ret_grade)
{
    int grade = 0;
    TRY(calling_read_word(&draft->reader, where, value, &grades, &grade));
    *ret_grade = vocabulary_text(&grades, grade);
    return ERR_OK;
}

/* "2022-11-01" */
static enum err read_date(struct calling_draft *draft, struct slice where, const struct value *value,
                          int64_t *ret_day)
{
    struct slice text = value->kind == VALUE_STRING ? value->text : SLICE(""), rest = text;
    uint64_t year = 0, month = 0, day = 0;
    bool good = text.n == 10 && number_parse_unsigned(slice_cut(rest, '-', &rest), 9999, &year) == ERR_OK &&
                number_parse_unsigned(slice_cut(rest, '-', &rest), 12, &month) == ERR_OK &&
                number_parse_unsigned(rest, 31, &day) == ERR_OK;
    if (!good || year == 0 || month == 0 || day == 0 || (int)day > civil_days_in_month((int)year, (int)month))
        return calling_complain(&draft->reader, where, SLICE("This must be a date like \"2026-01-31\"."));
    *ret_day = civil_days((int)year, (int)month, (int)day);
    return ERR_OK;
}

static enum err read_instant(struct calling_draft *draft, struct slice where, const struct value *value,
                             int64_t *ret_us)
{
    struct datetime_parts parts;
    if (value->kind != VALUE_STRING || datetime_parse(value->text, &parts) != ERR_OK || !parts.has_offset)
        return calling_complain(
            &draft->reader, where,
            SLICE("This must be a time with an offset, like \"2026-08-29T06:00:00-05:00\"."));
    *ret_us = civil_to_us(&parts.civil) - parts.offset_s * INT64_C(1000000);
    return ERR_OK;
}

/* Functions that read a text into a member of a structure: they differ in nothing else. */
#define READ_TEXT(function, type, member)                                                                    \
    static enum err function(struct calling_draft *draft, struct slice where, const struct value *value,     \
                             void *target)                                                                   \
    {                                                                                                        \
        struct type *into = target;                                                                          \
        return calling_read_text(&draft->reader, where, value, &into->member);                               \
    }
#define READ_GRADE(function, type)                                                                           \
    static enum err function(struct calling_draft *draft, struct slice where, const struct value *value,     \
                             void *target)                                                                   \
    {                                                                                                        \
        struct type *into = target;                                                                          \
        return read_grade_word(draft, where, value, &into->grade);                                           \
    }
#define READ_JURISDICTION(function, type)                                                                    \
    static enum err function(struct calling_draft *draft, struct slice where, const struct value *value,     \
                             void *target)                                                                   \
    {                                                                                                        \
        struct type *into = target;                                                                          \
        return calling_read_jurisdiction(&draft->reader, where, value, &into->jurisdiction, &into->state);   \
    }

READ_TEXT(rule_id, calling_rule, id)
READ_TEXT(rule_source, calling_rule, source)
READ_TEXT(rule_note, calling_rule, note)
READ_TEXT(rule_reason, calling_rule, override_reason)
READ_GRADE(rule_grade, calling_rule)
READ_JURISDICTION(rule_jurisdiction, calling_rule)
READ_TEXT(suspension_id, calling_suspension, id)
READ_TEXT(suspension_source, calling_suspension, source)
READ_TEXT(suspension_note, calling_suspension, note)
READ_GRADE(suspension_grade, calling_suspension)
READ_JURISDICTION(suspension_jurisdiction, calling_suspension)
READ_TEXT(presumption_id, calling_presumption, id)
READ_TEXT(presumption_source, calling_presumption, source)
READ_TEXT(presumption_note, calling_presumption, note)
READ_GRADE(presumption_grade, calling_presumption)

static enum err presumption_state(struct calling_draft *draft, struct slice where, const struct value *value,
                                  void *target)
{
    struct calling_presumption *presumption = target;
    presumption->state = value->kind == VALUE_STRING ? vocabulary_find(&us_states, value->text) : 0;
    if (presumption->state == 0)
        return calling_complain(&draft->reader, where, SLICE("This must be the code of a state."));
    presumption->jurisdiction = value->text;
    return ERR_OK;
}

static enum err rule_from(struct calling_draft *draft, struct slice where, const struct value *value,
                          void *target)
{
    struct calling_rule *rule = target;
    return read_date(draft, where, value, &rule->from_day);
}

static enum err rule_until(struct calling_draft *draft, struct slice where, const struct value *value,
                           void *target)
{
    struct calling_rule *rule = target;
    return read_date(draft, where, value, &rule->until_day);
}

static enum err rule_kinds(struct calling_draft *draft, struct slice where, const struct value *value,
                           void *target)
{
    struct calling_rule *rule = target;
    if (value->kind != VALUE_ARRAY || value->array.count == 0)
        return calling_complain(&draft->reader, where, SLICE("This must be a list of kinds of calls."));
    rule->kinds = 0;
    for (size_t i = 0; i < value->array.count; i++) {
        struct slice path;
        int kind = 0;
        TRY(calling_path_item(&draft->reader, where, i, &path));
        TRY(calling_read_word(&draft->reader, path, &value->array.items[i], &calling_kinds, &kind));
        rule->kinds |= CALLING_KIND_BIT((unsigned)kind);
    }
    return ERR_OK;
}

static enum err rule_consent(struct calling_draft *draft, struct slice where, const struct value *value,
                             void *target)
{
    struct calling_rule *rule = target;
    return calling_read_boolean(&draft->reader, where, value, &rule->consent_lifts);
}

static enum err rule_zone(struct calling_draft *draft, struct slice where, const struct value *value,
                          void *target)
{
    struct calling_rule *rule = target;
    struct slice name = value->kind == VALUE_STRING ? value->text : SLICE("");
    enum err error = places_zone(draft->reader.places, name, &rule->zone);
    if (error == ERR_NOT_FOUND)
        return calling_complain(&draft->reader, where, SLICE("tzdata has no time zone of this name."));
    return error;
}

static enum err rule_hours(struct calling_draft *draft, struct slice where, const struct value *value,
                           void *target)
{
    struct calling_rule *rule = target;
    rule->has_hours = true;
    if (value->kind == VALUE_OBJECT && value->object.count == 0)
        return calling_complain(&draft->reader, where,
                                SLICE("This names no weekday and would close them all."));
    return calling_read_hours(&draft->reader, where, value, true, &rule->hours);
}

/* true: the federal ones and the state's; or a list. Needs the rule's state, which calling_read_rule sees to. */
static enum err rule_holidays(struct calling_draft *draft, struct slice where, const struct value *value,
                              void *target)
{
    struct calling_rule *rule = target;
    struct calling_days days = {.items = NULL};
    if (value->kind == VALUE_FALSE)
        return ERR_OK;
    if (value->kind == VALUE_TRUE) {
        rule->calendars[0] = draft->federal[rule->state];
        rule->calendars[1] = draft->of_state[rule->state];
        return ERR_OK;
    }
    TRY(calling_read_days(&draft->reader, where, value, &days));
    return calling_calendar_of(draft, &days, rule->state, &rule->calendars[0]);
}

static enum err rule_holiday_hours(struct calling_draft *draft, struct slice where, const struct value *value,
                                   void *target)
{
    struct calling_rule *rule = target;
    return calling_read_day(&draft->reader, where, value, &rule->holiday);
}

static enum err rule_cap(struct calling_draft *draft, struct slice where, const struct value *value,
                         void *target)
{
    struct calling_rule *rule = target;
    int64_t cap = 1;
    TRY(calling_read_integer(&draft->reader, where, value, 1, CAP_MAX, &cap));
    rule->cap = (unsigned)cap;
    return ERR_OK;
}

/* What limits calls: rules and overrides have these. */
#define LIMIT_KEYS                                                                                           \
    {SLICE_INIT("consent_lifts"), rule_consent, false}, {SLICE_INIT("zone"), rule_zone, false},              \
        {SLICE_INIT("hours"), rule_hours, false}, {SLICE_INIT("holidays"), rule_holidays, false},            \
        {SLICE_INIT("holiday_hours"), rule_holiday_hours, false},                                            \
    {                                                                                                        \
        SLICE_INIT("cap"), rule_cap, false                                                                   \
    }

static const struct calling_key rule_keys[] = {
    {SLICE_INIT("id"), rule_id, true},
    {SLICE_INIT("jurisdiction"), rule_jurisdiction, true},
    {SLICE_INIT("source"), rule_source, true},
    {SLICE_INIT("grade"), rule_grade, true},
    {SLICE_INIT("note"), rule_note, false},
    {SLICE_INIT("effective_from"), rule_from, false},
    {SLICE_INIT("effective_until"), rule_until, false},
    {SLICE_INIT("kinds"), rule_kinds, false},
    LIMIT_KEYS,
};

static const struct calling_key override_keys[] = {
    {SLICE_INIT("override"), NULL, true},
    {SLICE_INIT("reason"), rule_reason, true},
    LIMIT_KEYS,
};

static struct calling_rule *find_rule(struct calling_draft *draft, struct slice id)
{
    for (size_t i = 0; i < draft->rules->rule_count; i++) {
        if (slice_equal(draft->rules->rules[i].id, id))
            return &draft->rules->rules[i];
    }
    return NULL;
}

static enum err read_override(struct calling_draft *draft, struct slice where, const struct value *value)
{
    const struct value *id = value_get(value, SLICE("override"));
    struct calling_rule *old = id->kind == VALUE_STRING ? find_rule(draft, id->text) : NULL;
    struct slice path;
    TRY(calling_path(&draft->reader, where, SLICE("override"), &path));
    if (!draft->own)
        return calling_complain(&draft->reader, path,
                                SLICE("Only a file of the operator's own overrides rules."));
    if (!old || (size_t)(old - draft->rules->rules) >= draft->built_in_count)
        return calling_complain(&draft->reader, path,
                                SLICE("No rule that comes with the program has this id."));
    if (!slice_is_null(old->override_reason))
        return calling_complain(&draft->reader, path, SLICE("This rule is overridden twice."));
    struct calling_rule rule = {
        .id = old->id,
        .jurisdiction = old->jurisdiction,
        .state = old->state,
        .source = old->source,
        .grade = old->grade,
        .note = old->note,
        .from_day = old->from_day,
        .until_day = old->until_day,
        .kinds = old->kinds,
        .override_reason = SLICE(""),
    };
    TRY(calling_read_object(draft, where, value, override_keys, ARRAY_LENGTH(override_keys), &rule));
    *old = rule;
    return ERR_OK;
}

/* The jurisdiction first: holidays depend on it, wherever it stands in the object. */
static enum err read_new_rule(struct calling_draft *draft, struct slice where, const struct value *value)
{
    struct calling_rule rule = {
        .from_day = CALLING_DAY_FIRST, .until_day = CALLING_DAY_LAST, .kinds = CALLING_KINDS_ALL};
    const struct value *jurisdiction = value_get(value, SLICE("jurisdiction"));
    size_t before = draft->reader.faults->count;
    struct slice path;
    if (jurisdiction && jurisdiction->kind == VALUE_STRING) {
        struct faults ignored;
        struct calling_reader quiet = draft->reader;
        faults_init(&ignored, draft->reader.arena);
        quiet.faults = &ignored; /* what is wrong with it is told once, below */
        TRY(calling_read_jurisdiction(&quiet, where, jurisdiction, &rule.jurisdiction, &rule.state));
    }
    TRY(calling_read_object(draft, where, value, rule_keys, ARRAY_LENGTH(rule_keys), &rule));
    if (draft->reader.faults->count > before)
        return ERR_OK;
    TRY(calling_path(&draft->reader, where, SLICE("id"), &path));
    if (find_rule(draft, rule.id))
        return calling_complain(&draft->reader, path,
                                SLICE("Another rule has this id; \"override\" replaces one."));
    if (rule.until_day < rule.from_day) {
        TRY(calling_path(&draft->reader, where, SLICE("effective_until"), &path));
        return calling_complain(&draft->reader, path,
                                SLICE("This must not be earlier than \"effective_from\"."));
    }
    if (rule.holiday.count > 0 && !rule.calendars[0])
        return calling_complain(&draft->reader, where, SLICE("\"holiday_hours\" need \"holidays\"."));
    if (!rule.has_hours && !rule.calendars[0] && rule.cap == 0)
        return calling_complain(&draft->reader, where,
                                SLICE("A rule needs \"hours\", \"holidays\" or a \"cap\"."));
    draft->rules->rules[draft->rules->rule_count++] = rule;
    return ERR_OK;
}

enum err calling_read_rule(struct calling_draft *draft, struct slice where, const struct value *value)
{
    if (value->kind == VALUE_OBJECT && value_get(value, SLICE("override")))
        return read_override(draft, where, value);
    return read_new_rule(draft, where, value);
}

static enum err suspension_from(struct calling_draft *draft, struct slice where, const struct value *value,
                                void *target)
{
    struct calling_suspension *suspension = target;
    return read_instant(draft, where, value, &suspension->from_us);
}

static enum err suspension_until(struct calling_draft *draft, struct slice where, const struct value *value,
                                 void *target)
{
    struct calling_suspension *suspension = target;
    return value->kind == VALUE_NULL ? ERR_OK : read_instant(draft, where, value, &suspension->until_us);
}

enum err calling_read_suspension(struct calling_draft *draft, struct slice where, const struct value *value)
{
    static const struct calling_key keys[] = {
        {SLICE_INIT("id"), suspension_id, true},
        {SLICE_INIT("jurisdiction"), suspension_jurisdiction, true},
        {SLICE_INIT("source"), suspension_source, true},
        {SLICE_INIT("grade"), suspension_grade, true},
        {SLICE_INIT("note"), suspension_note, false},
        {SLICE_INIT("from"), suspension_from, true},
        {SLICE_INIT("until"), suspension_until, false},
    };
    struct calling_suspension suspension = {.until_us = INT64_MAX};
    TRY(calling_read_object(draft, where, value, keys, ARRAY_LENGTH(keys), &suspension));
    if (suspension.until_us <= suspension.from_us)
        return calling_complain(&draft->reader, where, SLICE("\"until\" must be later than \"from\"."));
    draft->suspensions[draft->rules->suspension_count++] = suspension;
    return ERR_OK;
}

enum err calling_read_presumption(struct calling_draft *draft, struct slice where, const struct value *value)
{
    static const struct calling_key keys[] = {
        {SLICE_INIT("id"), presumption_id, true},         {SLICE_INIT("state"), presumption_state, true},
        {SLICE_INIT("source"), presumption_source, true}, {SLICE_INIT("grade"), presumption_grade, true},
        {SLICE_INIT("note"), presumption_note, false},
    };
    struct calling_presumption presumption = {.state = 0};
    TRY(calling_read_object(draft, where, value, keys, ARRAY_LENGTH(keys), &presumption));
    draft->presumptions[draft->rules->presumption_count++] = presumption;
    return ERR_OK;
}
