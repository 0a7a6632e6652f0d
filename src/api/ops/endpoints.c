/* GET /healthz, /readyz and /openapi.json. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ops.h"

/* Embedded from openapi/inlet.json at build time. */
extern const unsigned char openapi_document[];
extern const size_t openapi_document_size;

/* The event threads turn: that is all this says. */
static enum err healthz(struct call *call)
{
    struct jout jout;
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    jout_member_string(&jout, "status", SLICE("ok"));
    jout_member_string(&jout, "version", SLICE(INLET_VERSION));
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}

/* Whether the service can do what it is for: the last commit went through, and there is a connection to read over. */
static enum err readyz(struct call *call)
{
    struct store_health health;
    struct jout jout;
    store_health(call_app(call)->store, &health);
    bool ready = health.writable && health.readable;
    call_answer(call, ready ? 200 : 503);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    jout_member_string(&jout, "status", ready ? SLICE("ready") : SLICE("not ready"));
    if (!ready)
        jout_member_string(&jout, "reason", slice_from(err_text(health.last_error)));
    jout_object_end(&jout);
    if (!ready)
        call_answer_header(call, SLICE("Retry-After"), SLICE("1"));
    return buffer_error(&call->answer);
}

static enum err openapi(struct call *call)
{
    call_answer(call, 200);
    return buffer_append(&call->answer, slice_of((const char *)openapi_document, openapi_document_size));
}

#define ROW(where, what, function)                                                                           \
    .method = "GET", .path = (where), .name = (what), .dialect = &sela_dialect, .lane = LANE_NONE,           \
    .scopes = SCOPE_NONE, .prepare = (function)

const struct endpoint ops_endpoints[OPS_ENDPOINT_COUNT] = {
    {ROW("/healthz/", "Health", healthz)},
    {ROW("/readyz/", "Readiness", readyz)},
    {ROW("/openapi.json/", "OpenAPI", openapi)},
};
