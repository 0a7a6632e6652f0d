/* The heart: one lead in, one row created or reengaged. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/intake.h"

#include "inlet/base/buffer.h"
#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "inlet/domain/email.h"
#include "inlet/domain/us_state.h"
#include "inlet/store/dnc.h"
#include "inlet/store/lead.h"

/* Metadata that is stored was decoded under the limits of a body; merging may add up several bodies. */
static const struct jin_options stored_metadata = {.depth_max = JIN_DEPTH_MAX + 2,
                                                   .values_max = SIZE_MAX / 2};

/* What decoding and merging the largest metadata may take for a moment. */
#define MERGE_MEMORY_MAX ((size_t)512 << 20)

/* VALUE as JSON text in the arena. */
static enum err write_json(struct arena *arena, const struct value *value, struct slice *ret_json)
{
    struct buffer buffer CLEANUP(buffer_done) = BUFFER_INIT(LEAD_METADATA_MAX);
    struct jout jout;
    jout_init(&jout, &buffer);
    jout_value(&jout, value);
    TRY(buffer_error(&buffer));
    return arena_copy(arena, buffer_slice(&buffer), ret_json);
}

/* What was sent as metadata, with the unknown keys below it. */
static enum err sent_metadata(struct arena *arena, const struct lead_input *input, struct value *ret_object)
{
    return value_merge(arena, &input->unknown,
                       input->metadata.presence == GIVEN ? input->metadata.value : NULL, ret_object);
}

enum err intake_metadata(struct arena *arena, const struct lead_input *input, struct slice *ret_json)
{
    struct value object;
    if (input->metadata.presence != GIVEN && input->unknown.object.count == 0) {
        *ret_json = SLICE_NULL;
        return ERR_OK;
    }
    TRY(sent_metadata(arena, input, &object));
    return write_json(arena, &object, ret_json);
}

/* The stored metadata with OVER's members merged in, one level deep; null becomes {}. */
static enum err merge_metadata(struct arena *arena, struct slice stored, const struct value *over,
                               struct slice *ret_json)
{
    struct value base = {.kind = VALUE_OBJECT}, merged;
    struct jin_fault fault;
    if (!slice_is_null(stored) && over->object.count == 0) {
        *ret_json = stored;
        return ERR_OK;
    }
    /* The trees are many times the text, and the call lives until its batch is committed: they must not. */
    struct arena trees CLEANUP(arena_done);
    arena_init(&trees, MERGE_MEMORY_MAX);
    if (!slice_is_null(stored)) {
        enum err error = jin_decode(&trees, stored, &stored_metadata, &base, &fault);
        if (error != ERR_OK)
            return error == ERR_MEMORY ? error : ERR_CORRUPT;
    }
    TRY(value_merge(&trees, &base, over, &merged));
    if (value_count(&merged) > LEAD_METADATA_VALUES_MAX)
        return ERR_LIMIT;
    return write_json(arena, &merged, ret_json);
}

static struct slice text_of(const struct optional_text *text)
{
    return text->presence == GIVEN ? text->value : SLICE_NULL;
}

static struct slice state_of(const struct optional_choice *state)
{
    if (state->presence != GIVEN)
        return SLICE_NULL;
    return state->value == 0 ? SLICE("") : vocabulary_text(&us_states, state->value);
}

static int64_t id_of(const struct optional_integer *id)
{
    return id->presence == GIVEN ? id->value : 0;
}

static int64_t time_of(const struct optional_time *time)
{
    return time->presence == GIVEN ? time->value : TIME_NONE;
}

/* What the number's owner asked for holds for this lead too (docs/behaviour.md section 5). */
static enum err inherit_dnc(struct session *session, bool to_change, struct lead *lead)
{
    struct dnc dnc;
    if (slice_is_null(lead->phone_number))
        return ERR_OK;
    if (to_change)
        TRY(store_dnc_get_locked(session, lead->organization_id, lead->phone_number, &dnc));
    else
        TRY(store_dnc_get(session, lead->organization_id, lead->phone_number, &dnc));
    lead->call_dnc = dnc.calls;
    lead->sms_dnc = dnc.messages;
    return ERR_OK;
}

