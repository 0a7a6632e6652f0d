/* Defaults of the limits, and the process's own limit of open files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"

#include "inlet/base/log.h"

#include <sys/resource.h>

/* Descriptors that are not connections: databases, listeners, logs, connections to webhooks. */
#define OTHER_DESCRIPTORS 256
#define CONNECTIONS_MIN   64

static const struct http_limits defaults = {
    .connections = 4096,             /* about 40 KiB each: 160 MiB at worst */
    .connections_per_address = 2048, /* no single address takes them all; a proxy in front is one address */
    .bodies_in_flight = (size_t)256 << 20,
    .idle_timeout_s = 30,
    .header_timeout_ms = 10 * 1000,
    .body_timeout_ms = 60 * 1000, /* 10 MiB over 1.4 Mbit/s */
};

struct http_limits limits_fill(const struct http_limits *limits)
{
    struct http_limits filled = *limits;
#define FILL(member) filled.member = filled.member ? filled.member : defaults.member
    FILL(connections);
    FILL(connections_per_address);
    FILL(bodies_in_flight);
    FILL(idle_timeout_s);
    FILL(header_timeout_ms);
    FILL(body_timeout_ms);
#undef FILL
    return filled;
}

void limits_fit_descriptors(struct http_limits *limits)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    if (files.rlim_cur < files.rlim_max) {
        struct rlimit raised = {.rlim_cur = files.rlim_max, .rlim_max = files.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            files = raised;
    }
    rlim_t room = files.rlim_cur > OTHER_DESCRIPTORS + CONNECTIONS_MIN ? files.rlim_cur - OTHER_DESCRIPTORS
                                                                       : CONNECTIONS_MIN;
    if (limits->connections > room) {
        LOG(LOG_WARNING, "fewer connections than configured: the limit of open files is low",
            LOG_INTEGER_FIELD("connections", (int64_t)room),
            LOG_INTEGER_FIELD("open_files", (int64_t)files.rlim_cur));
        limits->connections = (size_t)room;
    }
}
