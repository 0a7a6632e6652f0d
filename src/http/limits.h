/* The table of limits: every resource a client can consume, with its default. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_LIMITS_H
#define INLET_SRC_HTTP_LIMITS_H

#include "inlet/http/server.h"

/* Fixed ones: no operator has a reason to turn them. */
#define REQUEST_HEADER_BYTES_MAX                                                                             \
    ((size_t)12 << 10) /* MHD's pool is 32 KiB: with more, bodies come in crumbs */
#define SMALL_BODY_MAX                                                                                       \
    ((size_t)64 << 10) /* an unwanted body that is read and dropped, for keep-alive's sake */
#define CALL_ARENA_MAX                                                                                       \
    ((size_t)160 << 20)                      /* what decoding the largest body with the most values may take \
                                              */
#define ANSWER_BYTES_MAX  ((size_t)96 << 20) /* a page of the largest leads */
#define PATH_SEGMENTS_MAX 16
#define RETRY_AFTER_S     "1" /* what an overloaded server asks for */

/* LIMITS with every 0 replaced by its default. */
struct http_limits limits_fill(const struct http_limits *limits);

/* Raises the process's limit of open files as far as it may be, and lowers CONNECTIONS to what it leaves room
 * for. */
void limits_fit_descriptors(struct http_limits *limits);

#endif
