/* The vocabularies of a lead, and when a duplicate reengages it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/lead.h"

#include "inlet/base/compiler.h"

#define DAY_US INT64_C(86400000000)

#define VOCABULARY(name, table)                                                                              \
    static const struct slice name##_texts[] = {{NULL, 0}, table(WORD)};                                     \
    const struct vocabulary name = {name##_texts, ARRAY_LENGTH(name##_texts)};

#define WORD(symbol, ...) SLICE_INIT(#symbol),
VOCABULARY(lead_statuses, LEAD_STATUS_TABLE)
VOCABULARY(lead_status_sub_types, LEAD_STATUS_SUB_TYPE_TABLE)
VOCABULARY(lead_status_reasons, LEAD_STATUS_REASON_TABLE)
VOCABULARY(lead_next_call_reasons, LEAD_NEXT_CALL_REASON_TABLE)
#undef WORD

bool lead_status_is_terminal(enum lead_status status)
{
    static const bool terminal[] = {[LEAD_STATUS_NULL] = false,
#define X(symbol, label, terminal) [LEAD_STATUS_##symbol] = (terminal),
                                    LEAD_STATUS_TABLE(X)
#undef X
    };
    return (size_t)status < ARRAY_LENGTH(terminal) && terminal[status];
}

bool lead_reengages(const struct lead *lead, int64_t min_days, int64_t now_us)
{
    if (min_days == REENGAGEMENT_NEVER)
        return false;
    /* TIME_NONE is the least of all times: a lead that never reengaged counts from when it was received. */
    int64_t since_us =
        lead->last_reengagement_us > lead->received_us ? lead->last_reengagement_us : lead->received_us;
    if (min_days <= 0 || since_us == TIME_NONE)
        return true;
    int64_t wait_us, due_us;
    if (__builtin_mul_overflow(min_days, DAY_US, &wait_us) ||
        __builtin_add_overflow(since_us, wait_us, &due_us))
        return false;
    return now_us >= due_us;
}

void lead_mark_reengaged(struct lead *lead, int64_t now_us)
{
    lead->reengagements_count++;
    lead->last_reengagement_us = now_us;
    lead->call_attempts = 0;
    lead->status = LEAD_STATUS_OPEN;
    lead->status_reason = LEAD_STATUS_REASON_REENGAGEMENT;
    lead->modified_us = now_us;
}
