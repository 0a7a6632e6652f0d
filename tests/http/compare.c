/* Takes out of answers what differs from run to run, and compares them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "compare.h"

#include "harness.h"

static const struct {
    const char *key, *text;
    bool may_be_null; /* then null stays null */
} noisy_keys[] = {
    {"modified_time", "<time>", false},
    {"created_time", "<time>", false},
    {"received_time", "<time>", false},
    {"next_call_time", "<time>", false},
    {"next_call_time_reason", "<time>", false},
    {"last_reengagement_time", "<time>", true},
    {"revoked_time", "<time>", true},
    {"uuid", "<uuid>", true},
    {"key_hint", "<hint>", true},
};

static void must(enum err error)
{
    if (error != ERR_OK)
        fail("%s", err_text(error));
}

static struct slice name_of_id(struct names *names, int64_t id)
{
    struct slice text;
    size_t at = 0;
    while (at < names->id_count && names->ids[at] != id)
        at++;
    if (at == IDS_MAX)
        fail("a scenario has too many ids");
    if (at == names->id_count)
        names->ids[names->id_count++] = id;
    must(arena_print(names->arena, &text, "<id:%zu>", at));
    return text;
}

static struct value container_without_noise(struct names *names, const struct value *value)
{
    struct value_builder builder;
    value_build(&builder, names->arena);
    if (value->kind == VALUE_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            must(value_build_item(&builder, without_noise(names, &value->array.items[i], SLICE(""))));
        return value_built_array(&builder);
    }
    VALUE_FOREACH (member, value) {
        /* An "id" in there is the client's own. */
        bool is_metadata = slice_equal(member->key, SLICE("metadata"));
        names->metadata_depth += is_metadata;
        must(value_build_member(&builder, member->key, without_noise(names, &member->value, member->key)));
        names->metadata_depth -= is_metadata;
    }
    return value_built_object(&builder);
}

static struct value text_without_noise(struct names *names, const struct value *value, struct slice key)
{
    struct slice parse_error = SLICE("JSON parse error - "), base = slice_from(names->base), text;
    if (slice_equal(key, SLICE("key")) && value->text.n == 40)
        return value_string(SLICE("<key>"));
    if (slice_starts(value->text, parse_error))
        return value_string(SLICE("JSON parse error - <detail>"));
    if (!slice_starts(value->text, base))
        return *value;
    struct slice rest = slice_skip(value->text, base.n);
    must(arena_print(names->arena, &text, "<base>%.*s", SLICE_ARG(rest)));
    return value_string(text);
}

struct value without_noise(struct names *names, const struct value *value, struct slice key)
{
    if (value->kind == VALUE_ARRAY || value->kind == VALUE_OBJECT)
        return container_without_noise(names, value);
    for (size_t i = 0; i < ARRAY_LENGTH(noisy_keys); i++) {
        if (slice_equal(slice_from(noisy_keys[i].key), key))
            return value->kind == VALUE_NULL && noisy_keys[i].may_be_null
                       ? *value
                       : value_string(slice_from(noisy_keys[i].text));
    }
    if (slice_equal(key, SLICE("id")) && value->kind == VALUE_INTEGER && names->metadata_depth == 0)
        return value_string(name_of_id(names, value->integer));
    return value->kind == VALUE_STRING ? text_without_noise(names, value, key) : *value;
}

static bool same_items(const struct value *want, const struct value *got)
{
    if (want->array.count != got->array.count)
        return false;
    for (size_t i = 0; i < want->array.count; i++) {
        if (!same(&want->array.items[i], &got->array.items[i]))
            return false;
    }
    return true;
}

bool same(const struct value *want, const struct value *got)
{
    if (want->kind != got->kind)
        return false;
    if (want->kind == VALUE_ARRAY)
        return same_items(want, got);
    if (want->kind != VALUE_OBJECT)
        return value_equal(want, got);
    if (want->object.count != got->object.count || !has_all(want, got))
        return false;
    bool is_lead = value_get(want, SLICE("phone_number")) && value_get(want, SLICE("id"));
    for (size_t i = 0; is_lead && i < want->object.count; i++) {
        if (!slice_equal(want->object.members[i].key, got->object.members[i].key))
            return false;
    }
    return true;
}

bool has_all(const struct value *want, const struct value *got)
{
    if (got->kind != VALUE_OBJECT)
        return false;
    VALUE_FOREACH (member, want) {
        const struct value *other = value_get(got, member->key);
        if (!other || !same(&member->value, other))
            return false;
    }
    return true;
}
