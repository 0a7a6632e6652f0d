/* Schedules the next call of a lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/dial.h"

#include "inlet/app/calling_plan.h"
#include "inlet/codec/jin.h"
#include "inlet/domain/phone.h"
#include "inlet/domain/us_state.h"

#include <string.h>

/* Stored metadata was decoded under the limits of a body before; merging may have added up several. */
static const struct jin_options stored_metadata = {.depth_max = JIN_DEPTH_MAX + 2,
                                                   .values_max = SIZE_MAX / 2};

/* More than a cap's worth of attempts is looked at, so that leases which end early do not hide older calls. */
#define ATTEMPTS_BEYOND_CAP 100

static bool mentions(struct slice text, struct slice word)
{
    return memmem(text.p, text.n, word.p, word.n) != NULL;
}

/* The two keys of metadata that count. Most leads have neither, and are not decoded: text that was stored was written by
 * jout, which escapes no letter. */
static enum err look_at_metadata(struct arena *arena, const struct lead *lead, const struct value *metadata,
                                 struct calling_subject *subject)
{
    struct value stored;
    struct jin_fault fault;
    if (!metadata && (lead->metadata.n == 0 || (!mentions(lead->metadata, SLICE("\"timezone\"")) &&
                                                !mentions(lead->metadata, SLICE("\"consent\"")))))
        return ERR_OK;
    if (!metadata) {
        enum err error = jin_decode(arena, lead->metadata, &stored_metadata, &stored, &fault);
        if (error != ERR_OK)
            return error == ERR_MEMORY ? error : ERR_CORRUPT;
        metadata = &stored;
    }
    subject->timezone = calling_timezone(metadata);
    subject->consents = calling_consents(metadata);
    return ERR_OK;
}

static enum err look_at_phone(struct arena *arena, struct slice phone_number, struct calling_subject *subject)
{
    struct phone phone;
    subject->phone = phone_number;
    if (slice_is_null(phone_number) || phone_parse(phone_number, NULL, &phone) != PHONE_VALID)
        return ERR_OK;
    return arena_copy(arena, slice_from(phone.region), &subject->region);
}

static unsigned largest_cap_of(const struct calling_rules *rules, int state)
{
    unsigned largest = 0;
    for (size_t i = rules->first_rule[state]; i < rules->first_rule[state + 1]; i++)
        largest = rules->rules[i].cap > largest ? rules->rules[i].cap : largest;
    return largest;
}

/* The largest cap that may count for the subject; 0: none, and its attempts need not be known. */
static unsigned largest_cap(const struct calling_rules *rules, const struct calling_subject *subject)
{
    int states[] = {0, vocabulary_find(&us_states, subject->us_state),
                    place_of_number(subject->phone, subject->region).state};
    unsigned largest = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        unsigned cap = largest_cap_of(rules, states[i]);
        largest = cap > largest ? cap : largest;
    }
    return largest;
}

static enum err look_at_attempts(struct session *session, const struct dial *dial, struct arena *arena,
                                 const struct lead *lead, struct calling_state *state)
{
    struct calling_attempt *attempts;
    unsigned cap = largest_cap(dial->rules, &state->subject);
    if (cap == 0 || slice_is_null(lead->phone_number))
        return ERR_OK;
    TRY(store_call_attempts(session, arena, lead->organization_id, lead->phone_number, state->now_us,
                            (int64_t)cap + ATTEMPTS_BEYOND_CAP, &attempts, &state->attempt_count));
    /* Another process, or a job that waited for less, may be ahead of this one's clock: what it did is done. */
    for (size_t i = 0; i < state->attempt_count; i++)
        attempts[i].at_us = attempts[i].at_us < state->now_us ? attempts[i].at_us : state->now_us;
    state->attempts = attempts;
    return ERR_OK;
}

static unsigned clamp_attempts(int64_t attempts)
{
    return attempts < CALLING_ATTEMPTS_MAX ? (unsigned)attempts : CALLING_ATTEMPTS_MAX;
}

enum err dial_look(struct session *session, const struct dial *dial, struct arena *arena,
                   const struct lead *lead, const struct value *metadata, struct dial_look *ret_look)
{
    bool reengaged = lead->last_reengagement_us != TIME_NONE;
    *ret_look = (struct dial_look){
        .plan = directory_calling_plan(dial->directory, lead->organization_id, lead->lead_type_id),
        .state =
            {
                .subject = {.us_state = lead->us_state},
                .schedule_started_us = reengaged ? lead->last_reengagement_us : lead->created_us,
                .call_schedule_start_us = lead->call_schedule_start_us,
                .attempts_made = clamp_attempts(lead->call_attempts),
                .last_attempt_us = lead->last_call_us,
                .reengaged = reengaged,
                .terminal = lead_status_is_terminal(lead->status),
                .call_dnc = lead->call_dnc,
                .now_us = session_now_us(session),
            },
    };
    struct calling_state *state = &ret_look->state;
    TRY(look_at_phone(arena, lead->phone_number, &state->subject));
    TRY(look_at_metadata(arena, lead, metadata, &state->subject));
    return look_at_attempts(session, dial, arena, lead, state);
}

enum err dial_schedule(struct session *session, const struct dial *dial, const struct value *metadata,
                       struct lead *lead, struct calling_next *ret_next)
{
    struct dial_look look;
    *ret_next = (struct calling_next){.next_us = TIME_NONE, .outcome = CALLING_OFF};
    lead->next_call_us = TIME_NONE;
    lead->next_call_reason = LEAD_NEXT_CALL_REASON_NULL;
    if (lead_status_is_terminal(lead->status) || lead->call_dnc ||
        !directory_calling_plan(dial->directory, lead->organization_id, lead->lead_type_id))
        return ERR_OK;
    struct arena arena CLEANUP(arena_done);
    arena_init(&arena, DIAL_LOOK_MEMORY_MAX);
    TRY(dial_look(session, dial, &arena, lead, metadata, &look));
    TRY(calling_next(dial->rules, look.plan, &look.state, ret_next));
    lead->next_call_us = ret_next->next_us;
    lead->next_call_reason = ret_next->reason;
    if (ret_next->outcome == CALLING_COMPLETED)
        lead->status = LEAD_STATUS_SCHEDULE_COMPLETED;
    return ERR_OK;
}
