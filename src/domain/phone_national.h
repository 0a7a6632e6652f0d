/* National numbers: the prefix people dial before them at home, and their lengths. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_NATIONAL_H
#define INLET_DOMAIN_PHONE_NATIONAL_H

#include "phone_metadata.h"
#include "phone_text.h"

/* The shortest national number. */
#define PHONE_NATIONAL_MIN 2

/* Room for the digits of any text, and for what transforming a prefix adds to them, twice. */
#define PHONE_DIGITS_MAX (PHONE_TEXT_MAX + 2 * sizeof(((struct phone_region *)NULL)->transform_head))

/*
 * DIGITS without PLAN's national prefix (and carrier code), or with what the prefix stands for in its place (Argentina's
 * 0 11 15 ... is 9 11 ...). DIGITS as they are when there is none, or when they are a number only with it.
 * STORAGE, of PHONE_DIGITS_MAX bytes and apart from DIGITS, holds the result where it is no part of DIGITS.
 */
struct slice phone_national_strip(const struct phone_region *plan, struct slice digits, char *storage);

/* Whether a national number of PLAN can have LENGTH digits: PHONE_VALID, PHONE_TOO_SHORT, PHONE_TOO_LONG, or
 * PHONE_INVALID for a length between others. */
enum phone_verdict phone_national_judge_length(const struct phone_region *plan, size_t length);

#endif
