/* Structured log: one line per event to standard error, as JSON or as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_LOG_H
#define INLET_BASE_LOG_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_JSON, LOG_TEXT };

/* One key of an event. The text is escaped when printed, so client bytes are safe in it; personal data, tokens and
 * bodies do not belong into the log at all. */
struct log_field {
    const char *key;
    enum { LOG_FIELD_TEXT, LOG_FIELD_INTEGER, LOG_FIELD_REAL } kind;
    struct slice text;
    int64_t integer;
    double real;
};

#define LOG_TEXT_FIELD(name, slice)                                                                          \
    {                                                                                                        \
        .key = (name), .kind = LOG_FIELD_TEXT, .text = (slice)                                               \
    }
#define LOG_INTEGER_FIELD(name, number)                                                                      \
    {                                                                                                        \
        .key = (name), .kind = LOG_FIELD_INTEGER, .integer = (number)                                        \
    }
#define LOG_REAL_FIELD(name, number)                                                                         \
    {                                                                                                        \
        .key = (name), .kind = LOG_FIELD_REAL, .real = (number)                                              \
    }

/* Sets how and from which level on events are written. Before threads start; default text, info. */
void log_configure(enum log_format format, enum log_level level);

/* Writes to the file at PATH (made with mode 0640, appended to) instead of standard error; NULL: standard error.
 * ERR_SYSTEM. log_reopen opens the same path again (after a rotation); errors keep the old file. */
NODISCARD enum err log_to_file(const char *path);
NODISCARD enum err log_reopen(void);

/* Whether an event of LEVEL would be written. */
_Bool log_wants(enum log_level level);

/* Writes one event: EVENT is a short constant sentence ("request", "cannot open the database"). Any thread; the line
 * goes out in one write, so lines never mix. */
void log_event(enum log_level level, const char *event, const struct log_field *fields, size_t count);

/* The common case: LOG(LOG_INFO, "listening", LOG_TEXT_FIELD("address", address)). */
#define LOG(level, event, ...)                                                                               \
    do {                                                                                                     \
        const struct log_field log_fields_[] = {__VA_ARGS__};                                                \
        log_event((level), (event), log_fields_, sizeof(log_fields_) / sizeof(log_fields_[0]));              \
    } while (0)

#endif
