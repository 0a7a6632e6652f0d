/* The kernel's random generator. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/random.h"

#include "inlet/base/hash.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum err random_bytes(void *bytes, size_t size)
{
    char *at = bytes;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ERR_SYSTEM;
        at += got;
        size -= (size_t)got;
    }
    return ERR_OK;
}

enum err random_uuid(char text[UUID_LENGTH + 1])
{
    unsigned char bytes[UUID_SIZE];
    char hex[2 * UUID_SIZE + 1];
    TRY(random_bytes(bytes, sizeof(bytes)));
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    hash_hex(bytes, sizeof(bytes), hex);
    static const unsigned char groups[] = {8, 4, 4, 4, 12};
    const char *from = hex;
    char *at = text;
    for (size_t i = 0; i < sizeof(groups); i++) {
        if (i > 0)
            *at++ = '-';
        memcpy(at, from, groups[i]);
        at += groups[i];
        from += groups[i];
    }
    *at = '\0';
    return ERR_OK;
}

void uuid7_bound(int64_t time_us, unsigned char ret_bytes[UUID_SIZE])
{
    uint64_t time_ms = time_us > 0 ? (uint64_t)time_us / 1000 : 0;
    memset(ret_bytes, 0, UUID_SIZE);
    for (int i = 5; i >= 0; i--, time_ms >>= 8)
        ret_bytes[i] = (unsigned char)(time_ms & 0xFF);
}

enum err random_uuid7(int64_t time_us, unsigned char ret_bytes[UUID_SIZE])
{
    unsigned char bytes[UUID_SIZE];
    uuid7_bound(time_us, bytes);
    TRY(random_bytes(bytes + 6, sizeof(bytes) - 6));
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x70);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    memcpy(ret_bytes, bytes, sizeof(bytes));
    return ERR_OK;
}

bool uuid_parse(struct slice s, char ret_lower[UUID_LENGTH + 1])
{
    if (s.n != UUID_LENGTH)
        return false;
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        char c = s.p[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (c >= 'A' && c <= 'F')
            c = (char)(c + ('a' - 'A'));
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex)
            return false;
        ret_lower[i] = c;
    }
    ret_lower[UUID_LENGTH] = '\0';
    return true;
}
