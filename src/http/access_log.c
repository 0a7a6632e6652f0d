/* Writes the access log: the path's template, never the path, which may hold personal data. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"

/* A method we know, or "unknown": the client's own words do not belong into the log. */
static struct slice method_to_log(const struct call *call)
{
    static const char *const others[] = {"HEAD", "OPTIONS", "TRACE", "CONNECT"};
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        if (slice_equal(call->method, slice_from(others[i])))
            return call->method;
    return method_parse(call->method) != METHOD_COUNT ? call->method : SLICE("unknown");
}

void access_log(const struct exchange *x, bool aborted)
{
    if (!log_wants(LOG_INFO))
        return;
    const struct call *call = &x->call;
    double duration_ms = (double)(clock_monotonic_us() - call->started_us) / 1000.0;
    LOG(LOG_INFO, "request", LOG_TEXT_FIELD("method", method_to_log(call)),
        LOG_TEXT_FIELD("path", slice_from(x->route ? x->route->path : "unknown")),
        LOG_INTEGER_FIELD("status", (int64_t)call->status), LOG_REAL_FIELD("duration_ms", duration_ms),
        LOG_TEXT_FIELD("request_id", slice_from(call->request_id)),
        LOG_INTEGER_FIELD("bytes_in", (int64_t)x->bytes_in),
        LOG_INTEGER_FIELD("bytes_out", (int64_t)call->answer.length),
        LOG_TEXT_FIELD("ended", aborted ? SLICE("aborted") : SLICE("complete")));
}
