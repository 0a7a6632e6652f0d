/* Digests: SHA-256 (by nettle), hex text, comparison that tells nothing by its time, and a fast table hash. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_HASH_H
#define INLET_BASE_HASH_H

#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

void hash_sha256(struct slice data, unsigned char digest[SHA256_SIZE]);

/* Lower-case hex of SIZE bytes; TEXT has 2·SIZE + 1 bytes. */
void hash_hex(const unsigned char *bytes, size_t size, char *text);

/* Whether SIZE bytes are equal, in a time that does not depend on where they differ. */
bool hash_equal(const void *a, const void *b, size_t size);

/* A quick hash for in-memory tables of data that no attacker chooses (FNV-1a). */
uint64_t hash_table(struct slice data);

#endif
