/* Numbering plans: the generated table, and its patterns at work. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_METADATA_H
#define INLET_DOMAIN_PHONE_METADATA_H

#include "inlet/base/slice.h"
#include "inlet/codec/regex.h"
#include "inlet/domain/phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHONE_CALLING_CODE_MAX 999

/* The number of a pattern; PHONE_NO_PATTERN matches nothing. */
typedef uint16_t phone_pattern;
#define PHONE_NO_PATTERN 0

/* One kind of numbers in a plan. */
struct phone_kind {
    uint8_t type; /* enum phone_type */
    phone_pattern numbers;
    uint32_t lengths; /* as bits */
};

struct phone_region {
    char name[4]; /* ISO 3166, or "001" */
    uint16_t calling_code;
    phone_pattern international_prefix;
    phone_pattern numbers; /* of any kind */
    uint32_t lengths;      /* of any kind, as bits */
    phone_pattern national_prefix;
    /* What the national prefix stands for: where its pattern's last group took part, the head and this group's text. */
    uint8_t transform_group; /* 0: nothing */
    char transform_head[6];
    phone_pattern leading_digits; /* tells the region from others with its calling code */
    uint16_t first_kind;
    uint8_t kind_count; /* in the order in which they are asked; fixed lines and mobiles last */
};

/* The regions of a calling code, the main one first; NULL for a code that is not in use. */
const struct phone_region *phone_regions_of_code(unsigned calling_code, size_t *ret_count);

const struct phone_kind *phone_region_kinds(const struct phone_region *region);

static inline bool phone_has_length(uint32_t lengths, size_t length)
{
    return length < 32 && (lengths >> length & 1) != 0;
}

/* Whether PATTERN matches DIGITS: all of them, or for prefixes and leading digits the first ones. *RET_MATCH may be NULL. */
bool phone_match(phone_pattern pattern, struct slice digits, struct regex_match *ret_match);

#endif
