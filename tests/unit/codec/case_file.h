/* Tables of cases in text files: a case a line, tabs between columns, <xx> a byte in hex, "# " a remark. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_CASE_FILE_H
#define INLET_TESTS_CASE_FILE_H

#include "inlet/base/slice.h"
#include "unit.h"

#include <stdio.h>

#define CASE_COLUMNS_MAX 4
#define CASE_LINE_MAX    4096

struct case_line {
    int number; /* from 1 */
    char text[CASE_LINE_MAX];
    struct slice columns[CASE_COLUMNS_MAX];
    size_t count;
};

static inline FILE *case_file_open(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/tests/cases/%s", INLET_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    return file;
}

/* The value of a hex digit. */
static inline int case_hex(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = strchr(digits, c);
    ck_assert_msg(c != '\0' && at != NULL, "no hex digit: %c", c);
    return (int)((at - digits) % 16);
}

/* Replaces each <xx> in place; returns the new length. */
static inline size_t case_unescape(char *text, size_t length)
{
    size_t to = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '<' && i + 3 < length && text[i + 3] == '>') {
            text[to++] = (char)(case_hex(text[i + 1]) << 4 | case_hex(text[i + 2]));
            i += 3;
        } else {
            text[to++] = text[i];
        }
    }
    return to;
}

/* The next case; false at the end. Set LINE->number to 0 before the first. */
static inline bool case_file_next(FILE *file, struct case_line *line)
{
    do {
        line->number++;
        if (!fgets(line->text, sizeof(line->text), file))
            return false;
    } while (line->text[0] == '#' && line->text[1] == ' ');
    struct slice rest = slice_of(line->text, strcspn(line->text, "\n"));
    ck_assert_uint_lt(rest.n, CASE_LINE_MAX - 1);
    line->count = 0;
    while (!slice_is_null(rest)) {
        ck_assert_uint_lt(line->count, CASE_COLUMNS_MAX);
        struct slice column = slice_cut(rest, '\t', &rest);
        char *text = line->text + (column.p - line->text);
        line->columns[line->count++] = slice_of(text, case_unescape(text, column.n));
    }
    return true;
}

#endif
