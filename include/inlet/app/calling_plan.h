/* A lead type's `calling`: JSON to a plan. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_CALLING_PLAN_H
#define INLET_APP_CALLING_PLAN_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/domain/calling.h"
#include "inlet/schema/field.h"

/*
 * Compiles {"kind", "hours", "cadence", "max_attempts"} (docs/calling.md). Null: no calling, *RET_PLAN becomes NULL.
 * `kind` is live when absent, `max_attempts` the length of the cadence. ERR_INVALID: FAULTS has a fault for each
 * thing that is wrong, its field the key within ("calling.hours.mon"). ERR_MEMORY. The plan is in the arena.
 */
NODISCARD enum err calling_plan_compile(struct arena *arena, const struct value *calling,
                                        const struct calling_plan **ret_plan, struct faults *faults);

/* The kinds of calls in metadata.consent, as bits: a list of kinds, or one kind. What is no kind counts for nothing. */
unsigned calling_consents(const struct value *metadata);

/* metadata.timezone, or a null slice. */
struct slice calling_timezone(const struct value *metadata);

#endif
