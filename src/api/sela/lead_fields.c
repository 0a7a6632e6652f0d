/* The fields of a lead: what may be sent, how it is checked, where it goes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/domain/email.h"
#include "inlet/domain/phone.h"
#include "inlet/domain/us_state.h"
#include "sela.h"

static bool check_email(const struct schema_context *context, struct slice text, struct slice *ret_text,
                        enum fault_kind *ret_fault)
{
    (void)context;
    (void)ret_text;
    *ret_fault = FAULT_NOT_EMAIL;
    return email_is_valid(text);
}

static bool check_phone(const struct schema_context *context, struct slice text, struct slice *ret_text,
                        enum fault_kind *ret_fault)
{
    const struct call *call = context->lookup;
    struct phone phone;
    *ret_fault = FAULT_NOT_PHONE;
    return phone_parse(text, call_app(call)->phone_region, &phone) == PHONE_VALID &&
           arena_copy(context->arena, phone_slice(&phone), ret_text) == ERR_OK;
}

static bool lead_type_exists(void *lookup, int64_t id)
{
    const struct call *call = lookup;
    return directory_lead_type(call_directory(call), call->principal.organization_id, id) != NULL;
}

static bool representative_exists(void *lookup, int64_t id)
{
    const struct call *call = lookup;
    return directory_representative(call_directory(call), call->principal.organization_id, id) != NULL;
}

#define AT(member) .offset = offsetof(struct lead_input, member)

#define EMAIL_FIELD                                                                                          \
    {                                                                                                        \
        .name = "email", .kind = FIELD_TEXT, .flags = FIELD_NULL | FIELD_BLANK, AT(email),                   \
        .check = check_email, .check_always = true, .not_text = FAULT_NOT_EMAIL                              \
    }
#define METADATA_FIELD                                                                                       \
    {                                                                                                        \
        .name = "metadata", .kind = FIELD_OBJECT, .flags = FIELD_NULL, AT(metadata)                          \
    }
#define LEAD_TYPE_FIELD                                                                                      \
    {                                                                                                        \
        .name = "lead_type", .kind = FIELD_KEY, .flags = FIELD_NULL, AT(lead_type),                          \
        .exists = lead_type_exists                                                                           \
    }
#define REPRESENTATIVE_FIELD                                                                                 \
    {                                                                                                        \
        .name = "representative", .kind = FIELD_KEY, .flags = FIELD_NULL, AT(representative),                \
        .exists = representative_exists                                                                      \
    }
#define EXTERNAL_ID_FIELD                                                                                    \
    {                                                                                                        \
        .name = "external_id", .kind = FIELD_TEXT, .flags = FIELD_NULL | FIELD_BLANK, AT(external_id),       \
        .length_max = 255                                                                                    \
    }
#define US_STATE_FIELD                                                                                       \
    {                                                                                                        \
        .name = "us_state", .kind = FIELD_CHOICE, .flags = FIELD_NULL | FIELD_BLANK, AT(us_state),           \
        .choices = &us_states                                                                                \
    }
#define LEAD_SOURCE_FIELD                                                                                    \
    {                                                                                                        \
        .name = "lead_source", .kind = FIELD_TEXT, .flags = FIELD_NULL | FIELD_BLANK, AT(lead_source),       \
        .length_max = 255                                                                                    \
    }
#define CALL_SCHEDULE_START_TIME_FIELD                                                                       \
    {                                                                                                        \
        .name = "call_schedule_start_time", .kind = FIELD_TIME, .flags = FIELD_NULL,                         \
        AT(call_schedule_start_time)                                                                         \
    }
#define PHONE_NUMBER_FIELD                                                                                   \
    {                                                                                                        \
        .name = "phone_number", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, AT(phone_number),               \
        .check = check_phone                                                                                 \
    }
#define CHOICE_FIELD(member, flag, words)                                                                    \
    {                                                                                                        \
        .name = #member, .kind = FIELD_CHOICE, .flags = (flag), AT(member), .choices = &(words)              \
    }

static const struct field create_rows[] = {
    EMAIL_FIELD,
    PHONE_NUMBER_FIELD,
    METADATA_FIELD,
    LEAD_TYPE_FIELD,
    REPRESENTATIVE_FIELD,
    EXTERNAL_ID_FIELD,
    US_STATE_FIELD,
    LEAD_SOURCE_FIELD,
    CALL_SCHEDULE_START_TIME_FIELD,
    {.name = "min_reengagement_days",
     .kind = FIELD_INTEGER,
     .flags = FIELD_NULL,
     AT(min_reengagement_days),
     .has_minimum = true,
     .minimum = 0},
};

static const struct field change_rows[] = {
    EMAIL_FIELD,
    PHONE_NUMBER_FIELD,
    METADATA_FIELD,
    CHOICE_FIELD(status, 0, lead_statuses),
    CHOICE_FIELD(status_sub_type, FIELD_NULL, lead_status_sub_types),
    CHOICE_FIELD(status_reason, FIELD_NULL, lead_status_reasons),
    LEAD_TYPE_FIELD,
    REPRESENTATIVE_FIELD,
    EXTERNAL_ID_FIELD,
    US_STATE_FIELD,
    LEAD_SOURCE_FIELD,
    CALL_SCHEDULE_START_TIME_FIELD,
    {.name = "sms_dnc", .kind = FIELD_BOOLEAN, AT(sms_dnc)},
    {.name = "call_dnc", .kind = FIELD_BOOLEAN, AT(call_dnc)},
};

/* On a change these are ignored: neither fields nor unknown keys. On create they are ordinary keys. */
static const struct field read_only_rows[] = {
    {.name = "id"},
    {.name = "modified_time"},
    {.name = "created_time"},
    {.name = "next_call_time"},
    {.name = "next_call_time_reason"},
    {.name = "received_time"},
    {.name = "reengagements_count"},
    {.name = "last_reengagement_time"},
    {.name = "min_reengagement_days"},
};

