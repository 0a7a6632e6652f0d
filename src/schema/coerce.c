/* The coercions of Django REST framework 3.14's fields (rest_framework/fields.py, relations.py). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "coerce.h"

#include "inlet/base/datetime.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"

#include <math.h>

/* Text of an offending value in a message is cut here: a message must not grow with the body. */
#define INPUT_TEXT_MAX 4096

enum err coercion_fault(const struct coercion *coercion, enum fault_kind kind)
{
    return faults_add(coercion->faults,
                      (struct fault){.field = slice_from(coercion->field->name), .kind = kind});
}

/* The beginning of TEXT, up to INPUT_TEXT_MAX bytes, that ends with a whole character. */
static struct slice beginning(struct slice text)
{
    size_t n = text.n < INPUT_TEXT_MAX ? text.n : INPUT_TEXT_MAX;
    while (n < text.n && n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    return slice_head(text, n);
}

enum err coercion_fault_input(const struct coercion *coercion, enum fault_kind kind, struct slice input)
{
    return faults_add(
        coercion->faults,
        (struct fault){.field = slice_from(coercion->field->name), .kind = kind, .input = beginning(input)});
}

enum err coercion_fault_limit(const struct coercion *coercion, enum fault_kind kind, int64_t limit)
{
    return faults_add(
        coercion->faults,
        (struct fault){.field = slice_from(coercion->field->name), .kind = kind, .limit = limit});
}

/* VALUE as Python's str() shows it, in the arena. */
static enum err text_of(const struct coercion *coercion, const struct value *value, struct slice *ret_text)
{
    if (value->kind == VALUE_STRING || value->kind == VALUE_BIG_INTEGER) {
        *ret_text = value->text;
        return ERR_OK;
    }
    struct buffer buffer CLEANUP(buffer_done) = BUFFER_INIT(INPUT_TEXT_MAX);
    enum err error = python_text(&buffer, value);
    if (error == ERR_MEMORY)
        return error;
    return arena_copy(coercion->context->arena, buffer_slice(&buffer), ret_text);
}

static bool is_number(const struct value *value)
{
    return value->kind == VALUE_INTEGER || value->kind == VALUE_BIG_INTEGER || value->kind == VALUE_REAL;
}

/* The validators every CharField has: length, NUL, surrogates. All of them report. */
static enum err check_characters(const struct coercion *coercion, struct slice text)
{
    if (coercion->field->length_max > 0 && slice_code_points(text) > coercion->field->length_max)
        TRY(coercion_fault_limit(coercion, FAULT_TOO_LONG, (int64_t)coercion->field->length_max));
    if (slice_find(text, '\0') < text.n)
        TRY(coercion_fault(coercion, FAULT_NULL_CHARACTER));
    for (size_t i = 0; i + 2 < text.n; i++) {
        /* A lone surrogate in its three-byte form. */
        if ((unsigned char)text.p[i] == 0xED && (unsigned char)text.p[i + 1] >= 0xA0) {
            struct slice at = slice_skip(text, i);
            return coercion_fault_limit(coercion, FAULT_SURROGATE, (int64_t)slice_next_code_point(&at));
        }
    }
    return ERR_OK;
}

static enum err coerce_text(const struct coercion *coercion, const struct value *value)
{
    const struct field *field = coercion->field;
    struct optional_text *out = coercion->slot;
    if (value->kind != VALUE_STRING && !is_number(value))
        return coercion_fault(coercion, field->not_text ? field->not_text : FAULT_NOT_TEXT);
    struct slice text;
    TRY(text_of(coercion, value, &text));
    text = slice_trim_unicode(text);
    if (text.n == 0) {
        if (!(field->flags & FIELD_BLANK))
            return coercion_fault(coercion, FAULT_BLANK);
        *out = (struct optional_text){.presence = GIVEN, .value = SLICE("")};
        return ERR_OK;
    }
    size_t before = coercion->faults->count;
    TRY(check_characters(coercion, text));
    bool good = coercion->faults->count == before;
    if (field->check && (good || field->check_always)) {
        enum fault_kind kind;
        if (!field->check(coercion->context, text, &text, &kind))
            return coercion_fault(coercion, kind);
    }
    if (good)
        *out = (struct optional_text){.presence = GIVEN, .value = text};
    return ERR_OK;
}

/* re.sub(r'\.0*\s*$', '', text) */
static struct slice without_zero_fraction(struct slice text)
{
    struct slice rest = text;
    while (rest.n > 0 &&
           (rest.p[rest.n - 1] == ' ' || (rest.p[rest.n - 1] >= '\t' && rest.p[rest.n - 1] <= '\r')))
        rest.n--;
    while (rest.n > 0 && rest.p[rest.n - 1] == '0')
        rest.n--;
    if (rest.n > 0 && rest.p[rest.n - 1] == '.')
        return slice_head(rest, rest.n - 1);
    return text;
}

static enum err coerce_integer(const struct coercion *coercion, const struct value *value)
{
    const struct field *field = coercion->field;
    struct optional_integer *out = coercion->slot;
    struct slice text;
    if (value->kind == VALUE_STRING && slice_code_points(value->text) > 1000)
        return coercion_fault(coercion, FAULT_INTEGER_TEXT_TOO_LONG);
    if (value->kind == VALUE_STRING && coercion->from_form && value->text.n == 0)
        return coercion_fault(coercion, FAULT_NOT_INTEGER);
    TRY(text_of(coercion, value, &text));
    int64_t number;
    enum err error = python_int(without_zero_fraction(text), &number);
    if (error == ERR_INVALID)
        return coercion_fault(coercion, FAULT_NOT_INTEGER);
    if (error == ERR_LIMIT)
        number = slice_trim_unicode(text).p[0] == '-' ? INT64_MIN : INT64_MAX;
    if (field->has_minimum && number < field->minimum)
        return coercion_fault_limit(coercion, FAULT_TOO_SMALL, field->minimum);
    if (field->has_maximum && number > field->maximum)
        return coercion_fault_limit(coercion, FAULT_TOO_LARGE, field->maximum);
    *out = (struct optional_integer){.presence = GIVEN, .value = number};
    return ERR_OK;
}

/* Python's int() of what was sent; 0 (never an id) for what lies beyond 64 bits. */
static bool key_of(const struct value *value, int64_t *ret_id)
{
    if (value->kind == VALUE_INTEGER) {
        *ret_id = value->integer;
        return true;
    }
    if (value->kind == VALUE_BIG_INTEGER) {
        *ret_id = 0;
        return true;
    }
    if (value->kind == VALUE_REAL) {
        *ret_id = fabs(value->real) < 9e18 ? (int64_t)value->real : 0;
        return true;
    }
    if (value->kind != VALUE_STRING)
        return false;
    enum err error = python_int(value->text, ret_id);
    if (error == ERR_LIMIT)
        *ret_id = 0;
    return error == ERR_OK || error == ERR_LIMIT;
}

static enum err coerce_key(const struct coercion *coercion, const struct value *value)
{
    struct optional_integer *out = coercion->slot;
    int64_t id;
    if (value->kind == VALUE_STRING && value->text.n == 0 && (coercion->field->flags & FIELD_NULL)) {
        out->presence = GIVEN_NULL;
        return ERR_OK;
    }
    if (!key_of(value, &id))
        return coercion_fault_input(coercion, FAULT_NOT_KEY, slice_from(value_python_type(value)));
    if (!coercion->field->exists(coercion->context->lookup, id)) {
        struct slice text;
        TRY(text_of(coercion, value, &text));
        return coercion_fault_input(coercion, FAULT_KEY_UNKNOWN, text);
    }
    *out = (struct optional_integer){.presence = GIVEN, .value = id};
    return ERR_OK;
}

static enum err coerce_choice(const struct coercion *coercion, const struct value *value)
{
    const struct field *field = coercion->field;
    struct optional_choice *out = coercion->slot;
    struct slice text;
    TRY(text_of(coercion, value, &text));
    if (value->kind == VALUE_STRING && text.n == 0 && (field->flags & FIELD_BLANK)) {
        *out = (struct optional_choice){.presence = GIVEN, .value = 0};
        return ERR_OK;
    }
    int found = vocabulary_find(field->choices, text);
    if (found != 0) {
        *out = (struct optional_choice){.presence = GIVEN, .value = found};
        return ERR_OK;
    }
    return coercion_fault_input(coercion, FAULT_NOT_CHOICE, text);
}

static bool is_one_of(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(text, slice_from(words[i])))
            return true;
    }
    return false;
}