/* The row of a lead that nobody has seen before. */
static enum err new_lead(struct session *session, struct arena *arena, const struct intake_source *source,
                         const struct lead_input *input, struct lead *lead)
{
    int64_t now_us = session_now_us(session);
    *lead = (struct lead){
        .organization_id = source->organization_id,
        .email = text_of(&input->email),
        .phone_number = text_of(&input->phone_number),
        .created_us = now_us + source->later_us,
        .modified_us = now_us + source->later_us,
        .received_us = source->received_us < now_us ? source->received_us : now_us,
        .status = LEAD_STATUS_NEW,
        .lead_type_id = id_of(&input->lead_type),
        .representative_id = id_of(&input->representative),
        .next_call_us = TIME_NONE,
        .external_id = text_of(&input->external_id),
        .us_state = state_of(&input->us_state),
        .lead_source = text_of(&input->lead_source),
        .last_reengagement_us = TIME_NONE,
        .call_schedule_start_us = time_of(&input->call_schedule_start_time),
        .last_call_us = TIME_NONE,
        .ingestion_config_id = source->ingestion_config_id,
    };
    if (lead->lead_type_id == 0)
        lead->lead_type_id = source->default_lead_type_id;
    TRY(email_key(arena, lead->email, &lead->email_key));
    return intake_metadata(arena, input, &lead->metadata);
}

/* Sets the next call of a lead whose metadata is what was sent: it need not be decoded again. */
static enum err schedule_new(struct session *session, struct arena *arena, const struct intake_source *source,
                             const struct lead_input *input, struct lead *lead, struct calling_next *ret_next)
{
    struct value sent;
    if (!directory_calling_plan(source->dial->directory, lead->organization_id, lead->lead_type_id))
        return ERR_OK;
    TRY(sent_metadata(arena, input, &sent));
    return dial_schedule(session, source->dial, &sent, lead, ret_next);
}

/* A new lead whose number's owner has asked for something before. Seldom enough to be written twice. */
static enum err honour_dnc(struct session *session, const struct dnc *dnc, struct lead *lead)
{
    lead->call_dnc = dnc->calls;
    lead->sms_dnc = dnc->messages;
    if (dnc->calls) {
        lead->next_call_us = TIME_NONE;
        lead->next_call_reason = LEAD_NEXT_CALL_REASON_NULL;
    }
    return store_lead_update(session, lead);
}

/* The first value that was said: by the request, the config, the lead type, the server. */
static int64_t min_days(const struct intake_source *source, const struct lead_input *input,
                        const struct lead *lead)
{
    if (input->min_reengagement_days.presence == GIVEN)
        return input->min_reengagement_days.value;
    if (source->config_min_days != REENGAGEMENT_UNSET)
        return source->config_min_days;
    int64_t days = source->lead_type_min_days;
    if (id_of(&input->lead_type) == 0 && lead->lead_type_id != 0)
        days = source->min_days_of(source->context, lead->lead_type_id);
    return days != REENGAGEMENT_UNSET ? days : source->default_min_days;
}

/* Sent texts overwrite unless they are null or blank. */
static void overwrite_text(const struct optional_text *text, struct slice *stored)
{
    if (text->presence == GIVEN && text->value.n > 0)
        *stored = text->value;
}

/* What a reengagement writes over the lead (docs/behaviour.md section 4): its e-mail's spelling, its received time and its
 * first source stay. */
