/* What endpoints ask of a call, and tell it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/http/call.h"

#include "inlet/base/log.h"

struct slice call_header(const struct call *call, struct slice name)
{
    for (size_t i = 0; i < call->header_count; i++)
        if (slice_equal_nocase(call->headers[i].name, name))
            return call->headers[i].value;
    return SLICE_NULL;
}

void call_answer(struct call *call, unsigned status)
{
    call->status = status;
}

void call_answer_header(struct call *call, struct slice name, struct slice value)
{
    if (call->answer_header_count == ARRAY_LENGTH(call->answer_headers)) {
        LOG(LOG_ERROR, "too many headers in an answer", LOG_TEXT_FIELD("header", name));
        return;
    }
    call->answer_headers[call->answer_header_count++] = (struct call_header){.name = name, .value = value};
}
