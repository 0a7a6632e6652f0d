/* Percent-encoding, query strings and the bodies of HTML forms (application/x-www-form-urlencoded). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_URL_H
#define INLET_CODEC_URL_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>

/* One name and value of a query or form, decoded. */
struct url_pair {
    struct slice name, value;
};

struct url_pairs {
    struct url_pair *pairs;
    size_t count;
};

/* More pairs than this are refused (ERR_LIMIT), as Django does with DATA_UPLOAD_MAX_NUMBER_FIELDS. Like it,
 * what '&' separates is counted, empty or not. */
#define URL_PAIRS_MAX 1000

/* Decodes a=1&b=%20+x as Python's parse_qsl(keep_blank_values=True) reads it: '+' is a blank, "%zz" stays as
 * it is, empty parts vanish, a part without '=' has the empty value; invalid UTF-8 becomes U+FFFD. ERR_LIMIT,
 * ERR_MEMORY. */
NODISCARD enum err url_decode_pairs(struct arena *arena, struct slice text, struct url_pairs *ret_pairs);

/* Percent-decodes one path segment ('+' stays; invalid UTF-8 becomes U+FFFD). ERR_INVALID for an encoded NUL,
 * CR or LF, ERR_MEMORY. */
NODISCARD enum err url_decode_segment(struct arena *arena, struct slice segment, struct slice *ret_text);

/* The LAST value of NAME, as Django's QueryDict.get gives it; a null slice when there is none. */
struct slice url_pairs_get(const struct url_pairs *pairs, struct slice name);

/* Appends TEXT as Python's quote_plus writes it: letters, digits and _.-~ bare, blank as '+', else %XX. */
enum err url_encode_plus(struct buffer *buffer, struct slice text);

#endif
