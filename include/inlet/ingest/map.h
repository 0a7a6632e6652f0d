/* Runs a payload through an ingestion config. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_INGEST_MAP_H
#define INLET_INGEST_MAP_H

#include "inlet/ingest/config.h"

/*
 * Makes of PAYLOAD an object in the standard lead format: lead fields by their names, everything else under "metadata". A
 * required target without value is added to FAULTS under the target's name. ERR_INVALID when the payload is no object and
 * the config has no fields to read it with; ERR_MEMORY. The result shares values with the payload.
 */
NODISCARD enum err ingest_map(const struct ingest_config *config, struct arena *arena,
                              const struct value *payload, struct value *ret_lead, struct faults *faults);

#endif
