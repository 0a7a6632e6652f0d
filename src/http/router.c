/* Builds and walks the tree of paths. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include "inlet/codec/url.h"
#include "limits.h"

#include <stdio.h>

#define ROUTER_BYTES_MAX ((size_t)4 << 20)

struct router_node {
    struct slice segment;          /* the literal; of a {…}: what stands in the table */
    struct route *route;           /* NULL: no path ends here */
    struct router_node **children; /* literals, sorted */
    size_t child_count, child_capacity;
    struct router_node *any; /* the {…} */
};

static const char *const method_names[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

enum method method_parse(struct slice text)
{
    for (enum method m = 0; m < METHOD_COUNT; m++)
        if (slice_equal(text, slice_from(method_names[m])))
            return m;
    return METHOD_COUNT;
}

const char *method_text(enum method method)
{
    return method_names[method];
}

void method_allow(unsigned methods, char ret_text[ALLOW_MAX])
{
    size_t length = 0;
    for (enum method m = 0; m < METHOD_COUNT; m++) {
        if (!(methods & 1U << m))
            continue;
        size_t n = strlen(method_names[m]);
        memcpy(ret_text + length, method_names[m], n);
        memcpy(ret_text + length + n, ", ", 2);
        length += n + 2;
    }
    const char *rest = methods & 1U << METHOD_GET ? "HEAD, OPTIONS" : "OPTIONS";
    memcpy(ret_text + length, rest, strlen(rest) + 1);
}

/* Splits a path at its slashes; one trailing slash makes no segment. False: no path, or too long. */
static bool split(struct slice path, struct slice segments[PATH_SEGMENTS_MAX], size_t *ret_count)
{
    size_t count = 0;
    if (path.n == 0 || path.p[0] != '/')
        return false;
    struct slice rest = slice_skip(path, 1);
    if (rest.n > 0 && rest.p[rest.n - 1] == '/')
        rest.n--;
    else if (rest.n == 0)
        rest = SLICE_NULL;
    while (!slice_is_null(rest)) {
        if (count == PATH_SEGMENTS_MAX)
            return false;
        segments[count++] = slice_cut(rest, '/', &rest);
    }
    *ret_count = count;
    return true;
}

/* Index of the first child that is not before SEGMENT. */
static size_t child_position(const struct router_node *node, struct slice segment)
{
    size_t low = 0, high = node->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(node->children[middle]->segment, segment) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct router_node *child_find(const struct router_node *node, struct slice segment)
{
    size_t at = child_position(node, segment);
    if (at < node->child_count && slice_equal(node->children[at]->segment, segment))
        return node->children[at];
    return NULL;
}

static struct router_node *child_insert(struct router *router, struct router_node *node, struct slice segment)
{
    struct router_node *child = ARENA_NEW(&router->arena, struct router_node);
    if (!child)
        return NULL;
    child->segment = segment;
    if (node->child_count == node->child_capacity) {
        size_t capacity = node->child_capacity ? node->child_capacity * 2 : 4;
        struct router_node **children = ARENA_ARRAY(&router->arena, struct router_node *, capacity);
        if (!children)
            return NULL;
        if (node->child_count > 0)
            memcpy(children, node->children, node->child_count * sizeof(children[0]));
        node->children = children;
        node->child_capacity = capacity;
    }
    size_t at = child_position(node, segment);
    memmove(node->children + at + 1, node->children + at,
            (node->child_count - at) * sizeof(node->children[0]));
    node->children[at] = child;
    node->child_count++;
    return child;
}

static bool is_argument(struct slice segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* The node below NODE for one segment of a table's path, made if need be; NULL: no memory. */
static struct router_node *step(struct router *router, struct router_node *node, struct slice segment)
{
    if (!is_argument(segment)) {
        struct router_node *child = child_find(node, segment);
        return child ? child : child_insert(router, node, segment);
    }
    if (!node->any) {
        node->any = ARENA_NEW(&router->arena, struct router_node);
        if (node->any)
            node->any->segment = segment;
    }
    return node->any;
}

static enum err refuse_row(const struct endpoint *endpoint, const char *what, struct buffer *why)
{
    buffer_print(why, "route %s %s: %s", endpoint->method, endpoint->path, what);
    return ERR_CONFIG;
}

static enum err add(struct router *router, const struct endpoint *endpoint, struct buffer *why)
{
    struct slice segments[PATH_SEGMENTS_MAX];
    size_t count, arguments = 0;
    enum method method = method_parse(slice_from(endpoint->method));
    if (method == METHOD_COUNT)
        return refuse_row(endpoint, "unknown method", why);
    if (!endpoint->dialect)
        return refuse_row(endpoint, "no dialect", why);
    if (!split(slice_from(endpoint->path), segments, &count))
        return refuse_row(endpoint, "not a path, or too many segments", why);
    struct router_node *node = router->root;
    for (size_t i = 0; i < count; i++) {
        if (is_argument(segments[i]) && ++arguments > CALL_ARGUMENTS_MAX)
            return refuse_row(endpoint, "too many arguments", why);
        node = step(router, node, segments[i]);
        if (!node)
            return ERR_MEMORY;
    }
    if (!node->route) {
        node->route = ARENA_NEW(&router->arena, struct route);
        if (!node->route)
            return ERR_MEMORY;
        node->route->path = endpoint->path;
    }
    if (node->route->endpoints[method])
        return refuse_row(endpoint, "there twice", why);
    node->route->endpoints[method] = endpoint;
    return ERR_OK;
}

enum err router_build(struct router *router, const struct endpoint_table *tables, size_t count,
                      struct buffer *why)
{
    arena_init(&router->arena, ROUTER_BYTES_MAX);
    router->root = ARENA_NEW(&router->arena, struct router_node);
    if (!router->root)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i].count; k++)
            TRY(add(router, &tables[i].endpoints[k], why));
    return ERR_OK;
}

void router_done(struct router *router)
{
    arena_done(&router->arena);
    router->root = NULL;
}

/* The route below NODE for COUNT segments. Recursion ends after PATH_SEGMENTS_MAX steps. */
static const struct route *walk(const struct router_node *node, const struct slice *segments, size_t count,
                                struct slice *arguments)
{
    if (count == 0)
        return node->route;
    if (segments[0].n == 0)
        return NULL;
    const struct router_node *literal = child_find(node, segments[0]);
    const struct route *found = literal ? walk(literal, segments + 1, count - 1, arguments) : NULL;
    if (!found && node->any) {
        found = walk(node->any, segments + 1, count - 1, arguments + 1);
        if (found)
            arguments[0] = segments[0];
    }
    return found;
}

enum err router_find(const struct router *router, struct arena *arena, struct slice path,
                     const struct route **ret_route, struct slice ret_arguments[CALL_ARGUMENTS_MAX])
{
    struct slice segments[PATH_SEGMENTS_MAX];
    size_t count;
    if (!split(path, segments, &count))
        return ERR_NOT_FOUND;
    /* Split first, decode then: an encoded slash stays inside its segment. */
    for (size_t i = 0; i < count; i++)
        if (slice_find(segments[i], '%') < segments[i].n)
            TRY(url_decode_segment(arena, segments[i], &segments[i]));
    const struct route *route = walk(router->root, segments, count, ret_arguments);
    if (!route)
        return ERR_NOT_FOUND;
    *ret_route = route;
    return ERR_OK;
}
