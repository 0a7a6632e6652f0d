/* Every row of a table, in pages. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_COPY_SCAN_H
#define INLET_STORE_COPY_SCAN_H

#include "copy_table.h"

/* What to do with one row: the columns are those of the table's list. An error ends the scan and is returned. */
typedef enum err copy_row(void *context, const struct db_statement *row);

/* Calls ROW for every row, in order of the primary key as the engine sees it, inside of the transaction of DB. Each page begins
 * behind the last key of the one before: the millionth row costs what the first one does. */
NODISCARD enum err copy_scan(struct db *db, const struct copy_table *table, copy_row *row, void *context);

#endif
