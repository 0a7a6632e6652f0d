/* An HTTP/1.1 client that keeps N connections busy, and what it measured. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BENCH_LOAD_CLIENT_H
#define INLET_BENCH_LOAD_CLIENT_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to send: closed loop, each connection sends its next request when the answer to its last one has come. */
struct load {
    uint16_t port; /* of the loopback address */
    size_t connections;
    int64_t duration_us;
    size_t request_max; /* bytes of the largest request */
    bool (*next)(void *context,
                 struct buffer *out); /* appends the next request, head and body; false: there is none */
    void *context;
};

/* Latencies in microseconds: exact below 64, then 64 steps for each doubling. */
#define LATENCY_STEPS   64
#define LATENCY_BUCKETS ((size_t)(LATENCY_STEPS * 40))

struct load_result {
    uint64_t requests;     /* answered */
    uint64_t refused;      /* of them with a status other than 2xx */
    uint64_t lost;         /* connections that ended before the answer */
    unsigned first_status; /* of the first refusal */
    int64_t elapsed_us;
    int64_t latency_max_us;
    uint64_t latencies[LATENCY_BUCKETS];
};

/* Runs LOAD to its end. ERR_SYSTEM (errno says why), ERR_MEMORY, ERR_TIMEOUT: no answer for 60 seconds, ERR_INVALID: the
 * server does not speak as expected. */
NODISCARD enum err load_run(const struct load *load, struct load_result *ret_result);

/* The latency that SHARE (0 to 1) of the requests did not exceed, in microseconds. */
int64_t load_percentile_us(const struct load_result *result, double share);

#endif
