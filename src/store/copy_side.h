/* The two databases of a copy: opened, locked, found empty. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_COPY_SIDE_H
#define INLET_STORE_COPY_SIDE_H

#include "copy_table.h"
#include "session.h"

struct copy_side {
    struct db_target *target;
    struct session *session; /* its transaction is the whole copy */
    struct db *db;           /* of the session */
};

/* Opens what is there, with this program's schema, and begins to read. On failure *WHY has a sentence, here and below. */
NODISCARD enum err copy_open_source(struct copy_side *side, const char *url, struct buffer *why);

/* Makes it if need be and begins to write; nobody else can. ERR_CONFLICT: it is not empty. */
NODISCARD enum err copy_open_target(struct copy_side *side, const char *url, struct buffer *why);

/* After the last row: what the engine's planner has to know. */
NODISCARD enum err copy_settle_target(struct copy_side *side, struct buffer *why);

/* Gives up what has not been committed. Also for one that could not be opened. */
void copy_close_side(struct copy_side *side);

/* Returns ERROR; unless *WHY has a sentence already, it gets one: WHAT, the table's name (NULL: none), the engine's words. */
NODISCARD enum err copy_failed(const struct copy_side *side, const char *what, const char *table,
                               enum err error, struct buffer *why);

/* Runs one statement without parameters: see session_run. */
NODISCARD enum err copy_run(struct db *db, const char *sql, bool *ret_found, int64_t *ret_number);

#endif
