/* Reads the parts of a question about calling times, and answers it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "call_window.h"

#include "inlet/app/call_window.h"
#include "inlet/base/clock.h"
#include "inlet/base/datetime.h"
#include "inlet/domain/place.h"
#include "inlet/domain/us_state.h"

/* A question about a place has a number that tells no more than its country, as toll-free numbers do. */
#define ANY_NUMBER SLICE("+1")
#define ANY_REGION SLICE("US")

/* Before them there were no such laws; the year after the last one no longer fits into the text of a time. */
#define YEAR_MIN 1970
#define YEAR_MAX 9998

static bool read_state(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    (void)desk;
    int state = place_state(text);
    question->state = vocabulary_text(&us_states, state);
    return state != 0 || text.n == 0;
}

static bool read_phone(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    question->phone_is = text.n > 0 ? WINDOW_PHONE_GIVEN : WINDOW_PHONE_NONE;
    return text.n == 0 || phone_parse(text, desk->phone_region, &question->phone) == PHONE_VALID;
}

static bool read_timezone(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    (void)desk;
    question->timezone = text;
    return true;
}

static bool read_at(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    struct datetime_parts parts;
    (void)desk;
    if (datetime_parse(text, &parts) != ERR_OK || !parts.has_offset || parts.civil.year < YEAR_MIN ||
        parts.civil.year > YEAR_MAX)
        return false;
    question->at_us = civil_to_us(&parts.civil) - (int64_t)parts.offset_s * 1000000;
    return true;
}

static bool read_kind(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    (void)desk;
    int kind = vocabulary_find(&calling_kinds, text);
    question->kind = (enum calling_kind)kind;
    return kind != 0;
}

static bool read_consent(const struct window_desk *desk, struct slice text, struct window_question *question)
{
    (void)desk;
    question->consents = 0;
    for (struct slice rest = text; rest.n > 0;) {
        int kind = vocabulary_find(&calling_kinds, slice_trim(slice_cut(rest, ',', &rest)));
        if (kind == 0)
            return false;
        question->consents |= CALLING_KIND_BIT((unsigned)kind);
    }
    return true;
}

const struct window_part window_parts[] = {
    {"state", "the code of a state expected, as TX", read_state},
    {"phone", "a valid phone number expected, as +13055550123", read_phone},
    {"timezone", "the name of a time zone expected, as America/Chicago", read_timezone},
    {"at", "a time with its offset expected, as 2026-07-24T17:00:00-06:00, in the years 1970 to 9998",
     read_at},
    {"kind", "live, automated, recorded or text expected", read_kind},
    {"consent", "live, automated, recorded and text expected, separated by commas", read_consent},
};
const size_t window_part_count = ARRAY_LENGTH(window_parts);

bool window_zone_known(const struct window_desk *desk, const struct window_question *question)
{
    const struct timezone *zone;
    return question->timezone.n == 0 ||
           places_zone(desk->rules->places, question->timezone, &zone) != ERR_NOT_FOUND;
}

enum err window_answer(const struct window_desk *desk, const struct window_question *question,
                       struct arena *arena, struct buffer *answer)
{
    struct call_window window;
    struct jout jout;
    struct call_window_question asked = {
        .subject = {.us_state = question->state,
                    .timezone = question->timezone,
                    .consents = question->consents},
        .kind = question->kind,
        .at_us = question->at_us == TIME_NONE ? clock_now_us() : question->at_us,
    };
    if (question->phone_is == WINDOW_PHONE_GIVEN) {
        asked.subject.phone = phone_slice(&question->phone);
        asked.subject.region = slice_from(question->phone.region);
    } else if (question->phone_is == WINDOW_PHONE_UNKNOWN) {
        asked.subject.phone = ANY_NUMBER;
        asked.subject.region = ANY_REGION;
    }
    TRY(call_window_find(desk->rules, &asked, arena, &window));
    jout_init(&jout, answer);
    call_window_write(&jout, desk->rules, &window, desk->timezone);
    return buffer_error(answer);
}
