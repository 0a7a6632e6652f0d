/* The order in which the leads of one request are taken in on an engine where others write at the same time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/intake.h"

#include "inlet/domain/email.h"

#include <stdlib.h>

/* What a lead is locked by, and where it stood. */
struct place {
    struct slice phone_number, email_key;
    size_t index;
};

/* Leads of one number stay in the order they were sent in: a later one may reengage an earlier one. */
static int compare(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    int order = slice_compare(left->phone_number, right->phone_number);
    if (order == 0 && left->phone_number.n == 0)
        order = slice_compare(left->email_key, right->email_key);
    if (order == 0)
        order = left->index < right->index ? -1 : 1;
    return order;
}

enum err intake_order(struct arena *arena, const struct lead_input *const *inputs, size_t count,
                      size_t **ret_order)
{
    struct place *places = ARENA_ARRAY(arena, struct place, count);
    size_t *order = ARENA_ARRAY(arena, size_t, count);
    if (!places || !order)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct lead_input *input = inputs[i];
        places[i] = (struct place){.phone_number = SLICE(""), .email_key = SLICE(""), .index = i};
        if (!input)
            continue;
        if (input->phone_number.presence == GIVEN)
            places[i].phone_number = input->phone_number.value;
        if (input->email.presence == GIVEN)
            TRY(email_key(arena, input->email.value, &places[i].email_key));
    }
    qsort(places, count, sizeof(*places), compare);
    for (size_t i = 0; i < count; i++)
        order[i] = places[i].index;
    *ret_order = order;
    return ERR_OK;
}
