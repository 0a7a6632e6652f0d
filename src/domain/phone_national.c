/* National numbers: the prefix people dial before them at home, and their lengths. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_national.h"

/* DESIGN: maybeStripNationalPrefixAndCarrierCode and testNumberLength of libphonenumber. */

/* HEAD, GROUP, TAIL. */
static struct slice join(struct slice head, struct slice group, struct slice tail, char *storage)
{
    size_t n = 0;
    struct slice parts[] = {head, group, tail};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (parts[i].n > 0)
            memcpy(storage + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    return slice_of(storage, n);
}

struct slice phone_national_strip(const struct phone_region *plan, struct slice digits, char *storage)
{
    struct regex_match match;
    if (digits.n == 0 || !phone_match(plan->national_prefix, digits, &match))
        return digits;
    struct slice rest = slice_skip(digits, match.groups[0].n);
    if (plan->transform_group > 0 && match.groups[match.count - 1].n > 0)
        rest = join(slice_from(plan->transform_head), match.groups[plan->transform_group], rest, storage);
    bool only_with_it = phone_match(plan->numbers, digits, NULL) && !phone_match(plan->numbers, rest, NULL);
    return only_with_it ? digits : rest;
}

enum phone_verdict phone_national_judge_length(const struct phone_region *plan, size_t length)
{
    if (phone_has_length(plan->lengths, length))
        return PHONE_VALID;
    if (length >= 32 || plan->lengths >> length == 0)
        return PHONE_TOO_LONG;
    return (plan->lengths & ((UINT32_C(1) << length) - 1)) == 0 ? PHONE_TOO_SHORT : PHONE_INVALID;
}
