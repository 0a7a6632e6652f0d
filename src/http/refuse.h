/* Refusals that the machinery itself gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_REFUSE_H
#define INLET_SRC_HTTP_REFUSE_H

#include "inlet/http/endpoint.h"

/* The HTTP status of a refusal. */
unsigned refusal_status(enum refusal refusal);

#endif
