/* Text in other character sets, into UTF-8. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_CHARSET_H
#define INLET_BASE_CHARSET_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

/* TEXT, which is in CHARSET ("iso-8859-1", any name iconv knows), as UTF-8 in ARENA. UTF-8 comes back as it is,
 * unchecked. ERR_NOT_FOUND: no such character set; ERR_INVALID: TEXT is not in it; ERR_MEMORY. */
NODISCARD enum err charset_to_utf8(struct arena *arena, struct slice charset, struct slice text,
                                   struct slice *ret_text);

#endif
