/* Request bodies by content type: JSON, form, multipart, into pairs or a value tree. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_BODY_H
#define INLET_CODEC_BODY_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/codec/url.h"

/* A Content-Type header taken apart (RFC 9110 section 8.3). */
struct content_type {
    struct slice media;    /* "application/json", lower case, in the arena */
    struct slice charset;  /* null when not given; quotes removed */
    struct slice boundary; /* likewise */
};

/* Never fails on odd input: what cannot be read is left null. ERR_MEMORY. */
NODISCARD enum err content_type_parse(struct arena *arena, struct slice header,
                                      struct content_type *ret_type);

/*
 * Decodes multipart/form-data (RFC 7578) into pairs in order of appearance, copied into the arena. A part
 * with a filename is a file: its content becomes the value all the same (nothing that was sent is dropped).
 * Bare LF line ends are taken as CRLF; invalid UTF-8 becomes U+FFFD; an empty body has no parts. In a name,
 * \" and \\ are taken as escapes, and %22 %0D %0A, which browsers write for the quote and line ends;
 * name*=UTF-8''... wins over name=. ERR_INVALID with *RET_WHAT (static words for the client) for a body
 * without its boundary, a part without a name and the like; ERR_LIMIT (with *RET_WHAT) over URL_PAIRS_MAX
 * parts; ERR_MEMORY.
 */
NODISCARD enum err multipart_decode(struct arena *arena, struct slice body, struct slice boundary,
                                    struct url_pairs *ret_pairs, const char **ret_what);

#endif
