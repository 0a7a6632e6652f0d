/* When a lead may be called: the rules of the law as data, a lead type's plan, and the next time. Pure: time is an argument. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_CALLING_H
#define INLET_DOMAIN_CALLING_H

#include "inlet/base/arena.h"
#include "inlet/base/clock.h"
#include "inlet/base/slice.h"
#include "inlet/base/vocabulary.h"
#include "inlet/domain/lead.h"
#include "inlet/domain/place.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DESIGN (docs/calling.md): a lead has candidate time zones and applicable rules, its scope. It may be called at an instant when
 * every rule allows it in every zone, the lead type's hours do, and no cap is reached. Times between are never tried one by
 * one: each window knows its next edge. THREADS: rules, places and plans never change once made; all threads share them.
 */

/* What kind of call it is; rules bind some kinds, consent is given for some. */
#define CALLING_KIND_TABLE(X)                                                                                \
    X(LIVE, "live")                                                                                          \
    X(AUTOMATED, "automated")                                                                                \
    X(RECORDED, "recorded")                                                                                  \
    X(TEXT, "text")

enum calling_kind {
    CALLING_KIND_NULL,
#define X(symbol, text) CALLING_##symbol,
    CALLING_KIND_TABLE(X)
#undef X
};

extern const struct vocabulary calling_kinds;

/* Kinds as a set of bits. */
#define CALLING_KIND_BIT(kind) (1u << (kind))
#define CALLING_KINDS_ALL                                                                                    \
    (CALLING_KIND_BIT(CALLING_LIVE) | CALLING_KIND_BIT(CALLING_AUTOMATED) |                                  \
     CALLING_KIND_BIT(CALLING_RECORDED) | CALLING_KIND_BIT(CALLING_TEXT))

/* --- Hours ----------------------------------------------------------------------------------------------------------- */

#define CALLING_MINUTES_OF_DAY 1440
#define CALLING_WINDOWS_MAX    12

/* [from, until) in minutes of the local day; until may be 1440. */
struct calling_window {
    uint16_t from, until;
};

/* A day's windows, ascending and apart from each other. None: no calls. */
struct calling_day {
    struct calling_window windows[CALLING_WINDOWS_MAX];
    size_t count;
};

/* By weekday, 0 Monday to 6 Sunday. */
struct calling_hours {
    struct calling_day days[7];
};

/* "mon" to "sun", index 1 to 7. */
extern const struct vocabulary calling_weekdays;

extern const struct calling_day calling_whole_day;

/* Reads "09:00-20:00"; 24:00 may end a window. ERR_INVALID: otherwise written, or it ends at or before its start. */
NODISCARD enum err calling_window_parse(struct slice text, struct calling_window *ret_window);

/* Adds a window, in its place, joined with those it touches. ERR_LIMIT: more than CALLING_WINDOWS_MAX. */
NODISCARD enum err calling_day_add(struct calling_day *day, struct calling_window window);

/* --- A lead type's plan ---------------------------------------------------------------------------------------------- */

#define CALLING_CADENCE_MAX  64
#define CALLING_ATTEMPTS_MAX 1000
#define CALLING_WAIT_MAX_US  (INT64_C(366) * 86400 * 1000000)

struct calling_plan {
    enum calling_kind kind;
    struct calling_hours hours;            /* in the lead's own local time */
    int64_t waits_us[CALLING_CADENCE_MAX]; /* before attempt 1, 2, …; the last one repeats */
    size_t wait_count;                     /* at least 1 */
    unsigned max_attempts;                 /* at least 1 */
};

/* Reads a wait: "0m", "30m", "4h", "2d" (a day is 24 hours). ERR_INVALID; ERR_LIMIT: longer than CALLING_WAIT_MAX_US. */
NODISCARD enum err calling_wait_parse(struct slice text, int64_t *ret_wait_us);

/* --- Rules ----------------------------------------------------------------------------------------------------------- */

