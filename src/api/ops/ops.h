/* What operators and tools ask: probes and the API's description. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_OPS_OPS_H
#define INLET_API_OPS_OPS_H

#include "../attachment.h"
#include "../sela/sela.h"

#define OPS_ENDPOINT_COUNT 3
extern const struct endpoint ops_endpoints[OPS_ENDPOINT_COUNT];

#endif
