/* Numbering plans: which digits after which country calling code can be a telephone number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_PLAN_H
#define INLET_DOMAIN_PHONE_PLAN_H

#include "inlet/base/slice.h"
#include "inlet/domain/phone.h"

/* The plan behind one country calling code. Digits are ASCII digits throughout. */
struct phone_plan;

/* The plan whose calling code *DIGITS start with, which is taken off; NULL, and *DIGITS as they were, for no
 * known one. */
const struct phone_plan *phone_plan_take(struct slice *digits);

/* The plan of country calling code 1, where numbers without one belong. */
const struct phone_plan *phone_plan_home(void);

/* The calling code, as digits. */
struct slice phone_plan_code(const struct phone_plan *plan);

/* NATIONAL without the plan's national prefix (the 0 of +44 (0)20 ...), where it cannot be a number of that
 * plan with the prefix and can be one without; otherwise as it is. */
struct slice phone_plan_strip_prefix(const struct phone_plan *plan, struct slice national);

/* Judges a national number. PHONE_VALID: *RET_REGION is its ISO 3166 region, "" where several share it. */
enum phone_verdict phone_plan_check(const struct phone_plan *plan, struct slice national, char ret_region[3]);

#endif
