/* Answers in Django REST framework's shapes and words. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sela.h"

#include <inttypes.h>

/* Messages of rest_framework.fields and relations, Django's validators, and the API's own. */
enum err fault_message(struct buffer *buffer, const struct fault *fault)
{
    struct slice input = fault->input;
    switch (fault->kind) {
    case FAULT_REQUIRED: return buffer_append_text(buffer, "This field is required.");
    case FAULT_NULL: return buffer_append_text(buffer, "This field may not be null.");
    case FAULT_BLANK: return buffer_append_text(buffer, "This field may not be blank.");
    case FAULT_NOT_TEXT: return buffer_append_text(buffer, "Not a valid string.");
    case FAULT_TOO_LONG:
        return buffer_print(buffer, "Ensure this field has no more than %" PRId64 " characters.",
                            fault->limit);
    case FAULT_NULL_CHARACTER: return buffer_append_text(buffer, "Null characters are not allowed.");
    case FAULT_SURROGATE:
        return buffer_print(buffer, "Surrogate characters are not allowed: U+%" PRIX64 ".",
                            (uint64_t)fault->limit);
    case FAULT_NOT_INTEGER: return buffer_append_text(buffer, "A valid integer is required.");
    case FAULT_INTEGER_TEXT_TOO_LONG: return buffer_append_text(buffer, "String value too large.");
    case FAULT_TOO_SMALL:
        return buffer_print(buffer, "Ensure this value is greater than or equal to %" PRId64 ".",
                            fault->limit);
    case FAULT_TOO_LARGE:
        return buffer_print(buffer, "Ensure this value is less than or equal to %" PRId64 ".", fault->limit);
    case FAULT_NOT_KEY:
        buffer_append_text(buffer, "Incorrect type. Expected pk value, received ");
        buffer_append(buffer, input);
        return buffer_append_byte(buffer, '.');
    case FAULT_KEY_UNKNOWN:
        buffer_append_text(buffer, "Invalid pk \"");
        buffer_append(buffer, input);
        return buffer_append_text(buffer, "\" - object does not exist.");
    case FAULT_NOT_CHOICE:
        buffer_append_byte(buffer, '"');
        buffer_append(buffer, input);
        return buffer_append_text(buffer, "\" is not a valid choice.");
    case FAULT_NOT_BOOLEAN: return buffer_append_text(buffer, "Must be a valid boolean.");
    case FAULT_TIME_FORMAT:
        return buffer_append_text(buffer, "Datetime has wrong format. Use one of these formats instead: "
                                          "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
    case FAULT_TIME_MISSING:
        buffer_append_text(buffer, "Invalid datetime for the timezone \"");
        buffer_append(buffer, input);
        return buffer_append_text(buffer, "\".");
    case FAULT_TIME_RANGE: return buffer_append_text(buffer, "Datetime value out of range.");
    case FAULT_NOT_OBJECT:
        buffer_append_text(buffer, "Expected a dictionary of items but got type \"");
        buffer_append(buffer, input);
        return buffer_append_text(buffer, "\".");
    case FAULT_NOT_LIST:
        buffer_append_text(buffer, "Expected a list of items but got type \"");
        buffer_append(buffer, input);
        return buffer_append_text(buffer, "\".");
    case FAULT_NOT_EMAIL: return buffer_append_text(buffer, "Enter a valid email address.");
    case FAULT_NOT_PHONE: return buffer_append_text(buffer, "Enter a valid phone number.");
    case FAULT_OTHER: return buffer_append(buffer, input);
    }
    return ERR_INTERNAL;
}

static bool is_non_field(const struct fault *fault)
{
    return fault->field.n == 0;
}

enum err faults_line(struct buffer *buffer, const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        buffer_append_text(buffer, i ? "; " : "");
        if (!is_non_field(fault)) {
            buffer_append(buffer, fault->field);
            buffer_append_text(buffer, ": ");
        }
        fault_message(buffer, fault);
    }
    return buffer_error(buffer);
}

static void begin(struct call *call, unsigned status, struct jout *jout)
{
    buffer_clear(&call->answer);
    call_answer(call, status);
    jout_init(jout, &call->answer);
}

void answer_detail(struct call *call, unsigned status, struct slice text)
{
    struct jout jout;
    begin(call, status, &jout);
    jout_object_begin(&jout);
    jout_member_string(&jout, "detail", text);
    jout_object_end(&jout);
}

/* One message, written as a JSON string. */
static void write_message(struct jout *jout, const struct fault *fault)
{
    struct buffer message CLEANUP(buffer_done) = BUFFER_INIT(64 << 10);
    if (fault_message(&message, fault) == ERR_OK)
        jout_string(jout, buffer_slice(&message));
    else
        jout->buffer->error = buffer_error(&message);
}

void answer_faults(struct call *call, const struct faults *faults)
{
    struct jout jout;
    begin(call, 400, &jout);
    jout_object_begin(&jout);
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        bool same_as_before = i > 0 && slice_equal(fault->field, faults->items[i - 1].field);
        bool same_as_next = i + 1 < faults->count && slice_equal(fault->field, faults->items[i + 1].field);
        if (!same_as_before) {
            jout_key(&jout, is_non_field(fault) ? SLICE("non_field_errors") : fault->field);
            jout_array_begin(&jout);
        }
        write_message(&jout, fault);
        if (!same_as_next)
            jout_array_end(&jout);
    }
    jout_object_end(&jout);
}

void answer_non_field_error(struct call *call, struct slice text)
{
    struct fault fault = {.kind = FAULT_OTHER, .input = text};
    struct faults faults = {.items = &fault, .count = 1, .capacity = 1};
    answer_faults(call, &faults);
}
