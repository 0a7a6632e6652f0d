/* Which zones and which states' rules count for a lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/calling.h"
#include "inlet/domain/us_state.h"

#include <stdlib.h>

static int compare_rules(const void *a, const void *b)
{
    const struct calling_rule *left = a, *right = b;
    return left->state != right->state ? left->state - right->state : slice_compare(left->id, right->id);
}

void calling_rules_index(struct calling_rules *rules)
{
    if (rules->rule_count > 0)
        qsort(rules->rules, rules->rule_count, sizeof(*rules->rules), compare_rules);
    size_t at = 0;
    for (int state = 0; state <= CALLING_STATES_MAX; state++) {
        while (at < rules->rule_count && rules->rules[at].state < state)
            at++;
        rules->first_rule[state] = at;
    }
    for (size_t i = 0; i < rules->presumption_count; i++)
        rules->presumes[rules->presumptions[i].state] = true;
}

/* metadata.timezone replaces the candidates when one of them shows the same time; otherwise it joins them. */
static void apply_timezone(struct place_zones *zones, const struct timezone *named, int64_t now_us)
{
    for (size_t i = 0; i < zones->count; i++) {
        if (timezone_same_year(zones->items[i], named, now_us)) {
            *zones = (struct place_zones){.items = {named}, .count = 1};
            return;
        }
    }
    place_zones_add(zones, named);
}

/* The zones of the number and, where there is a state, of the state, narrowed by its own area codes only. */
static void find_zones(const struct places *places, int state, const struct place_number *number,
                       const struct place_zones *of_number, struct place_zones *ret_zones)
{
    if (state && number->state != state)
        place_zones_of_state(places, state, ret_zones);
    else
        *ret_zones = *of_number;
}

enum err calling_scope_find(const struct calling_rules *rules, const struct calling_subject *subject,
                            enum calling_kind kind, int64_t now_us, struct calling_scope *ret_scope)
{
    ret_scope->zones.count = 0;
    ret_scope->state = vocabulary_find(&us_states, subject->us_state);
    ret_scope->presumed_state = 0;
    ret_scope->kinds = CALLING_KIND_BIT((unsigned)kind);
    ret_scope->consents = subject->consents;
    if (subject->phone.n == 0)
        return ERR_OK;
    struct place_number number = place_of_number(subject->phone, subject->region);
    struct place_zones of_number;
    TRY(place_zones_of_number(rules->places, &number, subject->phone, &of_number));
    if (of_number.count == 0)
        return ERR_OK; /* a satellite telephone is nowhere, whatever the state says */
    find_zones(rules->places, ret_scope->state, &number, &of_number, &ret_scope->zones);
    if (ret_scope->zones.count == 0)
        return ERR_OK; /* AA, AE, AP */
    const struct timezone *named = NULL;
    enum err error = places_zone(rules->places, subject->timezone, &named);
    if (error == ERR_OK)
        apply_timezone(&ret_scope->zones, named, now_us);
    else if (error != ERR_NOT_FOUND)
        return error;
    if (number.state && number.state != ret_scope->state && rules->presumes[number.state]) {
        ret_scope->presumed_state = number.state;
        place_zones_join(&ret_scope->zones, &of_number);
    }
    return ERR_OK;
}
