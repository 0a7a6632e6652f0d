/* Documents of calling rules to the rules in force. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/calling_rules.h"

#include "calling_law.h"

#include "inlet/base/compiler.h"

/* A list of a document and what reads each item. */
static const struct calling_list {
    struct slice name;
    enum err (*read)(struct calling_draft *draft, struct slice where, const struct value *value);
} lists[] = {
    {SLICE_INIT("rules"), calling_read_rule},
    {SLICE_INIT("suspensions"), calling_read_suspension},
    {SLICE_INIT("presumptions"), calling_read_presumption},
};

/* Members of a document that say something to people only, or are read elsewhere. */
static const struct slice other_keys[] = {
    SLICE_INIT("$schema"), SLICE_INIT("version"),     SLICE_INIT("about"),
    SLICE_INIT("grades"),  SLICE_INIT("not_checked"), SLICE_INIT("holidays"),
};

static enum err read_list(struct calling_draft *draft, struct slice where, const struct value *value,
                          const struct calling_list *list)
{
    if (value->kind != VALUE_ARRAY)
        return calling_complain(&draft->reader, where, SLICE("This must be a list."));
    if (value->array.count > CALLING_LIST_MAX)
        return calling_complain(&draft->reader, where, SLICE("Too many."));
    for (size_t i = 0; i < value->array.count; i++) {
        struct slice path;
        TRY(calling_path_item(&draft->reader, where, i, &path));
        TRY(list->read(draft, path, &value->array.items[i]));
    }
    return ERR_OK;
}

static bool is_other_key(struct slice key)
{
    for (size_t i = 0; i < ARRAY_LENGTH(other_keys); i++) {
        if (slice_equal(other_keys[i], key))
            return true;
    }
    return false;
}

static enum err read_member(struct calling_draft *draft, struct slice prefix,
                            const struct value_member *member)
{
    struct slice path;
    TRY(calling_path(&draft->reader, prefix, member->key, &path));
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
        if (slice_equal(lists[i].name, member->key))
            return read_list(draft, path, &member->value, &lists[i]);
    }
    return is_other_key(member->key)
               ? ERR_OK
               : calling_complain(&draft->reader, path, SLICE("There is no such key here."));
}

/* Holidays of all documents come before any rule: a rule may close on them. */
static enum err read_basics(struct calling_draft *draft, struct slice prefix, const struct value *document,
                            struct slice *ret_version)
{
    const struct value *holidays = value_get(document, SLICE("holidays"));
    const struct value *version = value_get(document, SLICE("version"));
    struct slice path;
    if (document->kind != VALUE_OBJECT)
        return calling_complain(&draft->reader, prefix, SLICE("Calling rules are a JSON object."));
    TRY(calling_path(&draft->reader, prefix, SLICE("version"), &path));
    if (!version)
        TRY(calling_complain(&draft->reader, path, SLICE("This is required.")));
    else
        TRY(calling_read_text(&draft->reader, path, version, ret_version));
    TRY(calling_path(&draft->reader, prefix, SLICE("holidays"), &path));
    return holidays ? calling_read_holidays(draft, path, holidays) : ERR_OK;
}

static enum err read_document(struct calling_draft *draft, struct slice prefix, const struct value *document)
{
    if (document->kind == VALUE_OBJECT) {
        VALUE_FOREACH (member, document) {
            TRY(read_member(draft, prefix, member));
        }
    }
    return ERR_OK;
}

/* "rules 2026-11-21, area codes 2025-11-26, states 2025-11-26, tzdata 2025b, own 7" */
static enum err make_version(struct calling_draft *draft, struct slice built_in, struct slice own,
                             struct slice tzdata)
{
    struct slice *version = &draft->rules->version;
    TRY(arena_print(draft->reader.arena, version, "rules %.*s, area codes %s, states %s", SLICE_ARG(built_in),
                    place_area_codes_version(), place_states_version()));
    if (!slice_is_null(tzdata))
        TRY(arena_print(draft->reader.arena, version, "%.*s, tzdata %.*s", SLICE_ARG(*version),
                        SLICE_ARG(tzdata)));
    if (!slice_is_null(own))
        TRY(arena_print(draft->reader.arena, version, "%.*s, own %.*s", SLICE_ARG(*version), SLICE_ARG(own)));
    return ERR_OK;
}

/* How many items the list of that name has in both documents; at least 1, so that there is always an array. */
static size_t room_for(const char *list, const struct value *built_in, const struct value *own)
{
    const struct value *of_built_in = value_get(built_in, slice_from(list));
    const struct value *of_own = value_get(own, slice_from(list));
    size_t count = 1;
    if (of_built_in && of_built_in->kind == VALUE_ARRAY)
        count += of_built_in->array.count;
    if (of_own && of_own->kind == VALUE_ARRAY)
        count += of_own->array.count;
    return count;
}

static enum err draft_init(struct calling_draft *draft, struct arena *arena, const struct value *built_in,
                           const struct value *own)
{
    draft->rules = ARENA_NEW(arena, struct calling_rules);
    draft->suspensions =
        ARENA_ARRAY(arena, struct calling_suspension, room_for("suspensions", built_in, own));
    draft->presumptions =
        ARENA_ARRAY(arena, struct calling_presumption, room_for("presumptions", built_in, own));
    if (!draft->rules || !draft->suspensions || !draft->presumptions)
        return ERR_MEMORY;
    draft->rules->rules = ARENA_ARRAY(arena, struct calling_rule, room_for("rules", built_in, own));
    if (!draft->rules->rules)
        return ERR_MEMORY;
    draft->rules->places = draft->reader.places;
    draft->rules->suspensions = draft->suspensions;
    draft->rules->presumptions = draft->presumptions;
    for (size_t i = 0; i < ARRAY_LENGTH(draft->days); i++) {
        draft->days[i].saturday_shift = -1;
        draft->days[i].sunday_shift = 1;
    }
    return ERR_OK;
}

enum err calling_rules_decode(struct arena *arena, const struct places *places, const struct value *built_in,
                              const struct value *own, struct slice tzdata_version,
                              const struct calling_rules **ret_rules, struct faults *faults)
{
    struct calling_draft *draft = ARENA_NEW(arena, struct calling_draft);
    struct slice version = SLICE(""), own_version = SLICE_NULL, prefix = SLICE("own: ");
    size_t before = faults->count;
    if (!draft)
        return ERR_MEMORY;
    draft->reader = (struct calling_reader){.arena = arena, .faults = faults, .places = places};
    TRY(draft_init(draft, arena, built_in, own));
    TRY(read_basics(draft, SLICE(""), built_in, &version));
    draft->own = true;
    if (own)
        TRY(read_basics(draft, prefix, own, &own_version));
    TRY(calling_make_calendars(draft));
    draft->own = false;
    TRY(read_document(draft, SLICE(""), built_in));
    draft->own = true;
    draft->built_in_count = draft->rules->rule_count;
    if (own)
        TRY(read_document(draft, prefix, own));
    TRY(make_version(draft, version, own_version, tzdata_version));
    if (faults->count > before)
        return ERR_INVALID;
    calling_rules_index(draft->rules);
    *ret_rules = draft->rules;
    return ERR_OK;
}
