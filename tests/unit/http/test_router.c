/* The router: what matches, what wins, what is refused when the tables are compiled. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"
#include "unit.h"

#include <stdio.h>

static const struct dialect dialect = {.name = "test", .path_prefix = ""};

#define ROW(verb, where)                                                                                     \
    {                                                                                                        \
        .method = (verb), .path = (where), .dialect = &dialect                                               \
    }

static const struct endpoint endpoints[] = {
    ROW("GET", "/"),
    ROW("GET", "/api/leads/"),
    ROW("POST", "/api/leads/"),
    ROW("GET", "/api/leads/{id}/"),
    ROW("PATCH", "/api/leads/{id}/"),
    ROW("PUT", "/api/leads/update/"),
    ROW("GET", "/api/leads/{id}/calls/{call}/"),
    ROW("GET", "/api/lead-types/"),
    ROW("GET", "/healthz"),
    ROW("GET", "/{a}/{b}/{c}/{d}/"),
};
static const struct endpoint_table table = {endpoints, ARRAY_LENGTH(endpoints)};

static void build(struct router *router, const struct endpoint_table *tables, enum err expected,
                  const char *words)
{
    struct buffer why;
    buffer_init(&why, 1000);
    ck_assert_int_eq(router_build(router, tables, 1, &why), expected);
    ck_assert_msg(memmem(buffer_slice(&why).p, why.length, words, strlen(words)) != NULL, "%.*s",
                  SLICE_ARG(buffer_slice(&why)));
    buffer_done(&why);
}

START_TEST(paths_find_their_routes)
{
    static const struct {
        const char *path, *route; /* NULL: none */
        const char *arguments[2];
    } rows[] = {
        {"/", "/", {NULL}},
        {"/api/leads/", "/api/leads/", {NULL}},
        {"/api/leads", "/api/leads/", {NULL}},
        {"/api/leads/17/", "/api/leads/{id}/", {"17"}},
        {"/api/leads/17", "/api/leads/{id}/", {"17"}},
        {"/api/leads/update/", "/api/leads/update/", {NULL}},
        {"/api/leads/updat/", "/api/leads/{id}/", {"updat"}},
        {"/api/leads/upd%61te/", "/api/leads/update/", {NULL}},
        {"/api/leads/a%2Fb/", "/api/leads/{id}/", {"a/b"}},
        {"/api/leads/a+b/", "/api/leads/{id}/", {"a+b"}},
        {"/api/leads/update/calls/3/",
         "/api/leads/{id}/calls/{call}/",
         {"update", "3"}}, /* the literal leads nowhere */
        {"/api/leads/1/x/2/", NULL, {NULL}},
        {"/1/2/3/4", "/{a}/{b}/{c}/{d}/", {"1", "2"}},
        {"/api/lead-types/", "/api/lead-types/", {NULL}},
        {"/healthz/", "/healthz", {NULL}},
        {"/api/", NULL, {NULL}},
        {"/api", NULL, {NULL}},
        {"/API/leads/", NULL, {NULL}},
        {"/api/leads//", NULL, {NULL}},
        {"//api/leads/", NULL, {NULL}},
        {"/api//leads/", NULL, {NULL}},
        {"//", NULL, {NULL}},
        {"/api/./leads/", NULL, {NULL}},
        {"", NULL, {NULL}},
        {"api/leads/", NULL, {NULL}},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/", NULL, {NULL}},
    };
    struct router router;
    build(&router, &table, ERR_OK, "");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct arena arena;
        arena_init(&arena, 65536);
        const struct route *route = NULL;
        struct slice arguments[CALL_ARGUMENTS_MAX] = {{0}};
        enum err error = router_find(&router, &arena, slice_from(rows[i].path), &route, arguments);
        ck_assert_msg((error == ERR_OK) == (rows[i].route != NULL), "%s", rows[i].path);
        if (rows[i].route)
            ck_assert_str_eq(route->path, rows[i].route);
        for (size_t k = 0; k < 2 && rows[i].arguments[k]; k++)
            ck_assert_msg(slice_equal(arguments[k], slice_from(rows[i].arguments[k])), "%s", rows[i].path);
        arena_done(&arena);
    }
    router_done(&router);
}
END_TEST

