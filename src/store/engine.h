/* Which engine a URL names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_ENGINE_H
#define INLET_STORE_ENGINE_H

#include "db.h"

/* *RET_PATH is what its driver takes for a path, within URL. ERR_CONFIG with a sentence. */
NODISCARD enum err engine_of(const char *url, const struct db_driver **ret_driver, const char **ret_path,
                             struct buffer *why);

#endif
