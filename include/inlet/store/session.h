/* A session: one connection with its prepared statements, handed to jobs by a lane. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SESSION_H
#define INLET_STORE_SESSION_H

#include <stdint.h>

struct session;

/* The time of what happens in this session now, microseconds UTC: read once per job, and never before that of an earlier
 * job of the same writer, so that created_time follows the order of ids even when the clock steps back. */
int64_t session_now_us(const struct session *session);

#endif