START_TEST(a_route_has_the_endpoints_of_its_path)
{
    struct router router;
    build(&router, &table, ERR_OK, "");
    struct arena arena;
    arena_init(&arena, 65536);
    const struct route *route;
    struct slice arguments[CALL_ARGUMENTS_MAX];
    ck_assert_int_eq(router_find(&router, &arena, SLICE("/api/leads/"), &route, arguments), ERR_OK);
    ck_assert_ptr_eq(route->endpoints[METHOD_GET], &endpoints[1]);
    ck_assert_ptr_eq(route->endpoints[METHOD_POST], &endpoints[2]);
    ck_assert_ptr_null(route->endpoints[METHOD_DELETE]);
    ck_assert_int_eq(router_find(&router, &arena, SLICE("/api/leads/a%00b/"), &route, arguments),
                     ERR_INVALID);
    arena_done(&arena);
    router_done(&router);
}
END_TEST

START_TEST(many_literals_are_all_found)
{
    enum { COUNT = 300 };
    static char paths[COUNT][16];
    static struct endpoint many[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/p%zu/", (i * 7919) % COUNT);
        many[i] = (struct endpoint)ROW("GET", paths[i]);
    }
    const struct endpoint_table tables = {many, COUNT};
    struct router router;
    build(&router, &tables, ERR_OK, "");
    struct arena arena;
    arena_init(&arena, 65536);
    for (size_t i = 0; i < COUNT; i++) {
        const struct route *route;
        struct slice arguments[CALL_ARGUMENTS_MAX];
        ck_assert_int_eq(router_find(&router, &arena, slice_from(paths[i]), &route, arguments), ERR_OK);
        ck_assert_str_eq(route->path, paths[i]);
    }
    arena_done(&arena);
    router_done(&router);
}
END_TEST

START_TEST(tables_with_faults_are_refused)
{
    static const struct {
        struct endpoint endpoints[2];
        const char *words;
    } rows[] = {
        {{ROW("GET", "/a/"), ROW("GET", "/a")}, "there twice"},
        {{ROW("GET", "/a/"), ROW("get", "/b/")}, "unknown method"},
        {{ROW("GET", "/a/"), ROW("HEAD", "/b/")}, "unknown method"},
        {{ROW("GET", "/a/"), ROW("GET", "b/")}, "not a path"},
        {{ROW("GET", "/a/"), ROW("GET", "/{a}/{b}/{c}/{d}/{e}/")}, "too many arguments"},
        {{ROW("GET", "/a/"), {.method = "GET", .path = "/b/"}}, "no dialect"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct endpoint_table tables = {rows[i].endpoints, 2};
        struct router router;
        build(&router, &tables, ERR_CONFIG, rows[i].words);
        router_done(&router);
    }
}
END_TEST

START_TEST(allow_is_ordered_as_the_framework_does)
{
    char text[ALLOW_MAX];
    method_allow(1U << METHOD_POST | 1U << METHOD_GET, text);
    ck_assert_str_eq(text, "GET, POST, HEAD, OPTIONS");
    method_allow(1U << METHOD_POST, text);
    ck_assert_str_eq(text, "POST, OPTIONS");
    method_allow((1U << METHOD_COUNT) - 1, text);
    ck_assert_str_eq(text, "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS");
    method_allow(0, text);
    ck_assert_str_eq(text, "OPTIONS");
    ck_assert_int_eq(method_parse(SLICE("PATCH")), METHOD_PATCH);
    ck_assert_int_eq(method_parse(SLICE("patch")), METHOD_COUNT);
    ck_assert_int_eq(method_parse(SLICE("HEAD")), METHOD_COUNT);
}
END_TEST

UNIT_MAIN("router", paths_find_their_routes, a_route_has_the_endpoints_of_its_path,
          many_literals_are_all_found, tables_with_faults_are_refused, allow_is_ordered_as_the_framework_does)
