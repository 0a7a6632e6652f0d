/* Answers in the dialect of the path when a request is refused before, or instead of, its endpoint. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "refuse.h"

#include "inlet/base/log.h"
#include "machine.h"

unsigned refusal_status(enum refusal refusal)
{
    switch (refusal) {
    case REFUSE_BAD_REQUEST: return 400;
    case REFUSE_NOT_FOUND: return 404;
    case REFUSE_METHOD: return 405;
    case REFUSE_SCOPE: return 403;
    case REFUSE_TOO_LARGE: return 413;
    case REFUSE_EXPECTATION: return 417;
    case REFUSE_OVERLOAD: return 503;
    case REFUSE_INTERNAL: break;
    }
    return 500;
}

/* The routed endpoint's, otherwise that of the longest prefix; NULL: none. */
static const struct dialect *dialect_of(const struct exchange *x)
{
    if (x->call.endpoint)
        return x->call.endpoint->dialect;
    const struct http_options *options = &x->machine->options;
    const struct dialect *best = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < options->dialect_count; i++) {
        struct slice prefix = slice_from(options->dialects[i]->path_prefix);
        if (slice_starts(x->call.path, prefix) && (!best || prefix.n > best_length)) {
            best = options->dialects[i];
            best_length = prefix.n;
        }
    }
    return best;
}

/* A dialect may say itself when to come back. */
static bool says_when(const struct call *call)
{
    for (size_t i = 0; i < call->answer_header_count; i++)
        if (slice_equal_nocase(call->answer_headers[i].name, SLICE("Retry-After")))
            return true;
    return false;
}

void exchange_refuse(struct exchange *x, enum refusal refusal, const char *what)
{
    struct call *call = &x->call;
    call->status = 0;
    call->content_type = NULL;
    call->answer_header_count = 0;
    buffer_clear(&call->answer);
    const struct dialect *dialect = dialect_of(x);
    if (dialect && dialect->refuse)
        dialect->refuse(call, refusal, what);
    if (!call_is_answered(call))
        call_answer(call, refusal_status(refusal));
    x->overloaded = refusal == REFUSE_OVERLOAD && !says_when(call);
    if (buffer_error(&call->answer) != ERR_OK)
        buffer_clear(&call->answer); /* no memory for words: the status says enough */
}

void exchange_fail(struct exchange *x, enum err error)
{
    if (err_kind(error) == ERR_KIND_RETRY) {
        exchange_refuse(x, REFUSE_OVERLOAD, NULL);
        return;
    }
    LOG(LOG_ERROR, "request failed",
        LOG_TEXT_FIELD("path", slice_from(x->route ? x->route->path : "unknown")),
        LOG_TEXT_FIELD("error", slice_from(err_symbol(error))),
        LOG_TEXT_FIELD("request_id", slice_from(x->call.request_id)));
    exchange_refuse(x, REFUSE_INTERNAL, NULL);
}