static enum err reengage(struct session *session, struct arena *arena, const struct dial *dial,
                         const struct lead_input *input, struct lead *lead)
{
    struct value sent;
    struct calling_next next;
    TRY(sent_metadata(arena, input, &sent));
    TRY(merge_metadata(arena, lead->metadata, &sent, &lead->metadata));
    overwrite_text(&input->external_id, &lead->external_id);
    if (lead->lead_source.n == 0)
        overwrite_text(&input->lead_source, &lead->lead_source);
    if (input->us_state.presence == GIVEN && input->us_state.value != 0)
        lead->us_state = state_of(&input->us_state);
    if (input->lead_type.presence == GIVEN)
        lead->lead_type_id = input->lead_type.value;
    if (input->representative.presence == GIVEN)
        lead->representative_id = input->representative.value;
    if (input->call_schedule_start_time.presence == GIVEN)
        lead->call_schedule_start_us = input->call_schedule_start_time.value;
    lead_mark_reengaged(lead, session_now_us(session));
    TRY(dial_schedule(session, dial, NULL, lead, &next));
    dial_counts_add(dial->counts, lead->organization_id, next.outcome);
    return store_lead_update(session, lead);
}

/* Two writers on an engine with several may delete and create around each other; one of these rounds decides. */
#define ROUNDS_MAX 8

enum err intake_take(struct session *session, struct arena *arena, const struct intake_source *source,
                     const struct lead_input *input, enum intake_outcome *ret_outcome, struct lead *ret_lead)
{
    struct lead fresh, lead;
    struct dnc dnc;
    struct calling_next next = {.outcome = CALLING_OFF};
    TRY(new_lead(session, arena, source, input, &fresh));
    TRY(schedule_new(session, arena, source, input, &fresh, &next));
    for (int round = 0; round < ROUNDS_MAX; round++) {
        TRY(store_lead_insert(session, &fresh, &fresh.id, &dnc));
        if (fresh.id != 0) {
            if (dnc.calls || dnc.messages)
                TRY(honour_dnc(session, &dnc, &fresh));
            dial_counts_add(source->dial->counts, fresh.organization_id,
                            dnc.calls ? CALLING_OFF : next.outcome);
            *ret_outcome = INTAKE_CREATED;
            *ret_lead = fresh;
            return ERR_OK;
        }
        enum err error = store_lead_duplicate(session, arena, fresh.organization_id, fresh.phone_number,
                                              fresh.email_key, &lead);
        if (error == ERR_NOT_FOUND)
            continue;
        TRY(error);
        *ret_outcome = INTAKE_DUPLICATE;
        if (lead_reengages(&lead, min_days(source, input, &lead), session_now_us(session))) {
            TRY(reengage(session, arena, source->dial, input, &lead));
            *ret_outcome = INTAKE_REENGAGED;
        }
        *ret_lead = lead;
        return ERR_OK;
    }
    return ERR_BUSY;
}

static void change_text(const struct optional_text *text, struct slice *stored)
{
    if (text->presence != ABSENT)
        *stored = text_of(text);
}

static void change_id(const struct optional_integer *id, int64_t *stored)
{
    if (id->presence != ABSENT)
        *stored = id_of(id);
}

/* The value of a sent choice; null is 0. */
static int choice_of(const struct optional_choice *choice, int stored)
{
    if (choice->presence == ABSENT)
        return stored;
    return choice->presence == GIVEN ? choice->value : 0;
}

/* All of the lead but its metadata. */
static enum err change_columns(struct arena *arena, const struct lead_input *input, struct lead *lead)
{
    if (input->email.presence != ABSENT) {
        lead->email = text_of(&input->email);
        TRY(email_key(arena, lead->email, &lead->email_key));
    }
    change_text(&input->phone_number, &lead->phone_number);
    change_text(&input->external_id, &lead->external_id);
    change_text(&input->lead_source, &lead->lead_source);
    change_id(&input->lead_type, &lead->lead_type_id);
    change_id(&input->representative, &lead->representative_id);
    if (input->us_state.presence != ABSENT)
        lead->us_state = state_of(&input->us_state);
    if (input->call_schedule_start_time.presence != ABSENT)
        lead->call_schedule_start_us = time_of(&input->call_schedule_start_time);
    lead->status = (enum lead_status)choice_of(&input->status, (int)lead->status);
    lead->status_sub_type =
        (enum lead_status_sub_type)choice_of(&input->status_sub_type, (int)lead->status_sub_type);
    lead->status_reason = (enum lead_status_reason)choice_of(&input->status_reason, (int)lead->status_reason);
    return ERR_OK;
}

