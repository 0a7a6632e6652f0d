/* The words for every fault, and the shapes they are answered in. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sela/sela.h"

#include "unit.h"

static const struct {
    struct fault fault;
    const char *message;
} words[] = {
    {{.kind = FAULT_REQUIRED}, "This field is required."},
    {{.kind = FAULT_NULL}, "This field may not be null."},
    {{.kind = FAULT_BLANK}, "This field may not be blank."},
    {{.kind = FAULT_NOT_TEXT}, "Not a valid string."},
    {{.kind = FAULT_TOO_LONG, .limit = 255}, "Ensure this field has no more than 255 characters."},
    {{.kind = FAULT_NULL_CHARACTER}, "Null characters are not allowed."},
    {{.kind = FAULT_SURROGATE, .limit = 0xD800}, "Surrogate characters are not allowed: U+D800."},
    {{.kind = FAULT_NOT_INTEGER}, "A valid integer is required."},
    {{.kind = FAULT_INTEGER_TEXT_TOO_LONG}, "String value too large."},
    {{.kind = FAULT_TOO_SMALL, .limit = -1}, "Ensure this value is greater than or equal to -1."},
    {{.kind = FAULT_TOO_LARGE, .limit = 9}, "Ensure this value is less than or equal to 9."},
    {{.kind = FAULT_NOT_KEY, .input = SLICE_INIT("str")}, "Incorrect type. Expected pk value, received str."},
    {{.kind = FAULT_KEY_UNKNOWN, .input = SLICE_INIT("7")}, "Invalid pk \"7\" - object does not exist."},
    {{.kind = FAULT_NOT_CHOICE, .input = SLICE_INIT("x")}, "\"x\" is not a valid choice."},
    {{.kind = FAULT_NOT_BOOLEAN}, "Must be a valid boolean."},
    {{.kind = FAULT_TIME_FORMAT},
     "Datetime has wrong format. Use one of these formats instead: "
     "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."},
    {{.kind = FAULT_TIME_MISSING, .input = SLICE_INIT("UTC")}, "Invalid datetime for the timezone \"UTC\"."},
    {{.kind = FAULT_TIME_RANGE}, "Datetime value out of range."},
    {{.kind = FAULT_NOT_OBJECT, .input = SLICE_INIT("list")},
     "Expected a dictionary of items but got type \"list\"."},
    {{.kind = FAULT_NOT_LIST, .input = SLICE_INIT("dict")},
     "Expected a list of items but got type \"dict\"."},
    {{.kind = FAULT_NOT_EMAIL}, "Enter a valid email address."},
    {{.kind = FAULT_NOT_PHONE}, "Enter a valid phone number."},
    {{.kind = FAULT_OTHER, .input = SLICE_INIT("A sentence.")}, "A sentence."},
};

START_TEST(every_fault_has_its_words)
{
    ck_assert_uint_eq(ARRAY_LENGTH(words), FAULT_OTHER + 1);
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(1024);
        ck_assert_uint_eq(words[i].fault.kind, i);
        ck_assert_int_eq(fault_message(&text, &words[i].fault), ERR_OK);
        ck_assert(slice_equal(buffer_slice(&text), slice_from(words[i].message)));
    }
}
END_TEST

static struct fault sample[] = {
    {.kind = FAULT_OTHER, .input = SLICE_INIT("All of it.")},
    {.field = SLICE_INIT("email"), .kind = FAULT_TOO_LONG, .limit = 5},
    {.field = SLICE_INIT("email"), .kind = FAULT_NOT_EMAIL},
    {.field = SLICE_INIT("a\"b"), .kind = FAULT_NOT_CHOICE, .input = SLICE_INIT("\xED\xA0\x80")},
};
static const struct faults sample_faults = {.items = sample, .count = ARRAY_LENGTH(sample)};

START_TEST(bulk_shows_faults_in_one_line)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(1024), small CLEANUP(buffer_done) = BUFFER_INIT(16);
    ck_assert_int_eq(faults_line(&text, &sample_faults), ERR_OK);
    ck_assert(slice_equal(
        buffer_slice(&text),
        SLICE("All of it.; email: Ensure this field has no more than 5 characters.; email: Enter a "
              "valid email address.; a\"b: \"\xED\xA0\x80\" is not a valid choice.")));
    ck_assert_int_eq(faults_line(&small, &sample_faults), ERR_LIMIT);
}
END_TEST

static void check_answer(const struct call *call, unsigned status, const char *body)
{
    ck_assert_uint_eq(call->status, status);
    ck_assert_msg(slice_equal(buffer_slice(&call->answer), slice_from(body)), "%.*s",
                  SLICE_ARG(buffer_slice(&call->answer)));
}

START_TEST(answers_have_their_shapes)
{
    struct call call = {.status = 0};
    buffer_init(&call.answer, 4096);
    answer_faults(&call, &sample_faults);
    check_answer(&call, 400,
                 "{\"non_field_errors\":[\"All of it.\"],\"email\":[\"Ensure this field has no more than 5 "
                 "characters.\",\"Enter a valid email address.\"],\"a\\\"b\":[\"\\\"\\ud800\\\" is not a "
                 "valid choice.\"]}");
    answer_detail(&call, 404, SLICE("Not \"found\"."));
    check_answer(&call, 404, "{\"detail\":\"Not \\\"found\\\".\"}");
    answer_non_field_error(&call, SLICE("Twice."));
    check_answer(&call, 400, "{\"non_field_errors\":[\"Twice.\"]}");
    buffer_done(&call.answer);
}
END_TEST

UNIT_MAIN("answer", every_fault_has_its_words, bulk_shows_faults_in_one_line, answers_have_their_shapes)
