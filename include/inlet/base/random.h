/* Unpredictable bytes, and identifiers made of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_RANDOM_H
#define INLET_BASE_RANDOM_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Fills SIZE bytes from the kernel's generator. ERR_SYSTEM when it fails. */
NODISCARD enum err random_bytes(void *bytes, size_t size);

#define UUID_LENGTH 36

/* A random UUID (RFC 9562, version 4) in lower case, NUL-terminated. */
NODISCARD enum err random_uuid(char text[UUID_LENGTH + 1]);

/* Whether S is a UUID's text, 8-4-4-4-12 hex digits in either case. On success *RET_LOWER has it in lower case. */
bool uuid_parse(struct slice s, char ret_lower[UUID_LENGTH + 1]);

#endif
