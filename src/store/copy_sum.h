/* A checksum of a table that depends neither on the engine nor on the order of its rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_COPY_SUM_H
#define INLET_STORE_COPY_SUM_H

#include "copy_table.h"
#include "inlet/base/hash.h"

/*
 * DESIGN. A row is written as a string of bytes: for each column, in the order of copy_table.c, one byte 'n' (null), 'i' and the
 * integer in 8 bytes, or 't' (text) or 'b' (blob), the length in 8 bytes and the bytes; numbers big-endian, two's
 * complement. The table's checksum is the sum of the SHA-256 of its rows, taken as 256-bit big-endian numbers, modulo 2^256. A
 * sum, so that collations, which order text differently from engine to engine, do not matter.
 */
struct copy_sum {
    unsigned char total[SHA256_SIZE];
    int64_t rows;
    struct buffer row; /* reused */
};

void copy_sum_init(struct copy_sum *sum);
void copy_sum_done(struct copy_sum *sum);

/* Adds the current row of a statement with all columns of TABLE. ERR_LIMIT: it is larger than any database can hold. */
NODISCARD enum err copy_sum_add(struct copy_sum *sum, const struct copy_table *table,
                                const struct db_statement *row);

bool copy_sum_equal(const struct copy_sum *a, const struct copy_sum *b);

#endif
