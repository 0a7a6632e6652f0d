/* Compiles a lead type's `calling`, and reads what a lead's metadata says to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/calling_plan.h"

#include "calling_reader.h"

static enum err read_cadence(struct calling_reader *reader, struct slice where, const struct value *value,
                             struct calling_plan *plan)
{
    if (value->kind != VALUE_ARRAY || value->array.count == 0 || value->array.count > CALLING_CADENCE_MAX)
        return calling_complain(reader, where, SLICE("This must be a list of 1 to 64 waits."));
    plan->wait_count = value->array.count;
    for (size_t i = 0; i < value->array.count; i++) {
        const struct value *item = &value->array.items[i];
        struct slice path;
        if (item->kind == VALUE_STRING && calling_wait_parse(item->text, &plan->waits_us[i]) == ERR_OK)
            continue;
        TRY(calling_path_item(reader, where, i, &path));
        TRY(calling_complain(reader, path,
                             SLICE("This must be a wait like \"30m\", \"4h\" or \"2d\", 366 days at most.")));
    }
    return ERR_OK;
}

static enum err read_member(struct calling_reader *reader, struct slice path,
                            const struct value_member *member, struct calling_plan *plan)
{
    if (slice_equal(member->key, SLICE("kind"))) {
        int kind = CALLING_LIVE;
        TRY(calling_read_word(reader, path, &member->value, &calling_kinds, &kind));
        plan->kind = (enum calling_kind)kind;
        return ERR_OK;
    }
    if (slice_equal(member->key, SLICE("hours")))
        return calling_read_hours(reader, path, &member->value, false, &plan->hours);
    if (slice_equal(member->key, SLICE("cadence")))
        return read_cadence(reader, path, &member->value, plan);
    if (slice_equal(member->key, SLICE("max_attempts"))) {
        int64_t attempts = 1;
        TRY(calling_read_integer(reader, path, &member->value, 1, CALLING_ATTEMPTS_MAX, &attempts));
        plan->max_attempts = (unsigned)attempts;
        return ERR_OK;
    }
    return calling_complain(reader, path, SLICE("There is no such key."));
}

static enum err require(struct calling_reader *reader, struct slice where, const struct value *calling,
                        struct slice key)
{
    struct slice path;
    if (value_get(calling, key))
        return ERR_OK;
    TRY(calling_path(reader, where, key, &path));
    return calling_complain(reader, path, SLICE("This is required."));
}

enum err calling_plan_compile(struct arena *arena, const struct value *calling,
                              const struct calling_plan **ret_plan, struct faults *faults)
{
    struct calling_reader reader = {.arena = arena, .faults = faults};
    struct slice where = SLICE("calling");
    size_t before = faults->count;
    struct calling_plan *plan = NULL;
    if (calling->kind == VALUE_OBJECT) {
        plan = ARENA_NEW(arena, struct calling_plan);
        if (!plan)
            return ERR_MEMORY;
        plan->kind = CALLING_LIVE;
        TRY(require(&reader, where, calling, SLICE("hours")));
        TRY(require(&reader, where, calling, SLICE("cadence")));
        VALUE_FOREACH (member, calling) {
            struct slice path;
            TRY(calling_path(&reader, where, member->key, &path));
            TRY(read_member(&reader, path, member, plan));
        }
        if (!plan->max_attempts)
            plan->max_attempts = (unsigned)plan->wait_count;
    } else if (calling->kind != VALUE_NULL) {
        TRY(calling_complain(&reader, where, SLICE("This must be an object, or null.")));
    }
    if (faults->count > before)
        return ERR_INVALID;
    *ret_plan = plan;
    return ERR_OK;
}

static unsigned consent_of(const struct value *value)
{
    int kind = value->kind == VALUE_STRING ? vocabulary_find(&calling_kinds, value->text) : 0;
    return kind ? CALLING_KIND_BIT((unsigned)kind) : 0;
}

unsigned calling_consents(const struct value *metadata)
{
    const struct value *consent = value_get(metadata, SLICE("consent"));
    unsigned kinds = consent ? consent_of(consent) : 0;
    for (size_t i = 0; consent && consent->kind == VALUE_ARRAY && i < consent->array.count; i++)
        kinds |= consent_of(&consent->array.items[i]);
    return kinds;
}

struct slice calling_timezone(const struct value *metadata)
{
    const struct value *timezone = value_get(metadata, SLICE("timezone"));
    return timezone && timezone->kind == VALUE_STRING ? timezone->text : SLICE_NULL;
}
