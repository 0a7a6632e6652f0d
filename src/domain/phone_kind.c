/* Which region a national number belongs to, and what kind of number it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_kind.h"

/* DESIGN: getRegionCodeForNumber and getNumberTypeHelper of libphonenumber. */

static bool is_of_kind(const struct phone_kind *kind, struct slice national)
{
    return phone_has_length(kind->lengths, national.n) && phone_match(kind->numbers, national, NULL);
}

static bool find_type(const struct phone_region *region, struct slice national, enum phone_type *ret_type)
{
    const struct phone_kind *kind = phone_region_kinds(region), *end = kind + region->kind_count;
    if (!phone_has_length(region->lengths, national.n) || !phone_match(region->numbers, national, NULL))
        return false;
    while (kind < end && !is_of_kind(kind, national))
        kind++;
    if (kind == end)
        return false;
    *ret_type = (enum phone_type)kind->type;
    /* Mobiles come behind fixed lines, and some numbers may be either. */
    if (kind->type == PHONE_FIXED_LINE && kind + 1 < end && is_of_kind(kind + 1, national))
        *ret_type = PHONE_FIXED_LINE_OR_MOBILE;
    return true;
}

bool phone_kind_find(unsigned calling_code, struct slice national, const struct phone_region **ret_region,
                     enum phone_type *ret_type)
{
    size_t count = 0;
    const struct phone_region *regions = phone_regions_of_code(calling_code, &count);
    for (size_t i = 0; i < count; i++) {
        const struct phone_region *region = &regions[i];
        /* A region with leading digits is sure of its numbers, even of those that are not valid. */
        bool is_sure = count > 1 && region->leading_digits != PHONE_NO_PATTERN;
        if (is_sure && !phone_match(region->leading_digits, national, NULL))
            continue;
        bool found = find_type(region, national, ret_type);
        if (found)
            *ret_region = region;
        if (found || is_sure)
            return found;
    }
    return false;
}

const char *phone_type_name(enum phone_type type)
{
    switch (type) {
    case PHONE_FIXED_LINE: return "fixed_line";
    case PHONE_MOBILE: return "mobile";
    case PHONE_FIXED_LINE_OR_MOBILE: return "fixed_line_or_mobile";
    case PHONE_TOLL_FREE: return "toll_free";
    case PHONE_PREMIUM_RATE: return "premium_rate";
    case PHONE_SHARED_COST: return "shared_cost";
    case PHONE_VOIP: return "voip";
    case PHONE_PERSONAL_NUMBER: return "personal_number";
    case PHONE_PAGER: return "pager";
    case PHONE_UAN: return "uan";
    case PHONE_VOICEMAIL: break;
    }
    return "voicemail";
}