/* Days as numbers are those of civil_days(): since 1970-01-01. */
#define CALLING_DAY_FIRST INT64_MIN
#define CALLING_DAY_LAST  INT64_MAX

enum calling_holiday_kind {
    CALLING_HOLIDAY_DATE, /* month, day */
    CALLING_HOLIDAY_NTH,  /* the nth weekday of a month; -1: the last */
    CALLING_HOLIDAY_EASTER
};

struct calling_holiday {
    struct slice name;
    enum calling_holiday_kind kind;
    int month, day, weekday, nth; /* weekday: 0 Monday to 6 Sunday */
    int plus_days;                /* after (or before) the day found so */
    bool even_years;
    int from_year, until_year; /* both included */
};

/* A list of holidays, and what becomes of one on a weekend: days to the day it is observed on; 0: only its own date. */
struct calling_calendar {
    const struct calling_holiday *holidays;
    size_t count;
    int saturday_shift, sunday_shift;
};

/* Whether a day is a holiday, by its date or as the day one is observed on. */
bool calling_is_holiday(const struct calling_calendar *calendar, int64_t day);

struct calling_rule {
    struct slice id, jurisdiction; /* "US", "FL" */
    int state;                     /* value in us_states; 0: federal */
    struct slice source, grade, note;
    struct slice
        override_reason; /* the operator replaced the rule of this id by his own, and why; null: he did not */
    int64_t from_day, until_day; /* in force on these local days, both included */
    unsigned kinds;              /* the kinds of calls it binds */
    bool consent_lifts;          /* not for those who consented to this kind of call */
    const struct timezone *zone; /* tested in this zone only; NULL: in all candidate zones */
    bool has_hours;              /* otherwise all hours */
    struct calling_hours hours;
    const struct calling_calendar *calendars[2]; /* NULL: none */
    struct calling_day holiday;                  /* the windows of those holidays, whatever the weekday's */
    unsigned cap;                                /* attempts in 24 hours; 0: any number */
};

/* A state is closed for a while. */
struct calling_suspension {
    struct slice id, jurisdiction, source, grade, note;
    int state; /* 0: everywhere */
    int64_t from_us, until_us;
};

/* A state whose area codes presume that who has one lives there. */
struct calling_presumption {
    struct slice id, jurisdiction, source, grade, note;
    int state;
};

#define CALLING_STATES_MAX 64

/* All of it, as app/calling_rules.c reads it from JSON. Call calling_rules_index once the lists are set. */
struct calling_rules {
    const struct places *places;
    struct slice version; /* of all data behind an answer */
    struct calling_rule *rules;
    size_t rule_count;
    const struct calling_suspension *suspensions;
    size_t suspension_count;
    const struct calling_presumption *presumptions;
    size_t presumption_count;
    /* Set by calling_rules_index. */
    size_t first_rule[CALLING_STATES_MAX +
                      1]; /* the rules of state s are first_rule[s] to before first_rule[s + 1] */
    bool presumes[CALLING_STATES_MAX];
};

/* Sorts the rules by state and notes where each state's begin. */
void calling_rules_index(struct calling_rules *rules);

/* --- A lead's scope -------------------------------------------------------------------------------------------------- */

/* What of a lead the rules look at. Null slices are null. */
struct calling_subject {
    struct slice us_state; /* code */
    struct slice phone;    /* E.164 */
    struct slice region;   /* ISO 3166, as phone_parse tells it for the number; may be empty */
    struct slice timezone; /* metadata.timezone, or null */
    unsigned consents;     /* kinds of calls consented to (metadata.consent), as bits. An enquiry is none */
};

/* An attempt to call the number, by anybody of the organization. */
struct calling_attempt {
    int64_t at_us;
    int64_t
        lease_until_us; /* a leased call that nobody reported counts until then; TIME_NONE: it was reported */
};

