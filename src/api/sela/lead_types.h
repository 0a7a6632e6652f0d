/* Lead types on the wire, for the administration as well. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_SELA_LEAD_TYPES_H
#define INLET_API_SELA_LEAD_TYPES_H

#include "inlet/codec/jout.h"
#include "inlet/http/call.h"
#include "inlet/store/setup.h"

/* As documented; who may administer sees min_reengagement_days and calling too. */
void lead_type_write(struct jout *jout, const struct call *call, const struct lead_type *lead_type);

/* The lead type whose id stands in the call's path, of the principal's organization; NULL. */
const struct lead_type *lead_type_of_path(struct call *call);

#endif
