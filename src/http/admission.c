/* Counts connections in a hash table of addresses that never grows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admission.h"

#include "inlet/base/hash.h"
#include "inlet/base/mem.h"
#include "inlet/base/random.h"

#include <arpa/inet.h>

/* An IPv4 address, or the first half of an IPv6 one. */
struct address_key {
    unsigned char bytes[8];
};

struct admission_entry {
    struct address_key key;
    uint32_t count;
    uint32_t next; /* in its chain, or among the free ones: index + 1 */
};

enum err admission_init(struct admission *admission, const struct http_limits *limits)
{
    *admission = (struct admission){.connections_max = limits->connections,
                                    .per_address_max = limits->connections_per_address};
    size_t buckets = 64;
    while (buckets < limits->connections)
        buckets *= 2;
    TRY(random_bytes(&admission->seed, sizeof(admission->seed)));
    admission->bucket_mask = buckets - 1;
    admission->buckets = mem_zero(buckets, sizeof(admission->buckets[0]));
    admission->entries = mem_zero(limits->connections, sizeof(admission->entries[0]));
    if (!admission->buckets || !admission->entries || pthread_mutex_init(&admission->mutex, NULL) != 0) {
        mem_free(TAKE(admission->buckets));
        mem_free(TAKE(admission->entries));
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < limits->connections; i++)
        admission->entries[i].next = i + 1 < limits->connections ? (uint32_t)(i + 2) : 0;
    admission->free_entry = 1;
    return ERR_OK;
}

void admission_done(struct admission *admission)
{
    mem_free(admission->buckets);
    mem_free(admission->entries);
    pthread_mutex_destroy(&admission->mutex);
}

/* False: such a connection is not counted by address. */
static bool key_of(const struct connection *connection, struct address_key *ret_key)
{
    struct in6_addr six;
    struct in_addr four;
    struct address_key key = {0};
    if (connection->over_control_socket)
        return false;
    if (inet_pton(AF_INET, connection->remote_address, &four) == 1) {
        if (ntohl(four.s_addr) >> 24 == 127)
            return false;
        key.bytes[0] = 0xFF; /* no IPv6 unicast address begins with this */
        memcpy(key.bytes + 4, &four, 4);
    } else if (inet_pton(AF_INET6, connection->remote_address, &six) == 1) {
        if (IN6_IS_ADDR_LOOPBACK(&six))
            return false;
        memcpy(key.bytes, &six, sizeof(key.bytes));
    } else {
        return false;
    }
    *ret_key = key;
    return true;
}

static uint32_t *bucket_of(struct admission *admission, const struct address_key *key)
{
    char text[sizeof(admission->seed) + sizeof(key->bytes)];
    memcpy(text, &admission->seed, sizeof(admission->seed));
    memcpy(text + sizeof(admission->seed), key->bytes, sizeof(key->bytes));
    return &admission->buckets[hash_table(slice_of(text, sizeof(text))) & admission->bucket_mask];
}

/* The link that leads to the entry of KEY, or to the end of its chain. */
static uint32_t *find(struct admission *admission, const struct address_key *key)
{
    uint32_t *link = bucket_of(admission, key);
    while (*link && memcmp(&admission->entries[*link - 1].key, key, sizeof(*key)) != 0)
        link = &admission->entries[*link - 1].next;
    return link;
}

/* With the mutex held, and a connection to spare. */
static bool count_address(struct admission *admission, const struct address_key *key)
{
    uint32_t *link = find(admission, key);
    if (!*link) {
        uint32_t taken = admission->free_entry; /* there are as many entries as connections */
        struct admission_entry *entry = &admission->entries[taken - 1];
        admission->free_entry = entry->next;
        *entry = (struct admission_entry){.key = *key};
        *link = taken;
    }
    struct admission_entry *entry = &admission->entries[*link - 1];
    if (entry->count >= admission->per_address_max)
        return false;
    entry->count++;
    return true;
}

bool admission_enter(struct admission *admission, const struct connection *connection)
{
    struct address_key key;
    bool by_address = key_of(connection, &key);
    pthread_mutex_lock(&admission->mutex);
    bool admitted = admission->connections < admission->connections_max;
    if (admitted && by_address)
        admitted = count_address(admission, &key);
    if (admitted)
        admission->connections++;
    pthread_mutex_unlock(&admission->mutex);
    atomic_fetch_add_explicit(admitted ? &admission->accepted : &admission->refused, 1, memory_order_relaxed);
    return admitted;
}

void admission_leave(struct admission *admission, const struct connection *connection)
{
    struct address_key key;
    bool by_address = key_of(connection, &key);
    pthread_mutex_lock(&admission->mutex);
    admission->connections--;
    uint32_t *link = by_address ? find(admission, &key) : NULL;
    if (link && *link) {
        uint32_t index = *link;
        struct admission_entry *entry = &admission->entries[index - 1];
        if (--entry->count == 0) {
            *link = entry->next;
            entry->next = admission->free_entry;
            admission->free_entry = index;
        }
    }
    pthread_mutex_unlock(&admission->mutex);
}
