/* A growing run of bytes that cannot grow without bound. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_BUFFER_H
#define INLET_BASE_BUFFER_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>

/*
 * The cap is given when the buffer is made, so no unbounded one can exist. The first failure sticks: appends may be
 * chained without a check each, buffer_error tells at the end. OWNERSHIP: buffer_done frees.
 */
struct buffer {
    char *data;
    size_t length, capacity, max;
    enum err error;
};

/* As an initializer, so that a buffer with CLEANUP(buffer_done) is never without one:
 * struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(TEXT_MAX); */
#define BUFFER_INIT(cap)                                                                                     \
    {                                                                                                        \
        .max = (cap)                                                                                         \
    }

void buffer_init(struct buffer *buffer, size_t max);
void buffer_done(struct buffer *buffer);

/* Empties it and keeps its memory; the error goes too. */
void buffer_clear(struct buffer *buffer);

/* Room for EXTRA bytes more at once. Errors (also kept in the buffer): ERR_LIMIT over the cap, ERR_MEMORY. */
enum err buffer_reserve(struct buffer *buffer, size_t extra);

enum err buffer_append(struct buffer *buffer, struct slice s);
enum err buffer_append_byte(struct buffer *buffer, char byte);
enum err buffer_append_text(struct buffer *buffer, const char *text);
enum err buffer_print(struct buffer *buffer, const char *format, ...) PRINTF(2, 3);

static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return slice_of(buffer->data ? buffer->data : "", buffer->length);
}

static inline enum err buffer_error(const struct buffer *buffer)
{
    return buffer->error;
}

#endif
