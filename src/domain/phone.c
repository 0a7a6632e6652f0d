/* From a text to E.164: finds the number's digits and their country, and asks the numbering plan. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/phone.h"

#include "phone_nanp.h"
#include "phone_plan.h"
#include "phone_text.h"

#include "inlet/base/compiler.h"

/*
 * DESIGN: what libphonenumber's parse() does for a caller in the United States, step by step (phone_text.h
 * finds the number, here it is taken apart), and then its isValidNumber() as far as phone_plan.h knows the
 * plans. Nothing is allocated.
 */

/* The shortest national number, and what people in the NANP dial before a foreign number. */
#define NATIONAL_MIN    2
#define DIALLING_PREFIX SLICE("011")

/* The longest number of the NANP as it is dialled at home, without the 1 before it. */
#define HOME_LENGTH 10

/* A number taken apart. */
struct reading {
    const struct phone_plan *plan;
    struct slice national;
};

/* A number as it is dialled at home, with or without the 1 in front. */
static struct reading read_home(struct slice digits)
{
    struct slice rest = digits;
    while (rest.n > 0 && digits.n - rest.n < 2 && rest.p[0] == '1')
        rest = slice_skip(rest, 1); /* some write the country code and the national prefix, and both are 1 */
    if (rest.n < digits.n && (digits.n > HOME_LENGTH || phone_nanp_is_short(rest)))
        digits = rest;
    return (struct reading){phone_plan_home(), digits};
}

/* The digits of an international number, without its '+' or 011. */
static enum phone_verdict read_international(struct slice digits, struct reading *ret_reading)
{
    if (digits.n <= NATIONAL_MIN)
        return PHONE_TOO_SHORT;
    const struct phone_plan *plan = phone_plan_take(&digits);
    if (!plan)
        return PHONE_INVALID_COUNTRY_CODE;
    *ret_reading = (struct reading){plan, digits};
    return PHONE_VALID;
}

static enum phone_verdict read_digits(struct slice digits, bool plus, struct reading *ret_reading)
{
    if (plus) {
        enum phone_verdict verdict = read_international(digits, ret_reading);
        if (verdict != PHONE_INVALID_COUNTRY_CODE)
            return verdict;
        /* Perhaps the plus stands before what is dialled: +011 44 ... */
    }
    const size_t prefix = DIALLING_PREFIX.n;
    if (slice_starts(digits, DIALLING_PREFIX) && (digits.n == prefix || digits.p[prefix] != '0'))
        return read_international(slice_skip(digits, prefix), ret_reading);
    struct reading reading = read_home(digits);
    if (plus && reading.national.n == digits.n)
        return PHONE_INVALID_COUNTRY_CODE;
    *ret_reading = reading;
    return PHONE_VALID;
}

static struct phone compose(const struct reading *reading, const char region[3])
{
    struct phone phone = {.e164 = "+", .length = 1};
    struct slice parts[] = {phone_plan_code(reading->plan), reading->national};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        memcpy(phone.e164 + phone.length, parts[i].p, parts[i].n);
        phone.length += parts[i].n;
    }
    memcpy(phone.region, region, sizeof(phone.region));
    return phone;
}

enum phone_verdict phone_parse(struct slice text, struct phone *ret_phone)
{
    struct phone_text characters, storage;
    if (!phone_text_read(text, &characters))
        return PHONE_TOO_LONG;
    struct slice number = phone_text_candidate(&characters, &storage);
    if (!phone_text_is_viable(number))
        return PHONE_NOT_A_NUMBER;
    number = phone_text_strip_extension(number);

    char digits[PHONE_TEXT_MAX];
    size_t plus = phone_text_plus_count(number);
    size_t count = phone_text_digits(slice_skip(number, plus), digits);
    struct reading reading;
    enum phone_verdict verdict = read_digits(slice_of(digits, count), plus > 0, &reading);
    if (verdict != PHONE_VALID)
        return verdict;
    reading.national = phone_plan_strip_prefix(reading.plan, reading.national);
    if (reading.national.n < NATIONAL_MIN)
        return PHONE_TOO_SHORT;

    char region[3];
    verdict = phone_plan_check(reading.plan, reading.national, region);
    if (verdict == PHONE_VALID)
        *ret_phone = compose(&reading, region);
    return verdict;
}

const char *phone_verdict_text(enum phone_verdict verdict)
{
    switch (verdict) {
    case PHONE_VALID: return "the number is valid";
    case PHONE_NOT_A_NUMBER: return "this is not a phone number";
    case PHONE_TOO_SHORT: return "the number is too short";
    case PHONE_TOO_LONG: return "the number is too long";
    case PHONE_INVALID_COUNTRY_CODE: return "the country code does not exist";
    case PHONE_INVALID_AREA_CODE: return "the area code does not exist";
    case PHONE_INVALID: break;
    }
    return "the number is not in service in its country's numbering plan";
}
