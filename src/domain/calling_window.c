/* The next instant a single rule allows, and the search for one that all do. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_window.h"

#include "inlet/base/datetime.h"

#define MINUTE_US INT64_C(60000000)
#define DAY_US    INT64_C(86400000000)
#define SECOND_US INT64_C(1000000)

static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

static int64_t ceil_minute(int64_t us)
{
    return -floor_divide(-us, MINUTE_US) * MINUTE_US;
}

int64_t calling_local_day(const struct timezone *zone, int64_t at_us)
{
    return floor_divide(at_us + timezone_span(zone, at_us).offset_s * SECOND_US, DAY_US);
}

bool calling_rule_binds(const struct calling_rule *rule, const struct calling_scope *scope)
{
    if (!(rule->kinds & scope->kinds))
        return false;
    return !rule->consent_lifts || !(scope->consents & scope->kinds);
}

static bool in_force(const struct calling_rule *rule, int64_t day)
{
    return day >= rule->from_day && day <= rule->until_day;
}

static const struct calling_day *windows_on(const struct calling_rule *rule,
                                            const struct calling_hours *hours, int64_t day)
{
    if (!rule)
        return &hours->days[civil_weekday(day)];
    if (!in_force(rule, day))
        return &calling_whole_day;
    for (size_t i = 0; i < sizeof(rule->calendars) / sizeof(rule->calendars[0]); i++) {
        if (rule->calendars[i] && calling_is_holiday(rule->calendars[i], day))
            return &rule->holiday;
    }
    return rule->has_hours ? &rule->hours.days[civil_weekday(day)] : &calling_whole_day;
}

/* As calling_next_open, by wall clock only: local times in microseconds, while the offset stays. */
static int64_t next_open_local(const struct calling_rule *rule, const struct calling_hours *hours,
                               int64_t at_us, int64_t until_us)
{
    for (int64_t day = floor_divide(at_us, DAY_US); day * DAY_US < until_us; day++) {
        const struct calling_day *windows = windows_on(rule, hours, day);
        for (size_t i = 0; i < windows->count; i++) {
            int64_t opens_us = day * DAY_US + windows->windows[i].from * MINUTE_US;
            if (at_us < day * DAY_US + windows->windows[i].until * MINUTE_US)
                return opens_us > at_us ? opens_us : at_us;
        }
    }
    return until_us;
}

int64_t calling_next_open(const struct calling_rule *rule, const struct calling_hours *hours,
                          const struct timezone *zone, int64_t at_us, int64_t limit_us)
{
    while (at_us < limit_us) {
        struct timezone_span span = timezone_span(zone, at_us);
        int64_t offset_us = span.offset_s * SECOND_US;
        int64_t until_us = span.until_us < limit_us ? span.until_us : limit_us;
        int64_t open_us = next_open_local(rule, hours, at_us + offset_us, until_us + offset_us) - offset_us;
        if (open_us < until_us)
            return open_us;
        at_us = until_us; /* the clocks change here: what they show then is looked at anew */
    }
    return CALLING_NEVER_US;
}

static bool counts(const struct calling_attempt *attempt, int64_t at_us)
{
    return attempt->at_us > at_us - DAY_US && attempt->at_us <= at_us &&
           (attempt->lease_until_us == TIME_NONE || at_us < attempt->lease_until_us);
}

/* When an attempt that counts at AT_US stops doing so. */
static int64_t counts_until(const struct calling_attempt *attempt)
{
    int64_t until_us = attempt->at_us + DAY_US;
    return attempt->lease_until_us != TIME_NONE && attempt->lease_until_us < until_us
               ? attempt->lease_until_us
               : until_us;
}

int64_t calling_next_below_cap(const struct calling_rule *rule, const struct calling_query *query,
                               int64_t at_us)
{
    while (true) {
        size_t count = 0;
        int64_t next_us = CALLING_NEVER_US;
        for (size_t i = 0; i < query->attempt_count; i++) {
            if (!counts(&query->attempts[i], at_us))
                continue;
            count++;
            int64_t until_us = counts_until(&query->attempts[i]);
            next_us = until_us < next_us ? until_us : next_us;
        }
        if (count < rule->cap)
            return at_us;
        at_us = next_us; /* later than before: an attempt counts until some time after it does */
    }
}

int64_t calling_next_resumed(const struct calling_suspension *suspension, int64_t at_us)
{
    bool suspended = at_us >= suspension->from_us && at_us < suspension->until_us;
    return suspended ? suspension->until_us : at_us;
}

