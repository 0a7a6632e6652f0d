/* Field tables: what a payload may hold, declared once, decoded, checked and reported in full. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SCHEMA_FIELD_H
#define INLET_SCHEMA_FIELD_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/optional.h"
#include "inlet/base/slice.h"
#include "inlet/base/timezone.h"
#include "inlet/base/vocabulary.h"
#include "inlet/codec/url.h"
#include "inlet/codec/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The coercions are those of the Django REST framework fields named beside each. */
enum field_kind {
    FIELD_TEXT,    /* CharField → optional_text */
    FIELD_INTEGER, /* IntegerField → optional_integer; beyond 64 bits it is held at their end */
    FIELD_KEY,     /* PrimaryKeyRelatedField → optional_integer */
    FIELD_CHOICE,  /* ChoiceField → optional_choice */
    FIELD_BOOLEAN, /* BooleanField → optional_boolean */
    FIELD_TIME,    /* DateTimeField → optional_time */
    FIELD_OBJECT,  /* DictField → optional_value */
    FIELD_LIST,    /* ListField of anything → optional_value */
    FIELD_ANY      /* JSONField → optional_value */
};

enum field_flags {
    FIELD_REQUIRED = 1,
    FIELD_NULL = 2, /* null is allowed */
    FIELD_BLANK = 4 /* "" is allowed; for a choice it comes back as index 0 */
};

/* Everything that can be wrong with a field. The dialect that asked finds the words. */
enum fault_kind {
    FAULT_REQUIRED,
    FAULT_NULL,
    FAULT_BLANK,
    FAULT_NOT_TEXT,
    FAULT_TOO_LONG, /* limit: how many characters */
    FAULT_NULL_CHARACTER,
    FAULT_SURROGATE, /* limit: the code point */
    FAULT_NOT_INTEGER,
    FAULT_INTEGER_TEXT_TOO_LONG,
    FAULT_TOO_SMALL,   /* limit: the least value */
    FAULT_TOO_LARGE,   /* limit: the largest value */
    FAULT_NOT_KEY,     /* input: the Python name of the type */
    FAULT_KEY_UNKNOWN, /* input: the key as sent */
    FAULT_NOT_CHOICE,  /* input: the value as Python prints it */
    FAULT_NOT_BOOLEAN,
    FAULT_TIME_FORMAT,
    FAULT_TIME_MISSING, /* no such local time, or two: input: the time zone */
    FAULT_TIME_RANGE,
    FAULT_NOT_OBJECT, /* input: the Python name of the type */
    FAULT_NOT_LIST,   /* likewise */
    FAULT_NOT_EMAIL,
    FAULT_NOT_PHONE,
    FAULT_OTHER /* input: a whole sentence */
};

struct fault {
    struct slice
        field; /* its name, or what stands for the whole ("non_field_errors", a dialect's matter): null slice */
    enum fault_kind kind;
    struct slice input;
    int64_t limit;
};

/* Faults in the order they were found; all of a field's stand together. */
struct faults {
    struct arena *arena;
    struct fault *items;
    size_t count, capacity;
};

void faults_init(struct faults *faults, struct arena *arena);
NODISCARD enum err faults_add(struct faults *faults, struct fault fault);

/* What decoding needs from outside. */
struct schema_context {
    struct arena *arena;
    const struct timezone *timezone; /* of date-times without an offset */
    bool partial;                    /* a PATCH: nothing is required, absent fields stay absent */
    void *lookup;                    /* for the field's check() and exists() */
};

struct field {
    const char *name;
    enum field_kind kind;
    unsigned flags;
    size_t offset;                    /* of the optional_… in the structure that is filled */
    size_t length_max;                /* TEXT: in code points; 0: any */
    const struct vocabulary *choices; /* CHOICE */
    bool has_minimum, has_maximum;
    int64_t minimum, maximum; /* INTEGER */

    /* TEXT: a check of meaning, after the others; it may replace the text. Returns true when the text is good; otherwise
     * *RET_FAULT says what is wrong. NULL: none. */
    bool (*check)(const struct schema_context *context, struct slice text, struct slice *ret_text,
                  enum fault_kind *ret_fault);
    enum fault_kind
        not_text; /* what FIELD_TEXT reports for a value that is no text; 0 (FAULT_REQUIRED) means NOT_TEXT */
    bool check_always; /* run check even when another check of the text has failed (DRF's validators) */

    /* KEY: whether a row of that id may be named. */
    bool (*exists)(void *lookup, int64_t id);
};

struct field_table {
    const struct field *fields;
    size_t count;
};

/* A payload: a JSON object, or the pairs of a form (then `object` is NULL). */
struct schema_input {
    const struct value *object;
    const struct url_pairs *pairs;
    bool
        blank_is_null; /* "" in an object stands for null where null is allowed and blank is not, as in a form */
};

/*
 * Decodes INPUT into the structure TARGET (which the caller has cleared) by TABLE. Faults of all fields are collected; the
 * decoding itself fails only with ERR_MEMORY. A form's absent and empty fields follow DRF's rules for HTML input.
 */
NODISCARD enum err schema_decode(const struct field_table *table, const struct schema_context *context,
                                 const struct schema_input *input, void *target, struct faults *faults);

/* Whether a key is one of the table's (then it is no unknown key). */
const struct field *schema_find(const struct field_table *table, struct slice name);

/* The members of INPUT that no field of the tables takes, as an object; of a form's repeated keys the last value.
 * ALSO (may be NULL) is a second table. ERR_MEMORY. */
NODISCARD enum err schema_unknown(const struct field_table *table, const struct field_table *also,
                                  struct arena *arena, const struct schema_input *input,
                                  struct value *ret_object);

/* Appends VALUE as Python's str() prints it ("True", "[1, 'x']", "{'a': None}"): DRF's messages show values so. */
enum err python_text(struct buffer *buffer, const struct value *value);

/* Parses as Python's int(str): blanks around, a sign, digits with single underscores between. ERR_INVALID, ERR_LIMIT
 * (beyond 64 bits). */
NODISCARD enum err python_int(struct slice text, int64_t *ret_number);

#endif
