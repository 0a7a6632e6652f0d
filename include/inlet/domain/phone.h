/* Phone numbers: from what people type to E.164, or a reason why not. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_H
#define INLET_DOMAIN_PHONE_H

#include "inlet/base/slice.h"

#include <stddef.h>

enum phone_verdict {
    PHONE_VALID,
    PHONE_NOT_A_NUMBER, /* no digits, or characters no number has */
    PHONE_TOO_SHORT,
    PHONE_TOO_LONG,
    PHONE_INVALID_COUNTRY_CODE,
    PHONE_INVALID_AREA_CODE, /* NANP: an area code that is not in service */
    PHONE_INVALID            /* otherwise against the country's numbering plan */
};

/* '+', 15 digits, NUL. */
#define PHONE_E164_MAX 17

/* A number understood. */
struct phone {
    char e164[PHONE_E164_MAX];
    size_t length;  /* of e164 */
    char region[3]; /* ISO 3166 of the country or NANP territory where known, otherwise "" */
};

/*
 * Reads E.164 of any country or any usual US spelling: punctuation, 1 or +1 or 011 in front, tel: URIs,
 * vanity letters, full-width digits; an extension is read and left out, as libphonenumber's E.164 form does.
 * NANP numbers are checked by pattern and against the table of area codes in service, all others by their
 * country calling code and length.
 */
enum phone_verdict phone_parse(struct slice text, struct phone *ret_phone);

static inline struct slice phone_slice(const struct phone *phone)
{
    return slice_of(phone->e164, phone->length);
}

/* "the area code does not exist": for people and for --explain. */
const char *phone_verdict_text(enum phone_verdict verdict);

#endif
