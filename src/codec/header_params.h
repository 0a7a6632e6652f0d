/* Headers of the form: word; name=value; name="quoted \"value\"" (Content-Type, Content-Disposition). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_HEADER_PARAMS_H
#define INLET_CODEC_HEADER_PARAMS_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

/* Takes the first word off *REST: what stands before the first ';', trimmed. */
struct slice header_params_word(struct slice *rest);

struct header_param {
    struct slice name;  /* as written */
    struct slice value; /* null when there is no '='; with the escapes of a quoted one undone */
};

/* Takes the next parameter off *REST. ERR_NOT_FOUND: there is none. ERR_MEMORY. Never fails on odd input. */
NODISCARD enum err header_params_next(struct arena *arena, struct slice *rest,
                                      struct header_param *ret_param);

#endif
