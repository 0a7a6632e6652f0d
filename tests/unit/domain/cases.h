/* Reads tests/cases/<name>.tsv: lines of columns with tabs between them, and escapes in the last one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_CASES_H
#define INLET_TESTS_CASES_H

#include "inlet/base/slice.h"
#include "unit.h"

#include <stdio.h>

#define CASES_COLUMNS_MAX 5
#define CASES_LINE_MAX    4096

struct cases {
    FILE *file;
    char line[CASES_LINE_MAX];
    unsigned number; /* of the line, from 1 */
};

/* Aborts the test when there is no such file: no case has been tried then. */
static inline void cases_open(struct cases *cases, const char *name)
{
    char path[CASES_LINE_MAX];
    snprintf(path, sizeof(path), "%s/tests/cases/%s", INLET_SOURCE_DIR, name);
    cases->file = fopen(path, "r");
    cases->number = 0;
    ck_assert_msg(cases->file != NULL, "cannot read %s", path);
}

static inline int cases_hex(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* Replaces \t \n \r \\ \xHH where they stand. */
static inline struct slice cases_unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        switch (*++from) {
        case 't': *to++ = '\t'; break;
        case 'n': *to++ = '\n'; break;
        case 'r': *to++ = '\r'; break;
        case '\\': *to++ = '\\'; break;
        case 'x':
            *to++ = (char)(cases_hex(from[1]) << 4 | cases_hex(from[2]));
            from += 2;
            break;
        default: ck_abort_msg("unknown escape \\%c", *from);
        }
    }
    return slice_of(text, (size_t)(to - text));
}

/* The next case as exactly COUNT columns; false, and the file closed, at the end. Lines that start with '#'
 * are comments. */
static inline _Bool cases_next(struct cases *cases, size_t count, struct slice columns[CASES_COLUMNS_MAX])
{
    while (fgets(cases->line, sizeof(cases->line), cases->file)) {
        cases->number++;
        if (cases->line[0] == '#')
            continue;
        char *at = cases->line;
        at[strcspn(at, "\n")] = '\0';
        for (size_t i = 0; i + 1 < count; i++) {
            char *tab = strchr(at, '\t');
            ck_assert_msg(tab != NULL, "line %u has too few columns", cases->number);
            columns[i] = slice_of(at, (size_t)(tab - at));
            at = tab + 1;
        }
        columns[count - 1] = cases_unescape(at);
        return 1;
    }
    fclose(cases->file);
    return 0;
}

#endif
