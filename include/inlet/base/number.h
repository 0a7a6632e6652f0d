/* Numbers and their text: strict parsing, shortest round-trip printing. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_NUMBER_H
#define INLET_BASE_NUMBER_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stddef.h>
#include <stdint.h>

/* Decimal digits with an optional '-', nothing else. ERR_INVALID for other text, ERR_LIMIT outside of 64 bits. */
NODISCARD enum err number_parse_int64(struct slice text, int64_t *ret_number);

/* As above without a sign, up to MAX. */
NODISCARD enum err number_parse_unsigned(struct slice text, uint64_t max, uint64_t *ret_number);

#define NUMBER_TEXT_MAX 32

/* The shortest decimal text that reads back as the same double, in Python's repr() form: 0.1, 1e-07, 1e+16, 12.0, inf, nan.
 * Returns its length; TEXT ends with NUL. */
size_t number_format_real(double number, char text[NUMBER_TEXT_MAX]);

/* Decimal text of an integer. Returns its length; TEXT ends with NUL. */
size_t number_format_int64(int64_t number, char text[NUMBER_TEXT_MAX]);

#endif
