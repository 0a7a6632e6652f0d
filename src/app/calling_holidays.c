/* Reads holidays, and makes the calendars rules are tested against. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_law.h"

#include "inlet/base/compiler.h"
#include "inlet/base/datetime.h"
#include "inlet/domain/us_state.h"

#define YEAR_MIN 1
#define YEAR_MAX 9999

/* Any year without a 29 February: that day is no holiday. */
#define COMMON_YEAR 2001

static const struct slice shift_words[] = {{NULL, 0}, SLICE_INIT("friday"), SLICE_INIT("monday")};
static const struct vocabulary shifts = {shift_words, ARRAY_LENGTH(shift_words)};
enum shift { SHIFT_NONE, SHIFT_FRIDAY, SHIFT_MONDAY };

/* A holiday on its way, with what was said of it. */
struct draft_day {
    struct calling_holiday holiday;
    bool has_month, has_day, has_weekday, has_nth, has_easter;
};

static enum err read_name(struct calling_draft *draft, struct slice where, const struct value *value,
                          void *target)
{
    struct draft_day *day = target;
    return calling_read_text(&draft->reader, where, value, &day->holiday.name);
}

static enum err read_number(struct calling_draft *draft, struct slice where, const struct value *value,
                            int64_t minimum, int64_t maximum, int *ret_number)
{
    int64_t number = *ret_number;
    TRY(calling_read_integer(&draft->reader, where, value, minimum, maximum, &number));
    *ret_number = (int)number;
    return ERR_OK;
}

static enum err read_month(struct calling_draft *draft, struct slice where, const struct value *value,
                           void *target)
{
    struct draft_day *day = target;
    day->has_month = true;
    return read_number(draft, where, value, 1, 12, &day->holiday.month);
}

static enum err read_day(struct calling_draft *draft, struct slice where, const struct value *value,
                         void *target)
{
    struct draft_day *day = target;
    day->has_day = true;
    return read_number(draft, where, value, 1, 31, &day->holiday.day);
}

static enum err read_weekday(struct calling_draft *draft, struct slice where, const struct value *value,
                             void *target)
{
    struct draft_day *day = target;
    int weekday = 1;
    day->has_weekday = true;
    TRY(calling_read_word(&draft->reader, where, value, &calling_weekdays, &weekday));
    day->holiday.weekday = weekday - 1;
    return ERR_OK;
}

static enum err read_nth(struct calling_draft *draft, struct slice where, const struct value *value,
                         void *target)
{
    struct draft_day *day = target;
    day->has_nth = true;
    day->holiday.nth = 1;
    if (value->kind == VALUE_INTEGER && value->integer == 0)
        return calling_complain(&draft->reader, where, SLICE("This must be 1 to 4, or -1 for the last."));
    return read_number(draft, where, value, -1, 4, &day->holiday.nth);
}

static enum err read_easter(struct calling_draft *draft, struct slice where, const struct value *value,
                            void *target)
{
    struct draft_day *day = target;
    day->has_easter = true;
    return read_number(draft, where, value, -100, 100, &day->holiday.plus_days);
}

static enum err read_plus_days(struct calling_draft *draft, struct slice where, const struct value *value,
                               void *target)
{
    struct draft_day *day = target;
    return read_number(draft, where, value, -6, 6, &day->holiday.plus_days);
}

static enum err read_even_years(struct calling_draft *draft, struct slice where, const struct value *value,
                                void *target)
{
    struct draft_day *day = target;
    return calling_read_boolean(&draft->reader, where, value, &day->holiday.even_years);
}

static enum err read_from_year(struct calling_draft *draft, struct slice where, const struct value *value,
                               void *target)
{
    struct draft_day *day = target;
    return read_number(draft, where, value, YEAR_MIN, YEAR_MAX, &day->holiday.from_year);
}

static enum err read_until_year(struct calling_draft *draft, struct slice where, const struct value *value,
                                void *target)
{
    struct draft_day *day = target;
    return read_number(draft, where, value, YEAR_MIN, YEAR_MAX, &day->holiday.until_year);
}

static const struct calling_key day_keys[] = {
    {SLICE_INIT("name"), read_name, true},
    {SLICE_INIT("month"), read_month, false},
    {SLICE_INIT("day"), read_day, false},
    {SLICE_INIT("weekday"), read_weekday, false},
    {SLICE_INIT("nth"), read_nth, false},
    {SLICE_INIT("easter"), read_easter, false},
    {SLICE_INIT("plus_days"), read_plus_days, false},
    {SLICE_INIT("even_years"), read_even_years, false},
    {SLICE_INIT("from_year"), read_from_year, false},
    {SLICE_INIT("until_year"), read_until_year, false},
};

/* Which of the three ways to name a day it is. */
static enum err finish_day(struct calling_reader *reader, struct slice where, struct draft_day *day)
{
    struct calling_holiday *holiday = &day->holiday;
    bool date = day->has_month && day->has_day && !day->has_weekday && !day->has_nth && !day->has_easter;
    bool nth = day->has_month && day->has_weekday && day->has_nth && !day->has_day && !day->has_easter;
    bool easter = day->has_easter && !day->has_month && !day->has_day && !day->has_weekday && !day->has_nth;
    if (!date && !nth && !easter)
        return calling_complain(
            reader, where,
            SLICE("A day is named by month and day, by month, weekday and nth, or by easter."));
    holiday->kind = date ? CALLING_HOLIDAY_DATE : nth ? CALLING_HOLIDAY_NTH : CALLING_HOLIDAY_EASTER;
    if (date && holiday->month > 0 && holiday->day > civil_days_in_month(COMMON_YEAR, holiday->month))
        return calling_complain(reader, where, SLICE("Not every year has this day."));
    return ERR_OK;
}

