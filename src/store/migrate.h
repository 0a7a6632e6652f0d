/* Brings a database's schema to this program's version. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_MIGRATE_PRIVATE_H
#define INLET_STORE_MIGRATE_PRIVATE_H

#include "inlet/base/buffer.h"
#include "inlet/store/migrate.h"
#include "session.h"

#include <stdbool.h>

/* Compares what was applied with MIGRATIONS (COUNT of them, by number); with APPLY runs those that are missing, each in a
 * transaction of its own. ERR_TOO_NEW: the database has one that is not among them, or that had another text. ERR_CONFIG:
 * some are missing and APPLY is false. On failure *WHY has a sentence. */
NODISCARD enum err migrate(struct session *session, const struct migration *migrations, size_t count,
                           bool apply, struct buffer *why);

#endif
