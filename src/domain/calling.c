/* The next call of a lead: its cadence, then the first time that is allowed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/calling.h"

/* What made a call wait until then. */
enum cause { CAUSE_NOW, CAUSE_START, CAUSE_CADENCE };

/* The wait before the next attempt runs from the attempt before; before the first one, from the schedule's start: that is
 * when the lead came (or came back), or the time it was given to start at. */
static int64_t cadence_us(const struct calling_plan *plan, const struct calling_state *state)
{
    size_t index = state->attempts_made < plan->wait_count ? state->attempts_made : plan->wait_count - 1;
    int64_t from_us = state->schedule_started_us;
    if (state->call_schedule_start_us != TIME_NONE && state->call_schedule_start_us > from_us)
        from_us = state->call_schedule_start_us;
    if (state->attempts_made > 0 && state->last_attempt_us != TIME_NONE)
        from_us = state->last_attempt_us;
    return from_us + plan->waits_us[index];
}

static int64_t earliest(const struct calling_plan *plan, const struct calling_state *state,
                        enum cause *ret_cause)
{
    int64_t at_us = state->now_us, cadence = cadence_us(plan, state);
    *ret_cause = CAUSE_NOW;
    if (state->call_schedule_start_us != TIME_NONE && state->call_schedule_start_us > at_us) {
        at_us = state->call_schedule_start_us;
        *ret_cause = CAUSE_START;
    }
    if (cadence > at_us) {
        at_us = cadence;
        *ret_cause = CAUSE_CADENCE;
    }
    return at_us;
}

static enum lead_next_call_reason reason_of(const struct calling_state *state, enum cause cause)
{
    if (cause == CAUSE_START)
        return LEAD_NEXT_CALL_REASON_SCHEDULED_START;
    if (state->attempts_made > 0)
        return LEAD_NEXT_CALL_REASON_RETRY;
    return state->reengaged ? LEAD_NEXT_CALL_REASON_REENGAGEMENT : LEAD_NEXT_CALL_REASON_FIRST_CALL;
}

/* The first allowed time from the earliest one that the schedule asks for. */
static void find_next(const struct calling_rules *rules, const struct calling_plan *plan,
                      const struct calling_state *state, const struct calling_scope *scope,
                      struct calling_next *next)
{
    enum cause cause;
    const struct calling_query query = {
        .scope = scope,
        .hours = &plan->hours,
        .attempts = state->attempts,
        .attempt_count = state->attempt_count,
    };
    int64_t from_us = earliest(plan, state, &cause);
    next->allowed_now = calling_allowed(rules, &query, state->now_us);
    next->next_us = calling_first_allowed(rules, &query, from_us);
    next->outcome = next->next_us == TIME_NONE ? CALLING_NO_WINDOW : CALLING_SCHEDULED;
    if (next->next_us == TIME_NONE)
        next->reason = LEAD_NEXT_CALL_REASON_NO_WINDOW;
    else if (next->next_us != from_us)
        next->reason = LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT;
    else
        next->reason = reason_of(state, cause);
}

enum err calling_next(const struct calling_rules *rules, const struct calling_plan *plan,
                      const struct calling_state *state, struct calling_next *ret_next)
{
    struct calling_next next = {.next_us = TIME_NONE, .outcome = CALLING_OFF};
    struct calling_scope scope;
    if (plan && !state->terminal && !state->call_dnc) {
        next.outcome = CALLING_COMPLETED;
        if (state->attempts_made < plan->max_attempts) {
            TRY(calling_scope_find(rules, &state->subject, plan->kind, state->now_us, &scope));
            next.outcome = CALLING_NO_ZONE;
            if (scope.zones.count > 0)
                find_next(rules, plan, state, &scope, &next);
        }
    }
    *ret_next = next;
    return ERR_OK;
}
