/* Hours of the week, and the texts of windows and waits. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/base/number.h"
#include "inlet/domain/calling.h"

#define MINUTE_US       INT64_C(60000000)

#define X(symbol, text) SLICE_INIT(text),
static const struct slice kinds[] = {{NULL, 0}, CALLING_KIND_TABLE(X)};
#undef X
const struct vocabulary calling_kinds = {kinds, ARRAY_LENGTH(kinds)};

static const struct slice weekdays[] = {
    {NULL, 0},         SLICE_INIT("mon"), SLICE_INIT("tue"), SLICE_INIT("wed"),
    SLICE_INIT("thu"), SLICE_INIT("fri"), SLICE_INIT("sat"), SLICE_INIT("sun"),
};
const struct vocabulary calling_weekdays = {weekdays, ARRAY_LENGTH(weekdays)};

const struct calling_day calling_whole_day = {.windows = {{0, CALLING_MINUTES_OF_DAY}}, .count = 1};

/* "HH:MM" as minutes; 24:00 at most. */
static enum err parse_clock(struct slice text, uint16_t *ret_minutes)
{
    uint64_t hour, minute;
    if (text.n != 5 || text.p[2] != ':')
        return ERR_INVALID;
    if (number_parse_unsigned(slice_head(text, 2), 24, &hour) != ERR_OK ||
        number_parse_unsigned(slice_skip(text, 3), 59, &minute) != ERR_OK)
        return ERR_INVALID;
    uint64_t minutes = hour * 60 + minute;
    if (minutes > CALLING_MINUTES_OF_DAY)
        return ERR_INVALID;
    *ret_minutes = (uint16_t)minutes;
    return ERR_OK;
}

enum err calling_window_parse(struct slice text, struct calling_window *ret_window)
{
    struct calling_window window;
    struct slice until;
    struct slice from = slice_cut(text, '-', &until);
    TRY(parse_clock(from, &window.from));
    TRY(parse_clock(until, &window.until));
    if (window.until <= window.from)
        return ERR_INVALID;
    *ret_window = window;
    return ERR_OK;
}

enum err calling_day_add(struct calling_day *day, struct calling_window window)
{
    struct calling_day added = {.count = 0};
    bool placed = false;
    for (size_t i = 0; i < day->count; i++) {
        struct calling_window old = day->windows[i];
        if (old.until >= window.from && old.from <= window.until) {
            window.from = old.from < window.from ? old.from : window.from;
            window.until = old.until > window.until ? old.until : window.until;
            continue;
        }
        if (!placed && old.from > window.until) {
            added.windows[added.count++] = window;
            placed = true;
        }
        if (added.count == CALLING_WINDOWS_MAX)
            return ERR_LIMIT;
        added.windows[added.count++] = old;
    }
    if (!placed) {
        if (added.count == CALLING_WINDOWS_MAX)
            return ERR_LIMIT;
        added.windows[added.count++] = window;
    }
    *day = added;
    return ERR_OK;
}

enum err calling_wait_parse(struct slice text, int64_t *ret_wait_us)
{
    static const struct {
        char unit;
        int64_t length_us;
    } units[] = {{'m', MINUTE_US}, {'h', 60 * MINUTE_US}, {'d', 24 * 60 * MINUTE_US}};
    uint64_t number;
    if (text.n < 2)
        return ERR_INVALID;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (text.p[text.n - 1] != units[i].unit)
            continue;
        TRY(number_parse_unsigned(slice_head(text, text.n - 1),
                                  (uint64_t)(CALLING_WAIT_MAX_US / units[i].length_us), &number));
        *ret_wait_us = (int64_t)number * units[i].length_us;
        return ERR_OK;
    }
    return ERR_INVALID;
}
