/* What all administrative changes share: decode, answer, publish. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"
#include "inlet/base/number.h"

enum err admin_fault(struct call *call, struct slice field, struct slice sentence)
{
    struct fault fault = {.field = field, .kind = FAULT_OTHER, .input = sentence};
    struct faults faults = {.items = &fault, .count = 1, .capacity = 1};
    answer_faults(call, &faults);
    return ERR_INVALID;
}

enum err admin_decode(struct call *call, const struct field_table *table, bool partial, void *target)
{
    struct schema_input input;
    struct faults faults;
    struct value unknown;
    struct schema_context context = {
        .arena = &call->arena, .timezone = call_app(call)->timezone, .partial = partial, .lookup = call};
    faults_init(&faults, &call->arena);
    TRY(body_decode_object(call, &input));
    TRY(schema_decode(table, &context, &input, target, &faults));
    TRY(schema_unknown(table, NULL, &call->arena, &input, &unknown));
    VALUE_FOREACH (member, &unknown) {
        /* An operator's typing error must not pass in silence. */
        struct fault fault = {
            .field = member->key, .kind = FAULT_OTHER, .input = SLICE("There is no such field.")};
        TRY(faults_add(&faults, fault));
    }
    if (faults.count == 0)
        return ERR_OK;
    answer_faults(call, &faults);
    return ERR_INVALID;
}

enum err admin_changed(struct session *session, struct call *call, enum err error)
{
    struct attachment *attachment = call->attachment;
    if (error == ERR_CONFLICT) {
        /* Ids are the only thing a client can make collide. */
        if (admin_fault(call, SLICE("id"), SLICE("An object with this id already exists.")) == ERR_INVALID)
            return ERR_OK;
    }
    if (error == ERR_NOT_FOUND)
        return admin_missing(call);
    TRY(error);
    attachment->unpublished = directory_unref(attachment->unpublished); /* of an earlier run */
    return directory_build(session, &attachment->unpublished);
}

void admin_publish(struct call *call)
{
    struct attachment *attachment = call->attachment;
    struct directory *directory = attachment->unpublished;
    attachment->unpublished = NULL;
    if (directory)
        app_publish(call_app(call), directory);
}

enum err admin_missing(struct call *call)
{
    answer_detail(call, 404, SLICE("Not found."));
    return ERR_OK;
}

int64_t admin_path_id(const struct call *call)
{
    int64_t id;
    return number_parse_int64(call->arguments[0], &id) == ERR_OK ? id : 0;
}

enum err admin_list(struct call *call, size_t count, bool (*match)(struct call *call, size_t index),
                    void (*write)(struct jout *jout, struct call *call, size_t index))
{
    struct url_pairs query;
    struct page_request page;
    struct jout jout;
    int64_t total = 0, at = 0;
    enum err error = call_query(call, &query);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    for (size_t i = 0; i < count; i++)
        total += match(call, i);
    page_read(&query, &page);
    if (page_settle(&page, total) != ERR_OK) {
        answer_detail(call, 404, SLICE("Invalid page."));
        return ERR_OK;
    }
    TRY(page_begin(call, &jout, &page, total));
    for (size_t i = 0; i < count; i++) {
        if (!match(call, i))
            continue;
        if (at >= page_offset(&page) && at < page_offset(&page) + page.size)
            write(&jout, call, i);
        at++;
    }
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}

void admin_answer(struct call *call, unsigned status, struct jout *jout)
{
    call_answer(call, status);
    jout_init(jout, &call->answer);
}