const struct field_table lead_create_fields = {create_rows, ARRAY_LENGTH(create_rows)};
const struct field_table lead_change_fields = {change_rows, ARRAY_LENGTH(change_rows)};
const struct field_table lead_read_only_fields = {read_only_rows, ARRAY_LENGTH(read_only_rows)};

enum err lead_decode_create(struct call *call, const struct schema_input *input, struct lead_input *ret_lead,
                            struct faults *faults)
{
    struct schema_context context = {
        .arena = &call->arena, .timezone = call_app(call)->timezone, .lookup = call};
    static const struct value nothing = {.kind = VALUE_OBJECT};
    *ret_lead = (struct lead_input){0};
    TRY(schema_decode(&lead_create_fields, &context, input, ret_lead, faults));
    if (!input->object &&
        ret_lead->metadata.presence == ABSENT) /* DRF's DictField is never absent from a form */
        ret_lead->metadata = (struct optional_value){GIVEN, &nothing};
    return schema_unknown(&lead_create_fields, NULL, &call->arena, input, &ret_lead->unknown);
}

enum err lead_decode_change(struct call *call, const struct schema_input *input, struct lead_input *ret_lead,
                            struct faults *faults)
{
    struct schema_context context = {
        .arena = &call->arena, .timezone = call_app(call)->timezone, .partial = true, .lookup = call};
    *ret_lead = (struct lead_input){0};
    TRY(schema_decode(&lead_change_fields, &context, input, ret_lead, faults));
    return schema_unknown(&lead_change_fields, &lead_read_only_fields, &call->arena, input,
                          &ret_lead->unknown);
}

/* The lead type of a stored lead, as the directory of this call knows it. */
static int64_t min_days_of(const void *context, int64_t lead_type_id)
{
    const struct call *call = context;
    const struct lead_type *lead_type =
        directory_lead_type(call_directory(call), call->principal.organization_id, lead_type_id);
    return lead_type ? lead_type->min_reengagement_days : REENGAGEMENT_UNSET;
}

void lead_source_of_call(const struct call *call, const struct lead_input *input,
                         struct intake_source *ret_source)
{
    int64_t lead_type_id = input->lead_type.presence == GIVEN ? input->lead_type.value : 0;
    *ret_source = (struct intake_source){
        .organization_id = call->principal.organization_id,
        .received_us = call->received_us,
        .config_min_days = REENGAGEMENT_UNSET,
        .lead_type_min_days = lead_type_id ? min_days_of(call, lead_type_id) : REENGAGEMENT_UNSET,
        .default_min_days = call_app(call)->min_reengagement_days,
        .min_days_of = min_days_of,
        .context = call,
        .dial = call_dial(call),
    };
}
