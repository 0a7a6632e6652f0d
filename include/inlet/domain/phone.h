/* Phone numbers: from what people type to E.164, or a reason why not. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_H
#define INLET_DOMAIN_PHONE_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>

/* Compiles the patterns of all numbering plans, once, before threads start; phone_module_done frees them.
 * ERR_MEMORY, ERR_INTERNAL. */
NODISCARD enum err phone_module_init(void);
void phone_module_done(void);

/* The version of libphonenumber's metadata that the plans are from: "9.0.40". */
const char *phone_metadata_version(void);

/* The numbering plan of one region. */
struct phone_region;

/* The plan of an ISO 3166 region ("US"); NULL when there is none of that name. */
const struct phone_region *phone_region_find(struct slice name);

enum phone_verdict {
    PHONE_VALID,
    PHONE_NOT_A_NUMBER, /* no digits, or characters no number has */
    PHONE_TOO_SHORT,
    PHONE_TOO_LONG,
    PHONE_INVALID_COUNTRY_CODE, /* or none at all, and no region to dial in */
    PHONE_INVALID               /* otherwise against the numbering plan */
};

enum phone_type {
    PHONE_FIXED_LINE,
    PHONE_MOBILE,
    PHONE_FIXED_LINE_OR_MOBILE, /* the plan does not tell them apart */
    PHONE_TOLL_FREE,
    PHONE_PREMIUM_RATE,
    PHONE_SHARED_COST,
    PHONE_VOIP,
    PHONE_PERSONAL_NUMBER,
    PHONE_PAGER,
    PHONE_UAN, /* universal access number: a company's one number */
    PHONE_VOICEMAIL
};

#define PHONE_CODE_DIGITS_MAX     3
#define PHONE_NATIONAL_DIGITS_MAX 17
#define PHONE_EXTENSION_MAX       20

/* '+', the digits, NUL. A few plans have numbers longer than the 15 digits of ITU's E.164. */
#define PHONE_E164_MAX (1 + PHONE_CODE_DIGITS_MAX + PHONE_NATIONAL_DIGITS_MAX + 1)

/* A number understood. */
struct phone {
    char e164[PHONE_E164_MAX];
    size_t length;         /* of e164 */
    size_t national_start; /* where in e164 the country calling code ends */
    unsigned calling_code;
    char region[4]; /* ISO 3166; "001" for calling codes that belong to no country */
    enum phone_type type;
    char extension[PHONE_EXTENSION_MAX + 1]; /* ASCII digits; "" without one */
};

/*
 * Reads a number as libphonenumber's parse() does for somebody in the region HOME, and judges it as its
 * isValidNumber() does: any spelling, international and national prefixes, tel: URIs, letters of vanity numbers,
 * digits of all scripts. HOME may be NULL: then a number needs its '+'. An E.164 text reads the same from anywhere.
 * *RET_PHONE is written for PHONE_VALID only. Out of memory a number may be judged not valid.
 */
enum phone_verdict phone_parse(struct slice text, const struct phone_region *home, struct phone *ret_phone);

static inline struct slice phone_slice(const struct phone *phone)
{
    return slice_of(phone->e164, phone->length);
}

/* The digits after the country calling code. */
static inline struct slice phone_national(const struct phone *phone)
{
    return slice_skip(phone_slice(phone), phone->national_start);
}

/* The area code of a North American number, all of which have three digits; empty for any other. */
static inline struct slice phone_area_code(const struct phone *phone)
{
    return slice_head(phone_national(phone), phone->calling_code == 1 ? 3 : 0);
}

/* "the number is too short": for people and for --explain. */
const char *phone_verdict_text(enum phone_verdict verdict);

/* "fixed_line_or_mobile". */
const char *phone_type_name(enum phone_type type);

#endif
