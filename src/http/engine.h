/* The protocol engine under a worker: libmicrohttpd, behind what the worker needs of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ENGINE_H
#define INLET_SRC_HTTP_ENGINE_H

#include "connection.h"
#include "machine.h"

struct engine;

/* THREADS: one engine belongs to one worker and is used on its thread only, engine_start and engine_stop
 * included. */
NODISCARD enum err engine_start(struct worker *worker, const struct http_limits *limits,
                                struct engine **ret_engine);

/* No exchange may be waiting for a lane. Closes what connections are left. */
struct engine *engine_stop(struct engine *engine);

/* Becomes readable when a connection has something to do. */
int engine_poll_fd(const struct engine *engine);

/* How long at most the worker may wait before the next engine_turn: milliseconds, -1 for ever. */
int engine_timeout_ms(struct engine *engine);

/* Takes over the socket. When that succeeds worker_opened is called, now or in the next turn. */
void engine_add(struct engine *engine, struct connection *connection);

/* The exchange came back from its lane, and its answer is complete: goes on with it in the next turn. */
void engine_resume(struct engine *engine, struct exchange *exchange);

/* Does what there is to do without waiting. */
void engine_turn(struct engine *engine);

/* Text for the log: the library and its version. */
const char *engine_version(void);

#endif
