/* Connection strings as they may be printed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_PG_SHOWN_H
#define INLET_STORE_PG_SHOWN_H

#include "inlet/base/buffer.h"

/* Whether URL is a URI of libpq: postgresql://… or postgres://… */
bool pg_is_uri(const char *url);

/* Appends a connection string, a URI or "key=value …", with "***" for what is or may be a password in it. */
NODISCARD enum err pg_shown(const char *url, struct buffer *text);

#endif
