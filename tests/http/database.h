/* The database under test, whichever engine keeps it: made, looked into behind the server's back, dropped. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_DATABASE_H
#define INLET_TESTS_HTTP_DATABASE_H

#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATABASE_URL_MAX 400

/* Whether INLET_TEST_POSTGRESQL is set: the connection string of a superuser, on whose server databases are made. */
bool database_on_postgresql(void);

/* A URL for a database of the caller's own: a file in DIRECTORY, which need not be there yet, or a new and empty database of
 * the server. Here and below, what fails ends the program with a message. */
void database_make(const char *directory, char url[DATABASE_URL_MAX]);
/* Drops what was made on a server, whoever uses it; a file is its directory's owner's. */
void database_drop(const char *url);

/* Where the connection string SERVER leads, but to the database that URL names. */
void database_elsewhere(const char *url, const char *server, char ret_url[DATABASE_URL_MAX]);

/* One look into it: all that is read is of the same moment. */
struct database {
    bool is_postgresql;
    void *handle;
};
void database_open(struct database *database, const char *url);
void database_close(struct database *database);

/* The number that a query with the parameters TEXTS ($1, $2, ...) gives. */
int64_t database_number(const struct database *database, const char *sql, const char *const *texts,
                        size_t count);

/* Calls SEE for each row of a query. */
void database_each(const struct database *database, const char *sql,
                   void (*see)(void *context, const struct slice *columns), void *context);

/* Has the engine check its own files. *WHY: what it finds, when that is something. */
bool database_is_sound(const struct database *database, char why[256]);

/* Runs SQL by itself, on PostgreSQL. */
void database_execute(const char *url, const char *sql);

#endif
