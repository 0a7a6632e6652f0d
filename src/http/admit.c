/* The checks between a request's head and its body, in the order in which Django REST framework answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admit.h"

#include "limits.h"

/* One check; false: the call has been answered. */
typedef bool check_function(struct exchange *exchange);

static bool refuse(struct exchange *x, enum refusal refusal, const char *what)
{
    exchange_refuse(x, refusal, what);
    return false;
}

/* HEAD is a GET whose body stays here. */
static enum method effective_method(const struct call *call)
{
    return slice_equal(call->method, SLICE("HEAD")) ? METHOD_GET : method_parse(call->method);
}

static bool is_options(const struct call *call)
{
    return slice_equal(call->method, SLICE("OPTIONS"));
}

static bool permits(const struct call *call, const struct endpoint *endpoint)
{
    return endpoint->scopes == SCOPE_NONE || (call->principal.scopes & endpoint->scopes) != 0;
}

/* "OPTIONS *" asks about the server. */
static bool is_for_a_path(struct exchange *x)
{
    if (!slice_equal(x->call.target, SLICE("*")))
        return true;
    x->allow = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS";
    call_answer(&x->call, 204);
    return false;
}

/* The endpoint that speaks for the path: the method's own, otherwise one that asks for a token if there is
 * any. */
static const struct endpoint *representative(const struct route *route, enum method method)
{
    if (method != METHOD_COUNT && route->endpoints[method])
        return route->endpoints[method];
    const struct endpoint *first = NULL;
    for (enum method m = 0; m < METHOD_COUNT; m++) {
        const struct endpoint *endpoint = route->endpoints[m];
        if (endpoint && (!first || (first->scopes == SCOPE_NONE && endpoint->scopes != SCOPE_NONE)))
            first = endpoint;
    }
    return first;
}

/* The methods that exist for the principal. Without memory there is no Allow header. */
static unsigned tell_allowed(struct exchange *x)
{
    unsigned methods = 0;
    for (enum method m = 0; m < METHOD_COUNT; m++) {
        const struct endpoint *endpoint = x->route->endpoints[m];
        if (endpoint && (!endpoint->hidden || permits(&x->call, endpoint)))
            methods |= 1U << m;
    }
    char *text = arena_alloc(&x->call.arena, ALLOW_MAX);
    if (text)
        method_allow(methods, text);
    x->allow = text;
    return methods;
}

static bool path_exists(struct exchange *x)
{
    struct call *call = &x->call;
    const struct route *route;
    enum err error = router_find(&x->machine->router, &call->arena, call->path, &route, call->arguments);
    if (error == ERR_NOT_FOUND)
        return refuse(x, REFUSE_NOT_FOUND, NULL);
    if (error == ERR_INVALID)
        return refuse(x, REFUSE_BAD_REQUEST, "The request target has an invalid character.");
    if (error != ERR_OK) {
        exchange_fail(x, error);
        return false;
    }
    x->route = route;
    call->endpoint = representative(route, effective_method(call));
    tell_allowed(x);
    return true;
}

static bool principal_is_known(struct exchange *x)
{
    struct call *call = &x->call;
    const struct endpoint *endpoint = call->endpoint;
    if (endpoint->scopes == SCOPE_NONE || !endpoint->dialect->authenticate)
        return true;
    enum err error = endpoint->dialect->authenticate(call);
    if (error == ERR_OK)
        return true;
    if (err_kind(error) != ERR_KIND_CLIENT || !call_is_answered(call))
        exchange_fail(x, error);
    return false;
}

/* Also what is hidden: a path of which nothing is left does not exist. Answers OPTIONS. */
static bool method_is_allowed(struct exchange *x)
{
    struct call *call = &x->call;
    unsigned methods = tell_allowed(x);
    if (methods == 0) {
        x->allow = NULL;
        return refuse(x, REFUSE_NOT_FOUND, NULL);
    }
    if (is_options(call))
        return true;
    enum method method = effective_method(call);
    if (method == METHOD_COUNT || !(methods & 1U << method))
        return refuse(x, REFUSE_METHOD, NULL);
    return true;
}

static bool scope_suffices(struct exchange *x)
{
    struct call *call = &x->call;
    bool permitted = permits(call, call->endpoint);
    if (!is_options(call))
        return permitted || refuse(x, REFUSE_SCOPE, NULL);
    for (enum method m = 0; m < METHOD_COUNT && !permitted; m++)
        permitted = x->route->endpoints[m] && permits(call, x->route->endpoints[m]);
    if (!permitted)
        return refuse(x, REFUSE_SCOPE, NULL);
    if (call->endpoint->dialect->options)
        call->endpoint->dialect->options(call);
    if (!call_is_answered(call))
        call_answer(call, 204);
    return false;
}

static bool length_fits(struct exchange *x)
{
    size_t max = x->call.endpoint->body_max ? x->call.endpoint->body_max : SMALL_BODY_MAX;
    return x->framing.length <= max || refuse(x, REFUSE_TOO_LARGE, NULL);
}

static bool expectation_is_known(struct exchange *x)
{
    return !x->framing.expects || x->framing.expects_continue || refuse(x, REFUSE_EXPECTATION, NULL);
}

/* Memory is counted as bytes come, or a client could hold it by declaring; but what cannot fit now is told at
 * once. */
static bool memory_is_left(struct exchange *x)
{
    size_t held = atomic_load_explicit(&x->machine->body_bytes, memory_order_relaxed);
    size_t max = x->machine->limits.bodies_in_flight;
    return (held <= max && x->framing.length <= max - held) || refuse(x, REFUSE_OVERLOAD, NULL);
}

void admit(struct exchange *exchange)
{
    static check_function *const checks[] = {
        is_for_a_path,  path_exists, principal_is_known,   method_is_allowed,
        scope_suffices, length_fits, expectation_is_known, memory_is_left,
    };
    for (size_t i = 0; i < ARRAY_LENGTH(checks); i++)
        if (!checks[i](exchange))
            return;
}
