/* The country calling code in front of a number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_COUNTRY_CODE_H
#define INLET_DOMAIN_PHONE_COUNTRY_CODE_H

#include "phone_metadata.h"

/*
 * Finds the plan that DIGITS follow, which stood behind a '+' (PLUS) or are as dialled in HOME (may be NULL), and takes the
 * international prefix and the calling code off them. PHONE_VALID: *RET_PLAN and *RET_NATIONAL are set, the latter
 * perhaps still with a national prefix; STORAGE is that of
 * phone_national_strip.
 */
enum phone_verdict phone_country_code_take(struct slice digits, bool plus, const struct phone_region *home,
                                           char *storage, const struct phone_region **ret_plan,
                                           struct slice *ret_national);

#endif
