/* Prints rows in columns as wide as their widest cell. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "command.h"

#include <stdio.h>

#define COLUMNS_MAX 12
#define CELL_MAX    ((size_t)4096)
#define OUTPUT_MAX  ((size_t)256 << 20)

int table_print_json(const struct value *value)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(OUTPUT_MAX);
    struct jout jout;
    jout_init(&jout, &text);
    jout_value(&jout, value);
    if (buffer_append_byte(&text, '\n') != ERR_OK) {
        complain("%s", err_text(buffer_error(&text)));
        return EXIT_FAILED;
    }
    return fwrite(text.data, 1, text.length, stdout) == text.length ? EXIT_DONE : EXIT_FAILED;
}

/* A cell's text: strings bare, null as nothing, control characters as '?' so that a name cannot play with the terminal. */
static void write_cell(const struct value *value, struct buffer *cell)
{
    struct jout jout;
    buffer_clear(cell);
    if (!value || value->kind == VALUE_NULL)
        return;
    if (value->kind != VALUE_STRING) {
        jout_init(&jout, cell);
        jout_value(&jout, value);
        return;
    }
    for (size_t i = 0; i < value->text.n; i++) {
        unsigned char c = (unsigned char)value->text.p[i];
        buffer_append_byte(cell, c < 0x20 || c == 0x7F ? '?' : (char)c);
    }
}

static size_t width_of(const struct buffer *cell)
{
    return slice_code_points(buffer_slice(cell));
}

int table_print(const struct value *rows, const char *const *columns, bool as_json)
{
    struct buffer cell CLEANUP(buffer_done) = BUFFER_INIT(CELL_MAX);
    size_t widths[COLUMNS_MAX] = {0}, count = 0;
    if (as_json)
        return table_print_json(rows);
    for (; count < COLUMNS_MAX && columns[count]; count++)
        widths[count] = strlen(columns[count]);
    for (size_t row = 0; row < rows->array.count; row++) {
        for (size_t i = 0; i < count; i++) {
            write_cell(value_get(&rows->array.items[row], slice_from(columns[i])), &cell);
            if (width_of(&cell) > widths[i])
                widths[i] = width_of(&cell);
        }
    }
    for (size_t i = 0; i < count; i++)
        printf("%-*s%s", i + 1 < count ? (int)widths[i] : 0, columns[i], i + 1 < count ? "  " : "\n");
    for (size_t row = 0; row < rows->array.count; row++) {
        for (size_t i = 0; i < count; i++) {
            write_cell(value_get(&rows->array.items[row], slice_from(columns[i])), &cell);
            int padding = i + 1 < count ? (int)(widths[i] - width_of(&cell)) : 0;
            printf("%.*s%*s%s", (int)cell.length, cell.data ? cell.data : "", padding, "",
                   i + 1 < count ? "  " : "\n");
        }
    }
    return EXIT_DONE;
}
