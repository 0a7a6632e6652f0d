/* Request ids: the client's own where it is harmless, otherwise a random one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_REQUEST_ID_H
#define INLET_SRC_HTTP_REQUEST_ID_H

#include "inlet/http/call.h"

/* Copies WISH (X-Request-Id, may be null) if it is 1 to 64 characters of [A-Za-z0-9._-], else makes 32 hex
 * digits. */
void request_id_choose(struct slice wish, char ret_id[REQUEST_ID_MAX + 1]);

#endif
