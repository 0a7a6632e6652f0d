/* Says when writing stops working, and when it works again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lane.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"

void lane_begin(struct lane *lane)
{
    /* In this order: who looks in between must not see a transaction with the time of an earlier one. */
    if (atomic_load(&lane->under_way) == 0)
        atomic_store(&lane->moved_us, clock_monotonic_us());
    atomic_fetch_add(&lane->under_way, 1);
}

void lane_end(struct lane *lane)
{
    atomic_store(&lane->moved_us, clock_monotonic_us());
    atomic_fetch_sub(&lane->under_way, 1);
}

int64_t lane_stuck_us(struct lane *lane)
{
    int64_t moved_us = atomic_load(&lane->moved_us);
    return atomic_load(&lane->under_way) > 0 ? clock_monotonic_us() - moved_us : 0;
}

void lane_note(struct lane *lane, enum err error, const char *words)
{
    enum err before = atomic_exchange(&lane->state, error);
    if (error == before)
        return;
    if (error != ERR_OK)
        LOG(LOG_ERROR, "cannot commit: writes are refused",
            LOG_TEXT_FIELD("error", slice_from(err_text(error))),
            LOG_TEXT_FIELD("engine", slice_from(words)));
    else
        LOG(LOG_INFO, "commits work again", LOG_TEXT_FIELD("after", slice_from(err_text(before))));
}
