/* Admission of connections: how many at once, and how many of them from one address. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ADMISSION_H
#define INLET_SRC_HTTP_ADMISSION_H

#include "connection.h"
#include "inlet/http/server.h"

#include <pthread.h>
#include <stdatomic.h>

struct admission_entry;

/* THREADS: the acceptor admits, workers release. */
struct admission {
    pthread_mutex_t mutex;
    size_t connections_max, per_address_max;
    atomic_size_t connections;       /* written with the mutex held, read without */
    struct admission_entry *entries; /* one per connection that may be: more addresses than that cannot be */
    uint32_t *buckets;               /* heads of chains: index + 1 of an entry, 0: none */
    size_t bucket_mask;
    uint32_t free_entry; /* likewise */
    uint64_t seed;       /* clients choose IPv6 addresses; they shall not choose their chain */
    atomic_uint_fast64_t accepted, refused;
};

NODISCARD enum err admission_init(struct admission *admission, const struct http_limits *limits);
void admission_done(struct admission *admission);

/* Counts CONNECTION in, by its remote address; false: it has to be closed. An IPv6 client is its /64 network,
 * which one subscriber has to himself. Loopback and the control socket count towards the total only. */
NODISCARD bool admission_enter(struct admission *admission, const struct connection *connection);

/* Counts an admitted one out. */
void admission_leave(struct admission *admission, const struct connection *connection);

#endif
