/* Lines of a file or pipe, in bounded memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_LINE_READER_H
#define INLET_MAIN_LINE_READER_H

#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define LINE_MAX_BYTES 65536

/* OWNERSHIP: nothing but its own bytes; the descriptor stays the caller's. */
struct line_reader {
    int fd;
    bool ended;       /* there is nothing more to read */
    size_t at, until; /* what was read and not yet taken */
    char data[2 * LINE_MAX_BYTES];
};

void line_reader_init(struct line_reader *reader, int fd);

/* Whether the next line is here: asking for it then does not wait. */
bool line_reader_ready(const struct line_reader *reader);

/* The next line without its '\n', good until the next call. ERR_LIMIT: it has more than LINE_MAX_BYTES and was skipped.
 * ERR_NOT_FOUND: there are no more lines. ERR_IO. */
NODISCARD enum err line_reader_next(struct line_reader *reader, struct slice *ret_line);

#endif
