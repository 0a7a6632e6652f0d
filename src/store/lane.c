/* Says when writing stops working, and when it works again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lane.h"

#include "inlet/base/log.h"

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
