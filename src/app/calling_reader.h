/* What reading rules and plans from JSON share: faults with the path of the key, hours, words of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_CALLING_READER_H
#define INLET_APP_CALLING_READER_H

#include "inlet/base/arena.h"
#include "inlet/domain/calling.h"
#include "inlet/schema/field.h"

struct calling_reader {
    struct arena *arena;
    struct faults *faults;
    const struct places *places; /* NULL: no zones are read */
};

/* Adds a fault at WHERE; a sentence for people. */
NODISCARD enum err calling_complain(struct calling_reader *reader, struct slice where, struct slice sentence);

/* WHERE with a key or an index behind it: "rules[3].hours". */
NODISCARD enum err calling_path(struct calling_reader *reader, struct slice where, struct slice key,
                                struct slice *ret_path);
NODISCARD enum err calling_path_item(struct calling_reader *reader, struct slice where, size_t index,
                                     struct slice *ret_path);

/* All below leave *RET as it was, and complain, when the value does not fit. */
NODISCARD enum err calling_read_text(struct calling_reader *reader, struct slice where,
                                     const struct value *value, struct slice *ret_text);
NODISCARD enum err calling_read_integer(struct calling_reader *reader, struct slice where,
                                        const struct value *value, int64_t minimum, int64_t maximum,
                                        int64_t *ret_number);
NODISCARD enum err calling_read_boolean(struct calling_reader *reader, struct slice where,
                                        const struct value *value, bool *ret_boolean);
/* The value of a word, as the vocabulary numbers it. */
NODISCARD enum err calling_read_word(struct calling_reader *reader, struct slice where,
                                     const struct value *value, const struct vocabulary *words,
                                     int *ret_word);
/* ["09:00-12:00", "13:00-20:00"] */
NODISCARD enum err calling_read_day(struct calling_reader *reader, struct slice where,
                                    const struct value *value, struct calling_day *ret_day);
/* {"mon": [...], ...}; weekdays not named have no windows or, where DAILY allows that key, those of "daily". */
NODISCARD enum err calling_read_hours(struct calling_reader *reader, struct slice where,
                                      const struct value *value, bool daily, struct calling_hours *ret_hours);

#endif
