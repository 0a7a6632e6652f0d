/* Which rules an answer rests on, and where each was tested. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_window.h"

/* A list of findings on its way. */
struct report {
    const struct calling_query *query;
    int64_t at_us;
    struct place_zones zones; /* one of each that show the same time */
    struct calling_finding *findings;
    size_t count;
};

static void keep_distinct(const struct place_zones *zones, int64_t at_us, struct place_zones *ret_distinct)
{
    ret_distinct->count = 0;
    for (size_t i = 0; i < zones->count; i++) {
        bool known = false;
        for (size_t k = 0; k < ret_distinct->count && !known; k++)
            known = timezone_same_year(ret_distinct->items[k], zones->items[i], at_us);
        if (!known)
            place_zones_add(ret_distinct, zones->items[i]);
    }
}

static struct calling_finding *add(struct report *report, const struct timezone *zone)
{
    struct calling_finding *finding = &report->findings[report->count++];
    *finding = (struct calling_finding){.effective_day = CALLING_DAY_FIRST, .allows = true};
    if (zone)
        finding->zone = slice_from(timezone_name(zone));
    return finding;
}

static void add_rule(struct report *report, const struct calling_rule *rule, const struct timezone *zone)
{
    int64_t day = calling_local_day(zone, report->at_us);
    if (day > rule->until_day)
        return;
    bool clock = rule->has_hours || rule->calendars[0];
    struct calling_finding *finding = add(report, clock ? zone : NULL);
    finding->id = rule->id;
    finding->jurisdiction = rule->jurisdiction;
    finding->source = rule->source;
    finding->grade = rule->grade;
    finding->note = rule->note;
    finding->override_reason = rule->override_reason;
    finding->effective_day = rule->from_day;
    if (clock)
        finding->allows =
            calling_next_open(rule, NULL, zone, report->at_us, report->at_us + 1) == report->at_us;
    if (rule->cap > 0 && day >= rule->from_day)
        finding->allows &= calling_next_below_cap(rule, report->query, report->at_us) == report->at_us;
}

static void add_rules(struct report *report, const struct calling_rule *rule)
{
    bool once = rule->zone || (!rule->has_hours && !rule->calendars[0]);
    size_t zones = once ? 1 : report->zones.count;
    for (size_t i = 0; i < zones; i++)
        add_rule(report, rule, rule->zone ? rule->zone : report->zones.items[i]);
}

static void add_suspension(struct report *report, const struct calling_suspension *suspension)
{
    if (report->at_us >= suspension->until_us)
        return;
    struct calling_finding *finding = add(report, NULL);
    finding->id = suspension->id;
    finding->jurisdiction = suspension->jurisdiction;
    finding->source = suspension->source;
    finding->grade = suspension->grade;
    finding->note = suspension->note;
    finding->allows = calling_next_resumed(suspension, report->at_us) == report->at_us;
}

static void add_presumption(struct report *report, const struct calling_presumption *presumption)
{
    struct calling_finding *finding = add(report, NULL);
    finding->id = presumption->id;
    finding->jurisdiction = presumption->jurisdiction;
    finding->source = presumption->source;
    finding->grade = presumption->grade;
    finding->note = presumption->note;
}

static void add_state(struct report *report, const struct calling_rules *rules, int state)
{
    for (size_t i = rules->first_rule[state]; i < rules->first_rule[state + 1]; i++) {
        if (calling_rule_binds(&rules->rules[i], report->query->scope))
            add_rules(report, &rules->rules[i]);
    }
    for (size_t i = 0; i < rules->suspension_count; i++) {
        if (rules->suspensions[i].state == state)
            add_suspension(report, &rules->suspensions[i]);
    }
    for (size_t i = 0; i < rules->presumption_count; i++) {
        if (state != 0 && rules->presumptions[i].state == state &&
            state == report->query->scope->presumed_state)
            add_presumption(report, &rules->presumptions[i]);
    }
}

/* No more findings than this can come of a scope. */
static size_t most(const struct calling_rules *rules, const struct report *report)
{
    size_t most = rules->suspension_count + rules->presumption_count;
    int states[CALLING_SCOPE_STATES];
    size_t count = calling_scope_states(report->query->scope, states);
    for (size_t i = 0; i < count; i++)
        most += (rules->first_rule[states[i] + 1] - rules->first_rule[states[i]]) * (report->zones.count + 1);
    return most;
}

enum err calling_explain(const struct calling_rules *rules, const struct calling_query *query, int64_t at_us,
                         struct arena *arena, struct calling_finding **ret_findings, size_t *ret_count)
{
    struct report report = {.query = query, .at_us = at_us};
    int states[CALLING_SCOPE_STATES];
    size_t count = calling_scope_states(query->scope, states);
    keep_distinct(&query->scope->zones, at_us, &report.zones);
    report.findings = ARENA_ARRAY(arena, struct calling_finding, most(rules, &report));
    if (!report.findings)
        return ERR_MEMORY;
    for (size_t i = 0; i < count && report.zones.count > 0; i++)
        add_state(&report, rules, states[i]);
    *ret_findings = report.findings;
    *ret_count = report.count;
    return ERR_OK;
}