static enum err coerce_boolean(const struct coercion *coercion, const struct value *value)
{
    static const char *const yes[] = {"t",    "T",    "y",    "Y",  "yes", "Yes", "YES",
                                      "true", "True", "TRUE", "on", "On",  "ON",  "1"};
    static const char *const no[] = {"f",     "F",     "n",     "N",   "no",  "No",  "NO",
                                     "false", "False", "FALSE", "off", "Off", "OFF", "0"};
    struct optional_boolean *out = coercion->slot;
    double number = 2; /* neither */
    if (value->kind == VALUE_REAL)
        number = value->real;
    else if (value->kind == VALUE_INTEGER)
        number = (double)value->integer;
    struct slice text = value->kind == VALUE_STRING ? value->text : SLICE("");
    bool is_yes = value->kind == VALUE_TRUE || number == 1 || is_one_of(text, yes, ARRAY_LENGTH(yes));
    bool is_no = value->kind == VALUE_FALSE || number == 0 || is_one_of(text, no, ARRAY_LENGTH(no));
    if (!is_yes && !is_no)
        return coercion_fault(coercion, FAULT_NOT_BOOLEAN);
    *out = (struct optional_boolean){.presence = GIVEN, .value = is_yes};
    return ERR_OK;
}

/* The instants Python's datetime can hold, so those the API can show. */
static bool in_range(int64_t us, int offset_s)
{
    int64_t local = us + (int64_t)offset_s * 1000000;
    return local >= INT64_C(-62135596800000000) && local < INT64_C(253402300800000000);
}

