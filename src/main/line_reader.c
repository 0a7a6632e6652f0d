/* Reads as much as there is, gives it out line by line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "line_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void line_reader_init(struct line_reader *reader, int fd)
{
    reader->fd = fd;
    reader->ended = false;
    reader->at = reader->until = 0;
}

static struct slice rest(const struct line_reader *reader)
{
    return slice_of(reader->data + reader->at, reader->until - reader->at);
}

bool line_reader_ready(const struct line_reader *reader)
{
    return reader->ended || memchr(rest(reader).p, '\n', rest(reader).n);
}

static enum err read_more(struct line_reader *reader)
{
    ssize_t got;
    memmove(reader->data, rest(reader).p, rest(reader).n);
    reader->until = rest(reader).n;
    reader->at = 0;
    do {
        got = read(reader->fd, reader->data + reader->until, sizeof(reader->data) - reader->until);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return ERR_IO;
    reader->until += (size_t)got;
    reader->ended = got == 0;
    return ERR_OK;
}

enum err line_reader_next(struct line_reader *reader, struct slice *ret_line)
{
    bool too_long = false;
    while (!line_reader_ready(reader)) {
        if (rest(reader).n > LINE_MAX_BYTES) {
            too_long = true;
            reader->at = reader->until;
        }
        TRY(read_more(reader));
    }
    struct slice line = rest(reader);
    size_t length = slice_find(line, '\n');
    if (line.n == 0 && !too_long)
        return ERR_NOT_FOUND;
    reader->at += length < line.n ? length + 1 : length;
    if (too_long || length > LINE_MAX_BYTES)
        return ERR_LIMIT;
    *ret_line = slice_head(line, length);
    return ERR_OK;
}
