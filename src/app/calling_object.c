/* Reads JSON objects of a document of calling rules by tables of their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_law.h"

#include "inlet/domain/us_state.h"

static enum err read_member(struct calling_draft *draft, struct slice where,
                            const struct value_member *member, const struct calling_key *keys,
                            size_t key_count, void *target)
{
    struct slice path;
    TRY(calling_path(&draft->reader, where, member->key, &path));
    for (size_t i = 0; i < key_count; i++) {
        if (slice_equal(keys[i].name, member->key))
            return keys[i].read ? keys[i].read(draft, path, &member->value, target) : ERR_OK;
    }
    return calling_complain(&draft->reader, path, SLICE("There is no such key here."));
}

enum err calling_read_object(struct calling_draft *draft, struct slice where, const struct value *value,
                             const struct calling_key *keys, size_t key_count, void *target)
{
    if (value->kind != VALUE_OBJECT)
        return calling_complain(&draft->reader, where, SLICE("This must be an object."));
    for (size_t i = 0; i < key_count; i++) {
        struct slice path;
        if (!keys[i].required || value_get(value, keys[i].name))
            continue;
        TRY(calling_path(&draft->reader, where, keys[i].name, &path));
        TRY(calling_complain(&draft->reader, path, SLICE("This is required.")));
    }
    VALUE_FOREACH (member, value) {
        TRY(read_member(draft, where, member, keys, key_count, target));
    }
    return ERR_OK;
}

enum err calling_read_jurisdiction(struct calling_reader *reader, struct slice where,
                                   const struct value *value, struct slice *ret_jurisdiction, int *ret_state)
{
    bool is_text = value->kind == VALUE_STRING;
    bool federal = is_text && slice_equal(value->text, SLICE("US"));
    int state = is_text ? vocabulary_find(&us_states, value->text) : 0;
    if (!federal && !state)
        return calling_complain(reader, where, SLICE("This must be \"US\" or the code of a state."));
    *ret_jurisdiction = value->text;
    *ret_state = state;
    return ERR_OK;
}
