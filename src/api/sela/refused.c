/* What was refused is kept: an authenticated post whose lead did not go in becomes a submission. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sela.h"

void refused_keep(struct call *call)
{
    call->wants_lane = true;
}

void submission_of_call(const struct call *call, struct submission *ret_submission)
{
    *ret_submission = (struct submission){
        .organization_id = call->principal.organization_id,
        .received_us = call->received_us,
        .content_type = call_header(call, SLICE("Content-Type")),
        .remote_address = call->remote_address,
        .request_id = slice_from(call->request_id),
        .body = buffer_slice(&call->body),
    };
}

enum err refused_store(struct session *session, struct call *call, struct slice outcome, struct slice message)
{
    struct submission submission;
    submission_of_call(call, &submission);
    TRY(arena_print(&call->arena, &submission.endpoint, "%.*s %s", SLICE_ARG(call->method),
                    call->endpoint->path));
    submission.outcome = outcome;
    submission.message = message;
    return store_submission_insert(session, &submission);
}
