/* JSON that jansson does not take, in a spelling that it does. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_JIN_MEND_H
#define INLET_CODEC_JIN_MEND_H

#include "inlet/base/buffer.h"
#include "inlet/codec/jin.h"

/*
 * DESIGN: inside strings the noncharacter U+FDD0 becomes an escape character of ours, which the tree
 * conversion undoes:
 *   \u0000, lone \uD800…     mark and four lower-case hex digits
 *   U+FDD0 itself            twice the mark
 *   a raw control character  \u00XX, if the options ask for it
 *   a number too large       an array of one string: mark, 'i' or 'r', the number's text. No other string
 *                            begins so, and as an array it is out of place wherever the number was
 * All else is copied byte by byte, so that what was not JSON stays no JSON.
 */
#define JIN_MARK      "\xEF\xB7\x90"
#define JIN_MARK_UNIT 0xFDD0

/* Appends the mended TEXT to COPY, which must be as large as JIN_MENDED_MAX(TEXT.n) allows. ERR_MEMORY. */
NODISCARD enum err jin_mend(struct slice text, bool repair_newlines, struct buffer *copy);

/* The worst: raw control characters, one byte to six. */
#define JIN_MENDED_MAX(length) ((length)*6 + 16)

/* Undoes it for a string of the tree: writes at most TEXT.n bytes to OUT, returns how many. */
size_t jin_unmend(struct slice text, char *out);

#endif
