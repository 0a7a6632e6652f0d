/* PostgreSQL servers of a test's own, which may be taken away. Durable: they flush what they commit. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_POSTGRESQL_H
#define INLET_TESTS_DURABILITY_POSTGRESQL_H

#include "database.h"

struct postgresql {
    char directory[256];
    char url[DATABASE_URL_MAX]; /* of its superuser */
};

/* Starts one; from here on databases are made there (database.h). What fails here and below ends the program. A server
 * ends with the process that started it. */
void postgresql_start(struct postgresql *server);
/* Starts one that follows PRIMARY, which from here on commits nothing that the new one has not got on disk. */
void postgresql_follow(struct postgresql *standby, const struct postgresql *primary);
/* Stops it and removes it. */
void postgresql_stop(struct postgresql *server);

/* Stops it as a power cut would; starts it again. */
void postgresql_crash(const struct postgresql *server);
void postgresql_resume(const struct postgresql *server);

/* Makes a standby a primary that waits for no other standby. */
void postgresql_promote(const struct postgresql *standby);

#endif
