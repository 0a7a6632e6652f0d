/* The 59 US state codes of the lead API. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_US_STATE_H
#define INLET_DOMAIN_US_STATE_H

#include "inlet/domain/lead.h"

/* Codes in documented order, as a vocabulary (1..59). */
extern const struct vocabulary us_states;

/* The name of a state: "California"; a null slice outside 1..59. */
struct slice us_state_name(int state);

#endif
