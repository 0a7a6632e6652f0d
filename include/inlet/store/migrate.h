/* Schema versions: numbered migrations, embedded in the program, applied once each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_MIGRATE_H
#define INLET_STORE_MIGRATE_H

#include <stddef.h>

/* One migration of an engine, as embedded. */
struct migration {
    int number;
    const char *name;     /* "initial" */
    const char *engine;   /* "sqlite" or "pg" */
    const char *checksum; /* SHA-256 of its text, hex */
    const char *sql;
};

/* Those of ENGINE in order of their numbers; *RET_COUNT of them. */
const struct migration *migrations_of(const char *engine, size_t *ret_count);

#endif
