/* Looks numbers up in the generated table of area codes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_nanp.h"

#include "inlet/base/compiler.h"

#include <stdint.h>

#define NATIONAL_LENGTH 10
#define SHORT_LENGTH    7

/* One bit for each exchange, 000 to 999, that is in service. */
static const uint64_t sets[][16] = {
#define NANP_SET(number, ...) [number] = {__VA_ARGS__},
#include "area_codes.inc"
#undef NANP_SET
};

/* Ascending by area code. Several rows for one area code are several regions that share it. */
static const struct area {
    uint16_t code;
    char region[3];
    uint8_t set;
} areas[] = {
#define NANP_AREA(code, region, set) {code, region, set},
#include "area_codes.inc"
#undef NANP_AREA
};

/* The beginnings of what is in service in exchanges that are so only in part. */
static const char *const parts[] = {
#define NANP_PART(digits) digits,
#include "area_codes.inc"
#undef NANP_PART
};

static const struct {
    const char *start, *region;
} shorts[] = {
#define NANP_SHORT(start, region) {start, region},
#include "area_codes.inc"
#undef NANP_SHORT
};

static const char *short_region(struct slice national)
{
    for (size_t i = 0; i < ARRAY_LENGTH(shorts) && national.n == SHORT_LENGTH; i++) {
        if (slice_starts(national, slice_from(shorts[i].start)))
            return shorts[i].region;
    }
    return NULL;
}

bool phone_nanp_is_short(struct slice national)
{
    return short_region(national) != NULL;
}

static unsigned three_digits(const char *digits)
{
    return (unsigned)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
}

/* The first row of an area code, or where it would stand. */
static size_t first_row(unsigned code)
{
    size_t low = 0, high = ARRAY_LENGTH(areas);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (areas[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_part(struct slice national)
{
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (slice_starts(national, slice_from(parts[i])))
            return true;
    }
    return false;
}

static enum phone_verdict valid_in(const char *region, char ret_region[3])
{
    memcpy(ret_region, region, 3);
    return PHONE_VALID;
}

enum phone_verdict phone_nanp_check(struct slice national, char ret_region[3])
{
    const char *region = short_region(national);
    if (region)
        return valid_in(region, ret_region);
    if (national.n != NATIONAL_LENGTH)
        return national.n < NATIONAL_LENGTH ? PHONE_TOO_SHORT : PHONE_TOO_LONG;
    unsigned code = three_digits(national.p), exchange = three_digits(national.p + 3);
    size_t first = first_row(code), row = first;
    for (; row < ARRAY_LENGTH(areas) && areas[row].code == code; row++) {
        if ((sets[areas[row].set][exchange / 64] >> exchange % 64 & 1) != 0)
            return valid_in(areas[row].region, ret_region);
    }
    if (row == first)
        return PHONE_INVALID_AREA_CODE;
    return is_part(national) ? valid_in(areas[first].region, ret_region) : PHONE_INVALID;
}