size_t calling_scope_states(const struct calling_scope *scope, int ret_states[CALLING_SCOPE_STATES])
{
    size_t count = 0;
    ret_states[count++] = 0;
    if (scope->state)
        ret_states[count++] = scope->state;
    if (scope->presumed_state)
        ret_states[count++] = scope->presumed_state;
    return count;
}

/* A search on its way: the earliest instant not yet found to be closed. */
struct search {
    const struct calling_rules *rules;
    const struct calling_query *query;
    int64_t at_us, limit_us;
};

/* When a rule that is in force at AT_US in ZONE no longer is. */
static int64_t force_ends(const struct calling_rule *rule, const struct timezone *zone, int64_t at_us,
                          int64_t limit_us)
{
    const struct calling_rule shut = {
        .from_day = rule->from_day, .until_day = rule->until_day, .has_hours = true};
    return rule->until_day == CALLING_DAY_LAST ? CALLING_NEVER_US
                                               : calling_next_open(&shut, NULL, zone, at_us, limit_us);
}

/* A cap holds where the rule is in force by the calendar of any candidate zone. */
static void pass_cap(struct search *search, const struct calling_rule *rule)
{
    const struct place_zones *zones = &search->query->scope->zones;
    for (size_t i = 0; i < zones->count && search->at_us < search->limit_us; i++) {
        const struct timezone *zone = rule->zone ? rule->zone : zones->items[i];
        if (!in_force(rule, calling_local_day(zone, search->at_us)))
            continue;
        int64_t below_us = calling_next_below_cap(rule, search->query, search->at_us);
        int64_t ends_us = force_ends(rule, zone, search->at_us, search->limit_us);
        search->at_us = below_us < ends_us ? below_us : ends_us;
    }
}

static void pass_rule(struct search *search, const struct calling_rule *rule)
{
    const struct place_zones *zones = &search->query->scope->zones;
    if (!calling_rule_binds(rule, search->query->scope))
        return;
    if (rule->cap > 0)
        pass_cap(search, rule);
    if (!rule->has_hours && !rule->calendars[0])
        return;
    size_t count = rule->zone ? 1 : zones->count;
    for (size_t i = 0; i < count && search->at_us < search->limit_us; i++)
        search->at_us = calling_next_open(rule, NULL, rule->zone ? rule->zone : zones->items[i],
                                          search->at_us, search->limit_us);
}

/* Moves the search past everything that is closed at its instant; each test sees what the one before has moved. */
static void pass_all(struct search *search)
{
    const struct calling_rules *rules = search->rules;
    const struct calling_query *query = search->query;
    int states[CALLING_SCOPE_STATES];
    size_t state_count = calling_scope_states(query->scope, states);
    for (size_t s = 0; s < state_count; s++) {
        for (size_t i = rules->first_rule[states[s]]; i < rules->first_rule[states[s] + 1]; i++)
            pass_rule(search, &rules->rules[i]);
        for (size_t i = 0; i < rules->suspension_count; i++) {
            if (rules->suspensions[i].state == states[s])
                search->at_us = calling_next_resumed(&rules->suspensions[i], search->at_us);
        }
    }
    for (size_t i = 0; query->hours && i < query->scope->zones.count && search->at_us < search->limit_us; i++)
        search->at_us = calling_next_open(NULL, query->hours, query->scope->zones.items[i], search->at_us,
                                          search->limit_us);
}

bool calling_allowed(const struct calling_rules *rules, const struct calling_query *query, int64_t at_us)
{
    struct search search = {.rules = rules, .query = query, .at_us = at_us, .limit_us = at_us + 1};
    if (query->scope->zones.count == 0)
        return false;
    pass_all(&search);
    return search.at_us == at_us;
}

int64_t calling_first_allowed(const struct calling_rules *rules, const struct calling_query *query,
                              int64_t at_us)
{
    struct search search = {
        .rules = rules, .query = query, .at_us = at_us, .limit_us = at_us + CALLING_HORIZON_US};
    if (query->scope->zones.count == 0)
        return TIME_NONE;
    while (search.at_us < search.limit_us) {
        int64_t before_us = search.at_us;
        pass_all(&search);
        if (search.at_us == before_us)
            return before_us;
        if (search.at_us < search.limit_us)
            search.at_us = ceil_minute(search.at_us);
    }
    return TIME_NONE;
}
