/* Moves a whole installation from one database to another, of any engine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_COPY_H
#define INLET_STORE_COPY_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* How far it is: called when a table begins, about once a second while it goes on, and when it ends. */
struct copy_progress {
    const char *table;
    int64_t rows, total; /* of this table; the total may be a guess, 0: unknown */
    bool checking;       /* reading back, not copying */
};

struct copy_options {
    const char *from, *to;                                                 /* as store_options.url */
    void (*progress)(void *context, const struct copy_progress *progress); /* may be NULL */
    void *context;
};

#define COPY_TABLES_MAX 32

/* What was found in both databases at the end, table by table. */
struct copy_report {
    struct {
        const char *table;
        int64_t rows;
        char checksum[65]; /* over all rows, the same for every engine and order (copy_sum.h), in hex */
    } tables[COPY_TABLES_MAX];
    int table_count;
};

/*
 * Copies every row of every table, in one snapshot of the source and one transaction of the target: the target gets all or
 * nothing. Before that is committed, the target is read back, and counts and checksums are compared. The target is made
 * where it is a missing file, and brought to this program's schema; it must not hold anything but what a new installation
 * holds. The source's schema must be this program's. ERR_CONFLICT: the target is not empty; ERR_CORRUPT: what was read back
 * differs; ERR_INVALID: a text that the target's engine cannot hold; ERR_COMMIT_UNKNOWN: all or nothing, but nobody knows
 * which; otherwise what store_open says. On failure *WHY has a sentence.
 */
NODISCARD enum err store_copy(const struct copy_options *options, struct copy_report *ret_report,
                              struct buffer *why);

#endif