/* Zones and states that count for a lead. */
struct calling_scope {
    struct place_zones zones;  /* none: never to be called */
    int state, presumed_state; /* 0: none */
    unsigned kinds;            /* the kind of call, as a bit */
    unsigned consents;
};

/* Finds them. Zones are compared over the year that begins at NOW_US. ERR_MEMORY. */
NODISCARD enum err calling_scope_find(const struct calling_rules *rules,
                                      const struct calling_subject *subject, enum calling_kind kind,
                                      int64_t now_us, struct calling_scope *ret_scope);

/* --- Windows --------------------------------------------------------------------------------------------------------- */

/* How far ahead a time is looked for. */
#define CALLING_HORIZON_US (INT64_C(14) * 86400 * 1000000)

/* What besides the scope decides. */
struct calling_query {
    const struct calling_scope *scope;
    const struct calling_hours *hours; /* of the lead type; NULL: all */
    const struct calling_attempt *attempts;
    size_t attempt_count;
};

/* Whether a call is allowed at an instant. */
bool calling_allowed(const struct calling_rules *rules, const struct calling_query *query, int64_t at_us);

/* AT_US itself when a call is allowed then, otherwise the start of the first whole minute at which one is; TIME_NONE when
 * CALLING_HORIZON_US from AT_US hold none. */
int64_t calling_first_allowed(const struct calling_rules *rules, const struct calling_query *query,
                              int64_t at_us);

/* --- The next call --------------------------------------------------------------------------------------------------- */

struct calling_state {
    struct calling_subject subject;
    const struct calling_attempt
        *attempts; /* those of the number that may count: of the last 24 hours, and leased */
    size_t attempt_count;
    int64_t schedule_started_us;    /* when the lead came in, or was last reengaged */
    int64_t call_schedule_start_us; /* TIME_NONE: null */
    unsigned attempts_made;         /* of this lead, since the schedule started */
    int64_t last_attempt_us;        /* TIME_NONE: none yet */
    bool reengaged;                 /* a reengagement started the schedule */
    bool terminal, call_dnc;
    int64_t now_us;
};

/* Why there is no time, for those who count. */
enum calling_outcome {
    CALLING_SCHEDULED,
    CALLING_OFF,       /* no calling, a terminal status, call-DNC */
    CALLING_COMPLETED, /* the cadence is used up: the status becomes SCHEDULE_COMPLETED */
    CALLING_NO_ZONE,
    CALLING_NO_WINDOW
};

struct calling_next {
    int64_t next_us;                   /* TIME_NONE: null */
    enum lead_next_call_reason reason; /* null unless scheduled or NO_WINDOW */
    enum calling_outcome outcome;
    bool
        allowed_now; /* a call at now_us would be allowed by hours, rules and caps (the cadence may say later) */
};

/* When to call next. PLAN: NULL when the lead type has no calling. ERR_MEMORY. */
NODISCARD enum err calling_next(const struct calling_rules *rules, const struct calling_plan *plan,
                                const struct calling_state *state, struct calling_next *ret_next);

/* --- What an answer shows -------------------------------------------------------------------------------------------- */

/* One rule as it was tested in one zone. */
struct calling_finding {
    struct slice id, jurisdiction, source, grade, note;
    struct slice override_reason; /* null: the rule as the data has it */
    struct slice zone;            /* the zone it was tested in; null: the rule asks for no local time */
    int64_t effective_day;        /* civil_days(); CALLING_DAY_FIRST: not recorded */
    bool allows;                  /* at that time */
};

/* The rules, presumptions and suspensions that count for a scope at an instant, one row for each zone they were tested in; of zones
 * that show the same time all year one is named. Rows of rules that are over are left out. ERR_MEMORY. */
NODISCARD enum err calling_explain(const struct calling_rules *rules, const struct calling_query *query,
                                   int64_t at_us, struct arena *arena, struct calling_finding **ret_findings,
                                   size_t *ret_count);

#endif
