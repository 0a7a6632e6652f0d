/* Properties of characters, from the Unicode database. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_UNICODE_H
#define INLET_BASE_UNICODE_H

#include <stdbool.h>

/* Whether Python's str.isprintable() holds: no control, format, surrogate, private-use or unassigned character, and no
 * separator but the blank. */
bool unicode_is_printable(unsigned code_point);

/* The value of a decimal digit of any script (Python's int() reads them all), -1 for anything else. */
int unicode_digit(unsigned code_point);

/* Whether it is a letter or a number of any script (Python's str.isalnum()). */
bool unicode_is_alphanumeric(unsigned code_point);

/* Whether Python's str.isspace() holds: what str.strip() and str.split() take for white space. */
bool unicode_is_blank(unsigned code_point);

#endif
