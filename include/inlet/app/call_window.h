/* The call window: whether a call is allowed at a time, by which rules, and when it next is. As one JSON object. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_CALL_WINDOW_H
#define INLET_APP_CALL_WINDOW_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/timezone.h"
#include "inlet/codec/jout.h"
#include "inlet/domain/calling.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call_window_question {
    struct calling_subject subject;
    enum calling_kind kind;
    const struct calling_hours *hours;      /* of a lead type; NULL: all */
    const struct calling_attempt *attempts; /* to call the number, as struct calling_state has them */
    size_t attempt_count;
    int64_t at_us;
};

struct call_window {
    bool allowed;         /* at that time */
    int64_t next_call_us; /* that time, or the first allowed minute after it; TIME_NONE: none in 14 days */
    struct calling_scope scope;
    struct calling_finding *findings;
    size_t finding_count;
};

/* All is in ARENA. ERR_MEMORY. */
NODISCARD enum err call_window_find(const struct calling_rules *rules,
                                    const struct call_window_question *question, struct arena *arena,
                                    struct call_window *ret_window);

/* {"allowed", "next_call_time", "zones", "rules", "data_version"}; times in TIMEZONE. */
void call_window_write(struct jout *jout, const struct calling_rules *rules, const struct call_window *window,
                       const struct timezone *timezone);

#endif
