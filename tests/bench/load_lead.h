/* Distinct leads for the load generator, each a function of its number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BENCH_LOAD_LEAD_H
#define INLET_BENCH_LOAD_LEAD_H

#include "inlet/base/buffer.h"

#include <stdint.h>

/* How many leads there are. */
#define LEADS_MAX UINT64_C(158200000)

/* Appends lead NUMBER (below LEADS_MAX) as JSON: the published example with a phone number, an e-mail address and an external
 * id of its own. */
void lead_append(struct buffer *out, uint64_t number);

/* Appends the external id and the e-mail address of lead NUMBER. */
void lead_append_external_id(struct buffer *out, uint64_t number);
void lead_append_email(struct buffer *out, uint64_t number);

#endif
