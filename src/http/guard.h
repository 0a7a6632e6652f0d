/* The guard: refuses requests whose framing two servers could read differently. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_GUARD_H
#define INLET_SRC_HTTP_GUARD_H

#include "inlet/http/call.h"

/* A request before its body, as it came. */
struct request_head {
    struct slice method;
    struct slice target;  /* raw */
    struct slice version; /* "HTTP/1.1" */
    const struct call_header *headers;
    size_t header_count;
    size_t header_bytes; /* request line and header block on the wire */
    bool has_gaps;       /* there are bytes in it that are in none of the above: see mhd.c */
};

/* How the request says that its body is delimited. */
struct framing {
    bool chunked;
    bool has_length;
    uint64_t length;       /* 0 without Content-Length */
    bool expects;          /* there is an Expect header … */
    bool expects_continue; /* … and it is 100-continue */
};

/*
 * DESIGN. libmicrohttpd 0.9.75 takes the first of two Content-Length, prefers Transfer-Encoding to
 * Content-Length and ignores "Content-Length : 5": a proxy that decides otherwise lets a second request
 * through unseen. What this function lets pass has one reading only.
 *
 * Returns NULL and fills *RET_FRAMING, or static words for what is wrong. Pure.
 */
const char *guard_check(const struct request_head *head, struct framing *ret_framing);

#endif