enum err calling_read_days(struct calling_reader *reader, struct slice where, const struct value *value,
                           struct calling_days *days)
{
    struct calling_draft draft = {.reader = *reader};
    if (value->kind != VALUE_ARRAY || value->array.count == 0)
        return calling_complain(reader, where, SLICE("This must be a list of days."));
    if (value->array.count > CALLING_HOLIDAYS_MAX - days->count)
        return calling_complain(reader, where, SLICE("Too many days."));
    if (!days->items)
        days->items = ARENA_ARRAY(reader->arena, struct calling_holiday, CALLING_HOLIDAYS_MAX);
    if (!days->items)
        return ERR_MEMORY;
    for (size_t i = 0; i < value->array.count; i++) {
        struct draft_day day = {.holiday = {.from_year = YEAR_MIN, .until_year = YEAR_MAX}};
        struct slice path;
        size_t before = reader->faults->count;
        TRY(calling_path_item(reader, where, i, &path));
        TRY(calling_read_object(&draft, path, &value->array.items[i], day_keys, ARRAY_LENGTH(day_keys),
                                &day));
        if (reader->faults->count == before)
            TRY(finish_day(reader, path, &day));
        days->items[days->count++] = day.holiday;
    }
    return ERR_OK;
}

static enum err read_shift(struct calling_draft *draft, struct slice where, const struct value *value,
                           const int by_word[3], int *ret_shift)
{
    int word = SHIFT_NONE;
    if (value->kind != VALUE_NULL)
        TRY(calling_read_word(&draft->reader, where, value, &shifts, &word));
    *ret_shift = by_word[word];
    return ERR_OK;
}

static enum err read_saturday(struct calling_draft *draft, struct slice where, const struct value *value,
                              void *target)
{
    static const int shift[] = {[SHIFT_NONE] = 0, [SHIFT_FRIDAY] = -1, [SHIFT_MONDAY] = 2};
    struct calling_days *days = target;
    return read_shift(draft, where, value, shift, &days->saturday_shift);
}

static enum err read_sunday(struct calling_draft *draft, struct slice where, const struct value *value,
                            void *target)
{
    static const int shift[] = {[SHIFT_NONE] = 0, [SHIFT_FRIDAY] = -2, [SHIFT_MONDAY] = 1};
    struct calling_days *days = target;
    return read_shift(draft, where, value, shift, &days->sunday_shift);
}

static enum err read_observed(struct calling_draft *draft, struct slice where, const struct value *value,
                              void *target)
{
    static const struct calling_key keys[] = {
        {SLICE_INIT("saturday"), read_saturday, false},
        {SLICE_INIT("sunday"), read_sunday, false},
    };
    if (draft->own)
        return calling_complain(
            &draft->reader, where,
            SLICE("A file of your own adds days; it does not change where they are observed."));
    return calling_read_object(draft, where, value, keys, ARRAY_LENGTH(keys), target);
}

static enum err read_list(struct calling_draft *draft, struct slice where, const struct value *value,
                          void *target)
{
    return calling_read_days(&draft->reader, where, value, target);
}

static enum err read_remark(struct calling_draft *draft, struct slice where, const struct value *value,
                            void *target)
{
    struct slice text;
    (void)target;
    return calling_read_text(&draft->reader, where, value, &text);
}

enum err calling_read_holidays(struct calling_draft *draft, struct slice where, const struct value *value)
{
    static const struct calling_key keys[] = {
        {SLICE_INIT("source"), read_remark, true}, {SLICE_INIT("grade"), read_remark, true},
        {SLICE_INIT("note"), read_remark, false},  {SLICE_INIT("observed"), read_observed, false},
        {SLICE_INIT("days"), read_list, true},
    };
    if (value->kind != VALUE_OBJECT)
        return calling_complain(&draft->reader, where, SLICE("This must be an object of jurisdictions."));
    VALUE_FOREACH (member, value) {
        struct slice path, jurisdiction = SLICE_NULL;
        struct value name = value_string(member->key);
        int state = 0;
        TRY(calling_path(&draft->reader, where, member->key, &path));
        TRY(calling_read_jurisdiction(&draft->reader, path, &name, &jurisdiction, &state));
        if (!slice_is_null(jurisdiction))
            TRY(calling_read_object(draft, path, &member->value, keys, ARRAY_LENGTH(keys),
                                    &draft->days[state]));
    }
    return ERR_OK;
}

enum err calling_calendar_of(struct calling_draft *draft, const struct calling_days *days, int state,
                             const struct calling_calendar **ret_calendar)
{
    struct calling_calendar *calendar = ARENA_NEW(draft->reader.arena, struct calling_calendar);
    if (!calendar)
        return ERR_MEMORY;
    calendar->holidays = days->items;
    calendar->count = days->count;
    calendar->saturday_shift = draft->days[state].saturday_shift;
    calendar->sunday_shift = draft->days[state].sunday_shift;
    *ret_calendar = calendar;
    return ERR_OK;
}

enum err calling_make_calendars(struct calling_draft *draft)
{
    for (int state = 0; state < (int)us_states.count; state++) {
        TRY(calling_calendar_of(draft, &draft->days[0], state, &draft->federal[state]));
        if (state > 0 && draft->days[state].count > 0)
            TRY(calling_calendar_of(draft, &draft->days[state], state, &draft->of_state[state]));
    }
    return ERR_OK;
}
