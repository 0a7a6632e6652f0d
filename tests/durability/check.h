/* Counts what held and what did not. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_CHECK_H
#define INLET_TESTS_DURABILITY_CHECK_H

#include "inlet/base/compiler.h"

#include <stdbool.h>

/* One expectation; it is printed when it does not hold. Returns HOLDS. */
bool check(bool holds, const char *format, ...) PRINTF(2, 3);

/* Prints the sums; returns the exit status of the program. */
int check_end(void);

#endif