static bool sends_dnc(const struct lead_input *input)
{
    return input->call_dnc.presence == GIVEN || input->sms_dnc.presence == GIVEN;
}

/*
 * Where several write at the same time, all of them take a number's row before any of its leads': whoever had a lead and
 * waited for the number would be in the way of whoever has the number and writes to all of its leads. *RET_NUMBER: the number
 * that the change is about; null when it sends no flag. ERR_NOT_FOUND.
 */
static enum err lock_number(struct session *session, struct arena *arena, int64_t organization_id, int64_t id,
                            const struct lead_input *input, struct slice *ret_number)
{
    struct lead lead;
    struct dnc dnc;
    *ret_number = SLICE_NULL;
    if (!sends_dnc(input))
        return ERR_OK;
    if (input->phone_number.presence != ABSENT) {
        *ret_number = text_of(&input->phone_number);
    } else {
        TRY(store_lead_by_id(session, arena, organization_id, id, &lead));
        *ret_number = lead.phone_number;
    }
    return slice_is_null(*ret_number) ? ERR_OK
                                      : store_dnc_get_locked(session, organization_id, *ret_number, &dnc);
}

/* do-not-contact follows the phone number: a sent flag holds for all of the number's leads, and a lead that gets a new
 * number gets what that number asked for. */
static enum err change_dnc(struct session *session, const struct lead_input *input, struct lead *lead)
{
    bool sent = sends_dnc(input);
    if (sent || input->phone_number.presence == GIVEN)
        TRY(inherit_dnc(session, sent, lead));
    if (input->call_dnc.presence == GIVEN)
        lead->call_dnc = input->call_dnc.value;
    if (input->sms_dnc.presence == GIVEN)
        lead->sms_dnc = input->sms_dnc.value;
    if (!sent || slice_is_null(lead->phone_number))
        return ERR_OK;
    struct dnc dnc = {.calls = lead->call_dnc, .messages = lead->sms_dnc};
    return store_dnc_set(session, lead->organization_id, lead->phone_number, &dnc);
}

/* A sent metadata replaces the stored one; unknown keys merge into what then stands there. */
static enum err change_metadata(struct arena *arena, const struct lead_input *input, struct lead *lead)
{
    struct value sent;
    if (input->metadata.presence == GIVEN) {
        TRY(sent_metadata(arena, input, &sent));
        return write_json(arena, &sent, &lead->metadata);
    }
    if (input->metadata.presence == GIVEN_NULL)
        lead->metadata = SLICE_NULL;
    if (input->unknown.object.count == 0)
        return ERR_OK;
    return merge_metadata(arena, lead->metadata, &input->unknown, &lead->metadata);
}

enum err intake_change(struct session *session, const struct dial *dial, struct arena *arena,
                       int64_t organization_id, int64_t id, const struct lead_input *input,
                       struct lead *ret_lead)
{
    struct lead lead;
    struct calling_next next;
    struct slice number;
    TRY(lock_number(session, arena, organization_id, id, input, &number));
    TRY(store_lead_by_id_locked(session, arena, organization_id, id, &lead));
    TRY(change_columns(arena, input, &lead));
    if (sends_dnc(input) && !slice_equal(lead.phone_number, number))
        return ERR_BUSY; /* it got another number meanwhile: once more */
    TRY(change_dnc(session, input, &lead));
    TRY(change_metadata(arena, input, &lead));
    TRY(dial_schedule(session, dial, NULL, &lead, &next));
    lead.modified_us = session_now_us(session);
    TRY(store_lead_update(session, &lead));
    dial_counts_add(dial->counts, organization_id, next.outcome);
    *ret_lead = lead;
    return ERR_OK;
}
