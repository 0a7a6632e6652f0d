/* Plans from the table of country calling codes: lengths for all, the table of area codes for code 1. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_plan.h"

#include "phone_nanp.h"

#include "inlet/base/compiler.h"

#include <stdint.h>
#include <stdio.h>

struct phone_plan {
    char code[4];
    char region[3];
    uint32_t lengths; /* bit n: a number may have n digits */
    char prefix[3];
    uint16_t after; /* bit d: a number may start with these digits itself, if digit d follows */
};

/* Ascending by code as a number. No code is the start of another one. */
static const struct phone_plan plans[] = {
#define PHONE_PLAN(code, region, lengths, prefix, after) {#code, region, lengths, prefix, after},
#include "calling_codes.inc"
};

#define CODE_LENGTH_MAX 3

/* The most digits of an E.164 number; some plans of the table go beyond it. */
#define E164_DIGITS_MAX 15

static int compare_code(const struct phone_plan *plan, struct slice code)
{
    struct slice own = slice_from(plan->code);
    if (own.n != code.n)
        return own.n < code.n ? -1 : 1;
    return slice_compare(own, code);
}

static const struct phone_plan *find(struct slice code)
{
    size_t low = 0, high = ARRAY_LENGTH(plans);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_code(&plans[middle], code);
        if (order == 0)
            return &plans[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct phone_plan *phone_plan_take(struct slice *digits)
{
    for (size_t n = 1; n <= CODE_LENGTH_MAX && n <= digits->n; n++) {
        const struct phone_plan *plan = find(slice_head(*digits, n));
        if (plan) {
            *digits = slice_skip(*digits, n);
            return plan;
        }
    }
    return NULL;
}

const struct phone_plan *phone_plan_home(void)
{
    return &plans[0];
}

struct slice phone_plan_code(const struct phone_plan *plan)
{
    return slice_from(plan->code);
}

static bool has_length(const struct phone_plan *plan, size_t length)
{
    return length < 32 && (plan->lengths >> length & 1) != 0;
}

struct slice phone_plan_strip_prefix(const struct phone_plan *plan, struct slice national)
{
    struct slice prefix = slice_from(plan->prefix), rest = slice_skip(national, prefix.n);
    if (prefix.n == 0 || rest.n == 0 || !slice_starts(national, prefix) || !has_length(plan, rest.n))
        return national;
    bool possible = has_length(plan, national.n) && (plan->after >> (rest.p[0] - '0') & 1) != 0;
    return possible ? national : rest;
}

enum phone_verdict phone_plan_check(const struct phone_plan *plan, struct slice national, char ret_region[3])
{
    if (plan == phone_plan_home())
        return phone_nanp_check(national, ret_region);
    if (phone_plan_code(plan).n + national.n > E164_DIGITS_MAX || plan->lengths >> national.n == 0)
        return PHONE_TOO_LONG;
    if (!has_length(plan, national.n))
        return (plan->lengths & ((UINT32_C(1) << national.n) - 1)) == 0 ? PHONE_TOO_SHORT : PHONE_INVALID;
    snprintf(ret_region, 3, "%s", plan->region);
    return PHONE_VALID;
}
