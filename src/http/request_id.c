/* Chooses request ids; random bytes are fetched for many of them at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "request_id.h"

#include "inlet/base/hash.h"
#include "inlet/base/random.h"

#define RANDOM_SIZE 16
#define POOL_SIZE   (64 * RANDOM_SIZE)

/* THREADS: one pool each. A system call per request would cost more than the rest of routing. */
static _Thread_local unsigned char pool[POOL_SIZE];
static _Thread_local size_t pool_left;

static bool is_harmless(struct slice s)
{
    if (s.n < 1 || s.n > REQUEST_ID_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

void request_id_choose(struct slice wish, char ret_id[REQUEST_ID_MAX + 1])
{
    if (is_harmless(wish)) {
        memcpy(ret_id, wish.p, wish.n);
        ret_id[wish.n] = '\0';
        return;
    }
    if (pool_left < RANDOM_SIZE) {
        if (random_bytes(pool, sizeof(pool)) != ERR_OK) {
            memcpy(ret_id, "unavailable",
                   sizeof("unavailable")); /* a missing label must not cost the request */
            return;
        }
        pool_left = sizeof(pool);
    }
    pool_left -= RANDOM_SIZE;
    hash_hex(pool + pool_left, RANDOM_SIZE, ret_id);
}
