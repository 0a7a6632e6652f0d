/* The access log: one line per request. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ACCESS_LOG_H
#define INLET_SRC_HTTP_ACCESS_LOG_H

#include "machine.h"

/* Logs a request that is over. ABORTED: the client has not got the whole answer. */
void access_log(const struct exchange *exchange, bool aborted);

#endif
