/* The migrations as the build embeds them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_MIGRATIONS_EMBEDDED_H
#define INLET_STORE_MIGRATIONS_EMBEDDED_H

#include <stddef.h>

struct migration_text {
    int number;
    const char *name, *engine, *checksum, *sql;
};

/* By number; ends with number 0. */
extern const struct migration_text migration_texts[];

#endif