static enum err coerce_time(const struct coercion *coercion, const struct value *value)
{
    struct optional_time *out = coercion->slot;
    const struct timezone *zone = coercion->context->timezone;
    struct datetime_parts parts;
    if (value->kind != VALUE_STRING || datetime_parse(value->text, &parts) != ERR_OK)
        return coercion_fault(coercion, FAULT_TIME_FORMAT);
    int64_t us = civil_to_us(&parts.civil);
    if (parts.has_offset)
        us -= (int64_t)parts.offset_s * 1000000;
    else if (timezone_local_to_utc(zone, us, &us) != LOCAL_UNIQUE)
        return coercion_fault_input(coercion, FAULT_TIME_MISSING, slice_from(timezone_name(zone)));
    if (!in_range(us, 0) || !in_range(us, timezone_offset_s(zone, us)))
        return coercion_fault(coercion, FAULT_TIME_RANGE);
    *out = (struct optional_time){.presence = GIVEN, .value = us};
    return ERR_OK;
}

/* Objects and lists. In a form such a field holds JSON text; DRF never reads one there. */
static enum err coerce_tree(const struct coercion *coercion, const struct value *value)
{
    struct optional_value *out = coercion->slot;
    if (coercion->from_form) {
        struct value *decoded = ARENA_NEW(coercion->context->arena, struct value);
        struct jin_fault fault;
        if (!decoded)
            return ERR_MEMORY;
        enum err error = jin_decode(coercion->context->arena, value->text, NULL, decoded, &fault);
        if (error == ERR_MEMORY)
            return error;
        if (error != ERR_OK)
            *decoded = *value;
        value = decoded;
        if (value->kind == VALUE_NULL && (coercion->field->flags & FIELD_NULL)) {
            out->presence = GIVEN_NULL;
            return ERR_OK;
        }
    }
    /* A form's plain text where an object is meant: not decoded, so absent; schema_unknown keeps it under its name. */
    bool is_object = value->kind == VALUE_OBJECT;
    if (coercion->from_form && coercion->field->kind == FIELD_OBJECT && !is_object)
        return ERR_OK;
    if (coercion->field->kind == FIELD_OBJECT && !is_object)
        return coercion_fault_input(coercion, FAULT_NOT_OBJECT, slice_from(value_python_type(value)));
    if (coercion->field->kind == FIELD_LIST && value->kind != VALUE_ARRAY)
        return coercion_fault_input(coercion, FAULT_NOT_LIST, slice_from(value_python_type(value)));
    *out = (struct optional_value){.presence = GIVEN, .value = value};
    return ERR_OK;
}

enum err coerce(const struct coercion *coercion, const struct value *value)
{
    switch (coercion->field->kind) {
    case FIELD_TEXT: return coerce_text(coercion, value);
    case FIELD_INTEGER: return coerce_integer(coercion, value);
    case FIELD_KEY: return coerce_key(coercion, value);
    case FIELD_CHOICE: return coerce_choice(coercion, value);
    case FIELD_BOOLEAN: return coerce_boolean(coercion, value);
    case FIELD_TIME: return coerce_time(coercion, value);
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_ANY: return coerce_tree(coercion, value);
    }
    return ERR_INTERNAL;
}
