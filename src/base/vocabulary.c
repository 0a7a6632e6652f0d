/* Looks words up. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/vocabulary.h"

struct slice vocabulary_text(const struct vocabulary *vocabulary, int value)
{
    return value > 0 && (size_t)value < vocabulary->count ? vocabulary->texts[value] : SLICE_NULL;
}

int vocabulary_find(const struct vocabulary *vocabulary, struct slice text)
{
    for (size_t i = 1; i < vocabulary->count; i++) {
        if (slice_equal(vocabulary->texts[i], text))
            return (int)i;
    }
    return 0;
}
