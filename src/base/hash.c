/* SHA-256 by nettle, hex, constant-time comparison, FNV-1a. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/hash.h"

#include <nettle/memops.h>
#include <nettle/sha2.h>

void hash_sha256(struct slice data, unsigned char digest[SHA256_SIZE])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, data.n, (const uint8_t *)data.p);
    sha256_digest(&context, SHA256_SIZE, digest);
}

void hash_hex(const unsigned char *bytes, size_t size, char *text)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        *text++ = hex[bytes[i] >> 4];
        *text++ = hex[bytes[i] & 15];
    }
    *text = '\0';
}

bool hash_equal(const void *a, const void *b, size_t size)
{
    return memeql_sec(a, b, size) != 0;
}

uint64_t hash_table(struct slice data)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < data.n; i++)
        hash = (hash ^ (unsigned char)data.p[i]) * UINT64_C(0x100000001b3);
    return hash;
}
