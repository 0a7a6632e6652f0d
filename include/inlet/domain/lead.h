/* A lead, its vocabularies, and the rules of reengagement. Pure: time is an argument. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_LEAD_H
#define INLET_DOMAIN_LEAD_H

#include "inlet/base/clock.h"
#include "inlet/base/slice.h"
#include "inlet/base/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Vocabularies as the published documentation lists them, in its order. Value 0 stands for null. */
#define LEAD_STATUS_TABLE(X)                                                                                 \
    X(UNKNOWN, "Unknown", false)                                                                             \
    X(NEW, "New", false)                                                                                     \
    X(OPEN, "Open", false)                                                                                   \
    X(CALLBACK_TO_TRANSFER, "Callback to transfer", false)                                                   \
    X(CLOSED, "Closed", true)                                                                                \
    X(CLOSED_INCOMPLETE, "Closed incomplete", true)                                                          \
    X(LOST, "Lost", true)                                                                                    \
    X(SCHEDULE_COMPLETED, "Schedule completed", true)                                                        \
    X(OUT_OF_TERRITORY, "Out of territory", true)                                                            \
    X(BAD_NUMBER, "Bad number", true)                                                                        \
    X(CANCELLED, "Cancelled", true)

#define LEAD_STATUS_SUB_TYPE_TABLE(X)                                                                        \
    X(blind_transfer, "Blind transfer")                                                                      \
    X(warm_transfer, "Warm transfer")                                                                        \
    X(appointment_booked, "Appointment booked")                                                              \
    X(live_handoff_unavailable, "Live handoff unavailable")                                                  \
    X(escalation, "Escalation")                                                                              \
    X(has_call_dnc, "Has call DNC")                                                                          \
    X(tcpa_litigator, "TCPA litigator")                                                                      \
    X(LEAD_ASSIGNED, "Lead assigned")

#define LEAD_STATUS_REASON_TABLE(X)                                                                          \
    X(UNKNOWN, "Unknown")                                                                                    \
    X(WEBHOOK, "Webhook")                                                                                    \
    X(MANUAL, "Manual")                                                                                      \
    X(CHAT, "Chat")                                                                                          \
    X(REENGAGEMENT, "Reengagement")

#define LEAD_NEXT_CALL_REASON_TABLE(X)                                                                       \
    X(FIRST_CALL, "First call")                                                                              \
    X(NEXT_AVAILABLE_SLOT, "Next available slot")                                                            \
    X(SCHEDULED_START, "Scheduled start")                                                                    \
    X(RETRY, "Retry")                                                                                        \
    X(REENGAGEMENT, "Reengagement")                                                                          \
    X(NO_WINDOW, "No window")

enum lead_status {
    LEAD_STATUS_NULL,
#define X(symbol, label, terminal) LEAD_STATUS_##symbol,
    LEAD_STATUS_TABLE(X)
#undef X
};

enum lead_status_sub_type {
    LEAD_STATUS_SUB_TYPE_NULL,
#define X(symbol, label) LEAD_STATUS_SUB_TYPE_##symbol,
    LEAD_STATUS_SUB_TYPE_TABLE(X)
#undef X
};

enum lead_status_reason {
    LEAD_STATUS_REASON_NULL,
#define X(symbol, label) LEAD_STATUS_REASON_##symbol,
    LEAD_STATUS_REASON_TABLE(X)
#undef X
};

enum lead_next_call_reason {
    LEAD_NEXT_CALL_REASON_NULL,
#define X(symbol, label) LEAD_NEXT_CALL_REASON_##symbol,
    LEAD_NEXT_CALL_REASON_TABLE(X)
#undef X
};

extern const struct vocabulary lead_statuses, lead_status_sub_types, lead_status_reasons,
    lead_next_call_reasons;

/* CLOSED, LOST and the like: no further calls. */
bool lead_status_is_terminal(enum lead_status status);

/* A lead as it is stored. Texts are borrowed; a null slice is null. Ids of 0 and times of TIME_NONE are null. */
struct lead {
    int64_t id;
    int64_t organization_id;
    struct slice email;
    struct slice email_key;    /* email_key() of email; '' for null and blank */
    struct slice phone_number; /* E.164 */
    struct slice metadata;     /* JSON text of an object */
    int64_t modified_us, created_us, received_us;
    enum lead_status status;
    enum lead_status_sub_type status_sub_type;
    enum lead_status_reason status_reason;
    int64_t lead_type_id;
    int64_t representative_id;
    int64_t next_call_us;
    enum lead_next_call_reason next_call_reason;
    struct slice external_id, us_state, lead_source;
    int64_t reengagements_count;
    int64_t last_reengagement_us;
    int64_t call_schedule_start_us;
    int64_t call_attempts; /* calls that were made since the call schedule began */
    int64_t last_call_us;  /* TIME_NONE: never called */
    bool sms_dnc, call_dnc;
    int64_t ingestion_config_id; /* the config that brought it in; 0: the API did */
};

/* "No duplicate ever reengages", as a number of days. */
#define REENGAGEMENT_NEVER INT64_MAX
/* "Nobody said", as a number of days. */
#define REENGAGEMENT_UNSET INT64_C(-1)

/* Whether a duplicate of LEAD that arrives at NOW_US reengages it: at least MIN_DAYS × 24 h since the later
 * of its received and last reengagement times (docs/behaviour.md section 4). */
bool lead_reengages(const struct lead *lead, int64_t min_days, int64_t now_us);

/* Marks a reengagement at NOW_US: count, time, status OPEN with reason REENGAGEMENT, modified; the call schedule begins again. */
void lead_mark_reengaged(struct lead *lead, int64_t now_us);

#endif
