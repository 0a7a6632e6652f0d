/* A lead on the wire: keys in their order, times in the configured zone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/base/datetime.h"
#include "sela.h"

void time_write(struct jout *jout, int64_t us, const struct timezone *zone)
{
    char text[DATETIME_MAX];
    if (us == TIME_NONE)
        jout_null(jout);
    else
        jout_string(jout, slice_of(text, datetime_format(us, timezone_offset_s(zone, us), text)));
}

static void member_time(struct jout *jout, const char *key, int64_t us, const struct timezone *zone)
{
    jout_key(jout, slice_from(key));
    time_write(jout, us, zone);
}

/* An id, or null for 0. */
static void member_id(struct jout *jout, const char *key, int64_t id)
{
    if (id == 0)
        jout_member_null(jout, key);
    else
        jout_member_integer(jout, key, id);
}

void lead_write(struct jout *jout, const struct lead *lead, const struct timezone *zone)
{
    jout_object_begin(jout);
    jout_member_integer(jout, "id", lead->id);
    jout_member_string(jout, "email", lead->email);
    jout_member_string(jout, "phone_number", lead->phone_number);
    jout_key(jout, SLICE("metadata"));
    jout_raw(jout, lead->metadata);
    member_time(jout, "modified_time", lead->modified_us, zone);
    member_time(jout, "created_time", lead->created_us, zone);
    jout_member_string(jout, "status", vocabulary_text(&lead_statuses, (int)lead->status));
    jout_member_string(jout, "status_sub_type",
                       vocabulary_text(&lead_status_sub_types, (int)lead->status_sub_type));
    jout_member_string(jout, "status_reason",
                       vocabulary_text(&lead_status_reasons, (int)lead->status_reason));
    member_id(jout, "lead_type", lead->lead_type_id);
    member_id(jout, "representative", lead->representative_id);
    member_time(jout, "next_call_time", lead->next_call_us, zone);
    jout_member_string(jout, "next_call_time_reason",
                       vocabulary_text(&lead_next_call_reasons, (int)lead->next_call_reason));
    jout_member_string(jout, "external_id", lead->external_id);
    jout_member_string(jout, "us_state", lead->us_state);
    jout_member_string(jout, "lead_source", lead->lead_source);
    member_time(jout, "received_time", lead->received_us, zone);
    jout_member_integer(jout, "reengagements_count", lead->reengagements_count);
    member_time(jout, "last_reengagement_time", lead->last_reengagement_us, zone);
    member_time(jout, "call_schedule_start_time", lead->call_schedule_start_us, zone);
    jout_member_boolean(jout, "sms_dnc", lead->sms_dnc);
    jout_member_boolean(jout, "call_dnc", lead->call_dnc);
    jout_object_end(jout);
}

enum err lead_answer(struct call *call, unsigned status, const struct lead *lead)
{
    struct jout jout;
    call_answer(call, status);
    jout_init(&jout, &call->answer);
    lead_write(&jout, lead, call_app(call)->timezone);
    return buffer_error(&call->answer);
}
