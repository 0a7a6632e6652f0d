/* Answers whether a call is allowed, with all it rests on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/call_window.h"

#include "inlet/base/datetime.h"

#define DAY_US    INT64_C(86400000000)
#define DATE_SIZE 10 /* 2026-01-02 */

enum err call_window_find(const struct calling_rules *rules, const struct call_window_question *question,
                          struct arena *arena, struct call_window *ret_window)
{
    struct call_window window = {.next_call_us = TIME_NONE};
    TRY(calling_scope_find(rules, &question->subject, question->kind, question->at_us, &window.scope));
    const struct calling_query query = {
        .scope = &window.scope,
        .hours = question->hours,
        .attempts = question->attempts,
        .attempt_count = question->attempt_count,
    };
    window.allowed = calling_allowed(rules, &query, question->at_us);
    window.next_call_us =
        window.allowed ? question->at_us : calling_first_allowed(rules, &query, question->at_us);
    TRY(calling_explain(rules, &query, question->at_us, arena, &window.findings, &window.finding_count));
    *ret_window = window;
    return ERR_OK;
}

static void write_time(struct jout *jout, int64_t us, const struct timezone *zone)
{
    char text[DATETIME_MAX];
    if (us == TIME_NONE)
        jout_null(jout);
    else
        jout_string(jout, slice_of(text, datetime_format(us, timezone_offset_s(zone, us), text)));
}

/* A day as its date; null when nobody recorded it. */
static void write_date(struct jout *jout, int64_t day)
{
    char text[DATETIME_MAX];
    if (day == CALLING_DAY_FIRST)
        jout_null(jout);
    else
        jout_string(jout, slice_head(slice_of(text, datetime_format(day * DAY_US, 0, text)), DATE_SIZE));
}

static void write_finding(struct jout *jout, const struct calling_finding *finding)
{
    jout_object_begin(jout);
    jout_member_string(jout, "id", finding->id);
    jout_member_string(jout, "jurisdiction", finding->jurisdiction);
    jout_member_boolean(jout, "allowed", finding->allows);
    jout_member_string(jout, "zone", finding->zone);
    jout_key(jout, SLICE("effective_date"));
    write_date(jout, finding->effective_day);
    jout_member_string(jout, "source", finding->source);
    jout_member_string(jout, "grade", finding->grade);
    jout_member_string(jout, "note", finding->note);
    jout_member_string(jout, "override_reason", finding->override_reason);
    jout_object_end(jout);
}

void call_window_write(struct jout *jout, const struct calling_rules *rules, const struct call_window *window,
                       const struct timezone *timezone)
{
    jout_object_begin(jout);
    jout_member_boolean(jout, "allowed", window->allowed);
    jout_key(jout, SLICE("next_call_time"));
    write_time(jout, window->next_call_us, timezone);
    jout_key(jout, SLICE("zones"));
    jout_array_begin(jout);
    for (size_t i = 0; i < window->scope.zones.count; i++)
        jout_string(jout, slice_from(timezone_name(window->scope.zones.items[i])));
    jout_array_end(jout);
    jout_key(jout, SLICE("rules"));
    jout_array_begin(jout);
    for (size_t i = 0; i < window->finding_count; i++)
        write_finding(jout, &window->findings[i]);
    jout_array_end(jout);
    jout_member_string(jout, "data_version", rules->version);
    jout_object_end(jout);
}
