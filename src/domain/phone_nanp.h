/* The North American Numbering Plan: area codes in service and the exchanges below them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_NANP_H
#define INLET_DOMAIN_PHONE_NANP_H

#include "inlet/base/slice.h"
#include "inlet/domain/phone.h"

/* Judges the digits after country calling code 1. PHONE_VALID: *RET_REGION is the ISO 3166 code of their
 * territory. */
enum phone_verdict phone_nanp_check(struct slice national, char ret_region[3]);

/* Whether these are a number of seven digits that works without an area code (310 xxxx in Canada). */
bool phone_nanp_is_short(struct slice national);

#endif
