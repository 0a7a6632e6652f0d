/* How a rule looks at an instant: what the search for a time and its explanation share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_CALLING_WINDOW_H
#define INLET_DOMAIN_CALLING_WINDOW_H

#include "inlet/domain/calling.h"

/* Later than any instant there is. */
#define CALLING_NEVER_US INT64_MAX

/* Whether the rule is about this kind of call, and not lifted by consent. */
bool calling_rule_binds(const struct calling_rule *rule, const struct calling_scope *scope);

/* The local day number of an instant. */
int64_t calling_local_day(const struct timezone *zone, int64_t at_us);

/* The first instant from AT_US on at which the rule's windows, or else HOURS, are open in ZONE; not looked for from LIMIT_US on.
 * One of RULE and HOURS is NULL. */
int64_t calling_next_open(const struct calling_rule *rule, const struct calling_hours *hours,
                          const struct timezone *zone, int64_t at_us, int64_t limit_us);

/* The first instant from AT_US on at which the rule's cap is not reached. */
int64_t calling_next_below_cap(const struct calling_rule *rule, const struct calling_query *query,
                               int64_t at_us);

/* The first instant from AT_US on that is outside of the suspension. */
int64_t calling_next_resumed(const struct calling_suspension *suspension, int64_t at_us);

/* The rules of the scope's states are those of these three numbers; 0 is the federal ones'. */
#define CALLING_SCOPE_STATES 3
size_t calling_scope_states(const struct calling_scope *scope, int ret_states[CALLING_SCOPE_STATES]);

#endif
