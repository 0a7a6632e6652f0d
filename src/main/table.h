/* Rows for people, or as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_TABLE_H
#define INLET_MAIN_TABLE_H

#include "inlet/codec/value.h"

#include <stdbool.h>

/* Prints an array of objects: the members named by COLUMNS (ended by NULL) in aligned columns, or the whole as JSON. Returns
 * the exit status. */
int table_print(const struct value *rows, const char *const *columns, bool as_json);

/* Prints any value as a line of JSON. */
int table_print_json(const struct value *value);

#endif
