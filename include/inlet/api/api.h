/* The APIs the server speaks: their endpoint tables and dialects, for main to hand to the HTTP server. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_API_H
#define INLET_API_API_H

#include "inlet/http/endpoint.h"

#include <stddef.h>

struct call;

extern const struct endpoint_table api_tables[];
extern const size_t api_table_count;

/* Longest path prefix wins; the one with the empty prefix answers everything else. */
extern const struct dialect *const api_dialects[];
extern const size_t api_dialect_count;

/* For http_options: each call pins the directory it began with; call->app is a struct app. */
void api_call_begins(struct call *call);
void api_call_ends(struct call *call);

#endif
