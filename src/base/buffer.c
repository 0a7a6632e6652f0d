/* The capped buffer: doubles until its cap, remembers its first failure. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/buffer.h"

#include "inlet/base/mem.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_CAPACITY 512

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

void buffer_done(struct buffer *buffer)
{
    mem_free(buffer->data);
    buffer_init(buffer, buffer->max);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->error = ERR_OK;
}

static enum err fail(struct buffer *buffer, enum err error)
{
    if (buffer->error == ERR_OK)
        buffer->error = error;
    return buffer->error;
}

enum err buffer_reserve(struct buffer *buffer, size_t extra)
{
    if (buffer->error != ERR_OK)
        return buffer->error;
    if (extra > buffer->max - buffer->length)
        return fail(buffer, ERR_LIMIT);
    size_t need = buffer->length + extra;
    if (need <= buffer->capacity)
        return ERR_OK;
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < need)
        capacity = capacity > buffer->max / 2 ? buffer->max : capacity * 2;
    if (capacity > buffer->max)
        capacity = buffer->max;
    char *data = mem_resize(buffer->data, capacity);
    if (!data)
        return fail(buffer, ERR_MEMORY);
    buffer->data = data;
    buffer->capacity = capacity;
    return ERR_OK;
}

enum err buffer_append(struct buffer *buffer, struct slice s)
{
    TRY(buffer_reserve(buffer, s.n));
    if (s.n > 0)
        memcpy(buffer->data + buffer->length, s.p, s.n);
    buffer->length += s.n;
    return ERR_OK;
}

enum err buffer_append_byte(struct buffer *buffer, char byte)
{
    if (buffer->length < buffer->capacity && buffer->error == ERR_OK) {
        buffer->data[buffer->length++] = byte;
        return ERR_OK;
    }
    return buffer_append(buffer, slice_of(&byte, 1));
}

enum err buffer_append_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, slice_from(text));
}

enum err buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    enum err error = length < 0 ? fail(buffer, ERR_INTERNAL) : ERR_OK;
    if (error == ERR_OK)
        error = buffer_reserve(buffer, (size_t)length + 1); /* vsnprintf ends with a NUL */
    if (error == ERR_OK) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    return error;
}
