/* What URLs, forms and multipart bodies share: percent-decoding, and making bytes valid UTF-8. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_PERCENT_H
#define INLET_CODEC_PERCENT_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>

/* The byte that %XX at the start of TEXT stands for, or -1 when there is none. */
int percent_byte(struct slice text);

/* Decodes %XX (and '+' to a blank if PLUS), then as utf8_repair. The result is in the arena. ERR_MEMORY. */
NODISCARD enum err percent_decode(struct arena *arena, struct slice text, bool plus, struct slice *ret_text);

/* TEXT itself when it is UTF-8, else a copy with U+FFFD for what is not, as many as Python's errors="replace"
 * writes (one for each maximal piece of a sequence). ERR_MEMORY. */
NODISCARD enum err utf8_repair(struct arena *arena, struct slice text, struct slice *ret_text);

#endif
