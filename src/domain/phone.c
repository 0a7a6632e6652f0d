/* From a text to E.164: finds the number's digits and the plan they follow, and asks the plan. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/phone.h"

#include "phone_context.h"
#include "phone_country_code.h"
#include "phone_kind.h"
#include "phone_national.h"
#include "phone_text.h"

#include <stdio.h>

/*
 * DESIGN: libphonenumber's parse(), step by step, and then its isValidNumber(). phone_text.h finds the number in the text,
 * phone_country_code.h the plan, phone_national.h takes the plan's own prefix off, phone_kind.h judges what is left. A
 * text is rewritten with one byte for each character; from there on everything is slices of it. Nothing is allocated.
 */

/* The part of a text that is the number, without its extension. */
static enum phone_verdict find_number(const struct phone_text *text, struct phone_text *storage,
                                      struct slice *ret_number, struct slice *ret_extension)
{
    struct slice number;
    if (!phone_context_candidate(text, storage, &number) || !phone_text_is_viable(number))
        return PHONE_NOT_A_NUMBER;
    *ret_number = phone_text_split_extension(number, ret_extension);
    return PHONE_VALID;
}

/* The number's plan, and its national part without prefixes. */
static enum phone_verdict take_apart(struct slice number, const struct phone_region *home, char *storage,
                                     const struct phone_region **ret_plan, struct slice *ret_national)
{
    char digits[PHONE_TEXT_MAX], stripped[PHONE_DIGITS_MAX];
    size_t plus = phone_text_plus_count(number);
    size_t count = phone_text_digits(slice_skip(number, plus), digits);
    const struct phone_region *plan = NULL;
    struct slice national;
    enum phone_verdict verdict =
        phone_country_code_take(slice_of(digits, count), plus > 0, home, stripped, &plan, &national);
    if (verdict != PHONE_VALID)
        return verdict;
    if (national.n < PHONE_NATIONAL_MIN)
        return PHONE_TOO_SHORT;
    struct slice rest = phone_national_strip(plan, national, storage);
    verdict = phone_national_judge_length(plan, rest.n);
    if (verdict == PHONE_VALID || verdict == PHONE_TOO_LONG)
        national = rest;
    if (national.n < PHONE_NATIONAL_MIN || national.n > PHONE_NATIONAL_DIGITS_MAX)
        return national.n < PHONE_NATIONAL_MIN ? PHONE_TOO_SHORT : PHONE_TOO_LONG;
    memmove(storage, national.p, national.n); /* out of what ends here */
    *ret_plan = plan;
    *ret_national = slice_of(storage, national.n);
    return PHONE_VALID;
}

static struct phone compose(const struct phone_region *region, struct slice national, struct slice extension)
{
    struct phone phone = {.calling_code = region->calling_code};
    phone.national_start = (size_t)snprintf(phone.e164, sizeof(phone.e164), "+%u", phone.calling_code);
    memcpy(phone.e164 + phone.national_start, national.p, national.n);
    phone.length = phone.national_start + national.n;
    memcpy(phone.region, region->name, sizeof(phone.region));
    (void)phone_text_digits(extension, phone.extension);
    return phone;
}

enum phone_verdict phone_parse(struct slice text, const struct phone_region *home, struct phone *ret_phone)
{
    struct phone_text characters, joined;
    struct slice number, extension, national;
    char storage[PHONE_DIGITS_MAX];
    const struct phone_region *plan = NULL, *region = NULL;
    enum phone_type type;
    if (!phone_text_read(text, &characters))
        return PHONE_TOO_LONG;
    enum phone_verdict verdict = find_number(&characters, &joined, &number, &extension);
    if (verdict == PHONE_VALID)
        verdict = take_apart(number, home, storage, &plan, &national);
    if (verdict != PHONE_VALID)
        return verdict;
    if (!phone_kind_find(plan->calling_code, national, &region, &type)) {
        verdict = phone_national_judge_length(plan, national.n);
        return verdict == PHONE_VALID ? PHONE_INVALID : verdict;
    }
    *ret_phone = compose(region, national, extension);
    ret_phone->type = type;
    return PHONE_VALID;
}

const char *phone_verdict_text(enum phone_verdict verdict)
{
    switch (verdict) {
    case PHONE_VALID: return "the number is valid";
    case PHONE_NOT_A_NUMBER: return "this is not a phone number";
    case PHONE_TOO_SHORT: return "the number is too short";
    case PHONE_TOO_LONG: return "the number is too long";
    case PHONE_INVALID_COUNTRY_CODE: return "the country code does not exist";
    case PHONE_INVALID: break;
    }
    return "the number does not exist in its country's numbering plan";
}
