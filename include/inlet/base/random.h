/* Unpredictable bytes, and identifiers made of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_RANDOM_H
#define INLET_BASE_RANDOM_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills SIZE bytes from the kernel's generator. ERR_SYSTEM when it fails. */
NODISCARD enum err random_bytes(void *bytes, size_t size);

#define UUID_LENGTH 36 /* as text */
#define UUID_SIZE   16 /* as bytes */

/* A random UUID (RFC 9562, version 4) in lower case, NUL-terminated. */
NODISCARD enum err random_uuid(char text[UUID_LENGTH + 1]);

/* A UUID (RFC 9562, version 7) as bytes. It begins with TIME_US in milliseconds: bytewise, later ones follow earlier ones. */
NODISCARD enum err random_uuid7(int64_t time_us, unsigned char ret_bytes[UUID_SIZE]);

/* What no UUID of version 7 made at TIME_US or later precedes bytewise, and every earlier one does. */
void uuid7_bound(int64_t time_us, unsigned char ret_bytes[UUID_SIZE]);

/* Whether S is a UUID's text, 8-4-4-4-12 hex digits in either case. On success *RET_LOWER has it in lower case. */
bool uuid_parse(struct slice s, char ret_lower[UUID_LENGTH + 1]);

#endif
