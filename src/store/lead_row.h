/* Leads to and from rows: the one place that knows the order of the columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_LEAD_ROW_H
#define INLET_STORE_LEAD_ROW_H

#include "db.h"
#include "inlet/base/arena.h"
#include "inlet/domain/lead.h"

/* The parameter after those of lead_row_bind. */
#define LEAD_ROW_NEXT 26

/* How LEAD_DNC in queries.def puts the two flags of a number into one. */
#define DNC_CALLS    INT64_C(1)
#define DNC_MESSAGES INT64_C(2)

/* Binds LEAD_KEYS of queries.def to $1 and on. */
void lead_row_bind(struct db_statement *statement, const struct lead *lead);

/* Copies the current row of a LEAD_SELECT into ARENA. ERR_MEMORY. */
NODISCARD enum err lead_row_read(const struct db_statement *statement, struct arena *arena,
                                 struct lead *ret_lead);

/* Steps a bound statement that finds at most one lead. ERR_NOT_FOUND. */
NODISCARD enum err lead_row_find(struct db_statement *statement, struct arena *arena, struct lead *ret_lead);

#endif
