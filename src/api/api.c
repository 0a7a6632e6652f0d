/* All APIs together, and what each call of theirs carries. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/api/api.h"

#include "admin/admin.h"
#include "attachment.h"
#include "ops/ops.h"
#include "sela/sela.h"

const struct endpoint_table api_tables[] = {
    {sela_endpoints, SELA_ENDPOINT_COUNT},
    {admin_endpoints, ADMIN_ENDPOINT_COUNT},
    {ops_endpoints, OPS_ENDPOINT_COUNT},
};
const size_t api_table_count = ARRAY_LENGTH(api_tables);

const struct dialect *const api_dialects[] = {&ingest_dialect, &sela_dialect};
const size_t api_dialect_count = ARRAY_LENGTH(api_dialects);

void api_call_begins(struct call *call)
{
    struct attachment *attachment = ARENA_NEW(&call->arena, struct attachment);
    call->attachment = attachment;
    if (!attachment)
        return;
    struct app *app = call->app;
    attachment->directory = app_pin(app);
    attachment->dial =
        (struct dial){.rules = app->calling, .directory = attachment->directory, .counts = &app->dial_counts};
}

void api_call_ends(struct call *call)
{
    struct attachment *attachment = call->attachment;
    if (!attachment)
        return;
    directory_unref(attachment->directory);
    directory_unref(attachment->unpublished);
    call->attachment = NULL;
}

const struct directory *call_directory(const struct call *call)
{
    const struct attachment *attachment = call->attachment;
    return attachment->directory;
}

const struct dial *call_dial(const struct call *call)
{
    const struct attachment *attachment = call->attachment;
    return &attachment->dial;
}

struct app *call_app(const struct call *call)
{
    return call->app;
}
