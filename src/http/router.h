/* The router: from a path to the endpoints that live there. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ROUTER_H
#define INLET_SRC_HTTP_ROUTER_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/http/call.h"
#include "inlet/http/endpoint.h"

/* In the order in which Allow names them. */
enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_COUNT };

/* A path and its endpoints. */
struct route {
    const char *path;                               /* as the table has it: "/api/leads/{id}/" */
    const struct endpoint *endpoints[METHOD_COUNT]; /* NULL: the path lacks the method */
};

struct router_node;

/*
 * DESIGN. A tree with one level per segment; the literal children of a node are sorted, a {…} matches any
 * segment that is not empty. Literals win; where the way of a literal leads nowhere, the {…} beside it is
 * tried. The trailing slash is optional, other empty segments match nothing. THREADS: immutable once built.
 */
struct router {
    struct arena arena;
    struct router_node *root;
};

/* Compiles the tables. ERR_CONFIG (*WHY names the row: the same method and path twice, an unknown method, too
 * many segments or arguments), ERR_MEMORY. router_done in any case. */
NODISCARD enum err router_build(struct router *router, const struct endpoint_table *tables, size_t count,
                                struct buffer *why);
void router_done(struct router *router);

/* Finds PATH (raw, without query); the decoded arguments go into ARENA. ERR_NOT_FOUND; ERR_INVALID for a
 * segment that must not be decoded; ERR_MEMORY. */
NODISCARD enum err router_find(const struct router *router, struct arena *arena, struct slice path,
                               const struct route **ret_route,
                               struct slice ret_arguments[CALL_ARGUMENTS_MAX]);

/* The method that the text names; METHOD_COUNT for HEAD, OPTIONS and everything else. */
enum method method_parse(struct slice text);
const char *method_text(enum method method);

#define ALLOW_MAX 64

/* The Allow header of a set of methods (bits 1 << METHOD_…), as Django REST framework orders it: "GET, POST,
 * HEAD, OPTIONS". */
void method_allow(unsigned methods, char ret_text[ALLOW_MAX]);

#endif
