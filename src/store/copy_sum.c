/* Adds up hashes of rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "copy_sum.h"

#include <string.h>

#define ROW_MAX ((size_t)2 << 30)

void copy_sum_init(struct copy_sum *sum)
{
    *sum = (struct copy_sum){0};
    buffer_init(&sum->row, ROW_MAX);
}

void copy_sum_done(struct copy_sum *sum)
{
    buffer_done(&sum->row);
}

static void put_number(struct buffer *row, char kind, uint64_t number)
{
    char bytes[9] = {kind};
    for (int i = 0; i < 8; i++)
        bytes[i + 1] = (char)(unsigned char)(number >> (56 - 8 * i));
    buffer_append(row, slice_of(bytes, sizeof(bytes)));
}

static void put_column(struct buffer *row, enum copy_kind kind, const struct db_statement *statement,
                       int column)
{
    if (db_column_is_null(statement, column)) {
        buffer_append_byte(row, 'n');
    } else if (kind == COPY_INTEGER) {
        put_number(row, 'i', (uint64_t)db_column_integer(statement, column));
    } else {
        struct slice bytes = db_column_bytes(statement, column);
        put_number(row, kind == COPY_TEXT ? 't' : 'b', bytes.n);
        buffer_append(row, bytes);
    }
}

static void add(unsigned char total[SHA256_SIZE], const unsigned char digest[SHA256_SIZE])
{
    unsigned carry = 0;
    for (int i = SHA256_SIZE - 1; i >= 0; i--) {
        carry += (unsigned)total[i] + digest[i];
        total[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

enum err copy_sum_add(struct copy_sum *sum, const struct copy_table *table, const struct db_statement *row)
{
    unsigned char digest[SHA256_SIZE];
    buffer_clear(&sum->row);
    for (int i = 0; table->columns[i].name; i++)
        put_column(&sum->row, table->columns[i].kind, row, i);
    TRY(buffer_error(&sum->row));
    hash_sha256(buffer_slice(&sum->row), digest);
    add(sum->total, digest);
    sum->rows++;
    return ERR_OK;
}

bool copy_sum_equal(const struct copy_sum *a, const struct copy_sum *b)
{
    return a->rows == b->rows && memcmp(a->total, b->total, sizeof(a->total)) == 0;
}
