/* Admission of a request: everything that is decided before its body is read. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ADMIT_H
#define INLET_SRC_HTTP_ADMIT_H

#include "machine.h"

/* Checks in order: method known, path, token, method of the path, scope, declared length, expectation,
 * memory. The first that fails answers. call.method, target, headers and framing are there. */
void admit(struct exchange *exchange);

#endif
