/* Walks a field table over a payload: who is there, who is missing, who is unknown. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "coerce.h"

#include "inlet/codec/jin.h"

/* What a form's field means, after rest_framework.fields.Field.get_value: "" stands for null where null is allowed and
 * blank is not; a field left empty that is neither counts as absent unless it is required. */
static bool form_value(const struct field *field, const struct url_pairs *pairs, bool partial,
                       struct value *ret)
{
    struct slice text = url_pairs_get(pairs, slice_from(field->name));
    if (field->kind == FIELD_OBJECT || field->kind == FIELD_LIST || field->kind == FIELD_ANY) {
        *ret = value_string(text);
        return !slice_is_null(text);
    }
    if (slice_is_null(text)) {
        *ret = (struct value){.kind = VALUE_FALSE};
        return field->kind == FIELD_BOOLEAN && !partial; /* an unchecked box */
    }
    if (text.n == 0 && !(field->flags & FIELD_BLANK)) {
        *ret = (struct value){.kind = VALUE_NULL};
        if (field->flags & FIELD_NULL)
            return true;
        if (!(field->flags & FIELD_REQUIRED))
            return false;
    }
    *ret = value_string(text);
    return true;
}

/* What an object's member means. */
static const struct value *object_value(const struct field *field, const struct schema_input *input)
{
    static const struct value null = {.kind = VALUE_NULL};
    const struct value *value = value_get(input->object, slice_from(field->name));
    bool is_blank = value && value->kind == VALUE_STRING && value->text.n == 0;
    bool takes_null = (field->flags & FIELD_NULL) && !(field->flags & FIELD_BLANK);
    return input->blank_is_null && is_blank && takes_null ? &null : value;
}

static enum err decode_field(const struct coercion *coercion, const struct value *value)
{
    const struct field *field = coercion->field;
    if (value->kind == VALUE_NULL) {
        if (!(field->flags & FIELD_NULL))
            return coercion_fault(coercion, FAULT_NULL);
        *coercion_presence(coercion) = GIVEN_NULL;
        return ERR_OK;
    }
    return coerce(coercion, value);
}

enum err schema_decode(const struct field_table *table, const struct schema_context *context,
                       const struct schema_input *input, void *target, struct faults *faults)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        struct coercion coercion = {.field = field,
                                    .context = context,
                                    .slot = (char *)target + field->offset,
                                    .faults = faults,
                                    .from_form = input->object == NULL};
        struct value from_form;
        const struct value *value = NULL;
        if (input->object)
            value = object_value(field, input);
        else if (form_value(field, input->pairs, context->partial, &from_form))
            value = &from_form;
        if (value)
            TRY(decode_field(&coercion, value));
        else if ((field->flags & FIELD_REQUIRED) && !context->partial)
            TRY(coercion_fault(&coercion, FAULT_REQUIRED));
    }
    return ERR_OK;
}

const struct field *schema_find(const struct field_table *table, struct slice name)
{
    for (size_t i = 0; table && i < table->count; i++) {
        if (slice_equal(slice_from(table->fields[i].name), name))
            return &table->fields[i];
    }
    return NULL;
}

/* Whether no field of TABLE takes a form's pair: an object field takes the JSON text of an object, and null; a blank one
 * says nothing. */
static enum err is_unknown(const struct field_table *table, struct arena *arena, const struct url_pair *pair,
                           bool *ret_is_unknown)
{
    const struct field *field = schema_find(table, pair->name);
    struct value value;
    *ret_is_unknown = !field;
    if (!field || field->kind != FIELD_OBJECT || slice_trim(pair->value).n == 0)
        return ERR_OK;
    enum err error = jin_decode(arena, pair->value, NULL, &value, NULL);
    if (error == ERR_MEMORY)
        return error;
    bool is_null = error == ERR_OK && value.kind == VALUE_NULL && (field->flags & FIELD_NULL);
    *ret_is_unknown = error != ERR_OK || (value.kind != VALUE_OBJECT && !is_null);
    return ERR_OK;
}

/* Whether the pair at INDEX is the last of its name. */
static bool is_last(const struct url_pairs *pairs, size_t index)
{
    for (size_t i = index + 1; i < pairs->count; i++) {
        if (slice_equal(pairs->pairs[i].name, pairs->pairs[index].name))
            return false;
    }
    return true;
}

enum err schema_unknown(const struct field_table *table, const struct field_table *also, struct arena *arena,
                        const struct schema_input *input, struct value *ret_object)
{
    struct value_builder builder;
    value_build(&builder, arena);
    if (input->object) {
        VALUE_FOREACH (member, input->object) {
            if (!schema_find(table, member->key) && !schema_find(also, member->key))
                TRY(value_build_member(&builder, member->key, member->value));
        }
    } else {
        for (size_t i = 0; i < input->pairs->count; i++) {
            const struct url_pair *pair = &input->pairs->pairs[i];
            bool unknown;
            if (schema_find(also, pair->name) || !is_last(input->pairs, i))
                continue;
            TRY(is_unknown(table, arena, pair, &unknown));
            if (unknown)
                TRY(value_build_member(&builder, pair->name, value_string(pair->value)));
        }
    }
    *ret_object = value_built_object(&builder);
    return ERR_OK;
}
