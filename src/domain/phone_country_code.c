/* The country calling code in front of a number: behind a plus, behind an international prefix, or simply there. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_country_code.h"

#include "phone_national.h"

#include <stdio.h>

/* DESIGN: maybeExtractCountryCode of libphonenumber and what parseHelper makes of its answer. */

/* Digits of an international number, behind '+' or its prefix. */
static enum phone_verdict take_international(struct slice digits, const struct phone_region **ret_plan,
                                             struct slice *ret_national)
{
    unsigned code = 0;
    size_t count;
    if (digits.n <= PHONE_NATIONAL_MIN)
        return PHONE_TOO_SHORT;
    if (digits.p[0] == '0')
        return PHONE_INVALID_COUNTRY_CODE;
    for (size_t n = 1; n <= PHONE_CODE_DIGITS_MAX && n <= digits.n; n++) {
        code = code * 10 + (unsigned)(digits.p[n - 1] - '0');
        const struct phone_region *plan = phone_regions_of_code(code, &count);
        if (plan) {
            *ret_plan = plan;
            *ret_national = slice_skip(digits, n);
            return PHONE_VALID;
        }
    }
    return PHONE_INVALID_COUNTRY_CODE;
}

/* Behind an international prefix no calling code starts with 0: then the prefix was the beginning of something else. */
static bool strip_international_prefix(const struct phone_region *home, struct slice *digits)
{
    struct regex_match match;
    if (!phone_match(home->international_prefix, *digits, &match))
        return false;
    struct slice rest = slice_skip(*digits, match.groups[0].n);
    if (rest.n > 0 && rest.p[0] == '0')
        return false;
    *digits = rest;
    return true;
}

/* The calling code of HOME itself, written without a plus: it is one when what follows makes a better number. */
static bool strip_own_code(const struct phone_region *home, struct slice digits, char *storage,
                           struct slice *ret_national)
{
    char code[PHONE_CODE_DIGITS_MAX + 1];
    size_t n = (size_t)snprintf(code, sizeof(code), "%u", home->calling_code);
    if (!slice_starts(digits, slice_of(code, n)))
        return false;
    struct slice national = phone_national_strip(home, slice_skip(digits, n), storage);
    bool better = !phone_match(home->numbers, digits, NULL) && phone_match(home->numbers, national, NULL);
    if (!better && phone_national_judge_length(home, digits.n) != PHONE_TOO_LONG)
        return false;
    *ret_national = national;
    return true;
}

/* Digits as they are dialled in HOME. *RET_PLAN is NULL when they have no calling code. */
static enum phone_verdict take_dialled(struct slice digits, const struct phone_region *home, char *storage,
                                       const struct phone_region **ret_plan, struct slice *ret_national)
{
    size_t count;
    if (strip_international_prefix(home, &digits))
        return take_international(digits, ret_plan, ret_national);
    bool has_code = strip_own_code(home, digits, storage, ret_national);
    *ret_plan = has_code ? phone_regions_of_code(home->calling_code, &count) : NULL;
    return PHONE_VALID;
}

enum phone_verdict phone_country_code_take(struct slice digits, bool plus, const struct phone_region *home,
                                           char *storage, const struct phone_region **ret_plan,
                                           struct slice *ret_national)
{
    enum phone_verdict verdict = PHONE_INVALID_COUNTRY_CODE;
    if (plus)
        verdict = take_international(digits, ret_plan, ret_national);
    if (verdict != PHONE_INVALID_COUNTRY_CODE || !home)
        return verdict;
    /* No plus, or one before what is dialled (+011 44 ...); then a calling code must be there. */
    verdict = take_dialled(digits, home, storage, ret_plan, ret_national);
    if (verdict != PHONE_VALID || *ret_plan)
        return verdict;
    *ret_plan = home;
    *ret_national = digits;
    return plus ? PHONE_INVALID_COUNTRY_CODE : PHONE_VALID;
}
