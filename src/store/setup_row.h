/* How what operators set up is written in rows, where it differs from the structures. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SETUP_ROW_H
#define INLET_STORE_SETUP_ROW_H

#include <stdint.h>

/* lead_type.min_reengagement_days for REENGAGEMENT_NEVER; REENGAGEMENT_UNSET is NULL. */
#define DAYS_NEVER INT64_C(-1)

#endif
