/* Text that every engine can keep: UTF-8 without NUL bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_TEXT_H
#define INLET_STORE_TEXT_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>

/* PostgreSQL refuses any other; SQLite would take it, and then differ. */
bool text_is_clean(struct slice text);

/* TEXT with U+FFFD for each byte that cannot be kept, in ARENA; TEXT itself when there is none. ERR_MEMORY. */
NODISCARD enum err text_clean(struct arena *arena, struct slice text, struct slice *ret_text);

#endif
