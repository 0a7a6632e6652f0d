/* Begins, prepares, submits, completes and ends exchanges. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include "admit.h"
#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "limits.h"
#include "refuse.h"
#include "request_id.h"

enum err machine_init(struct machine *machine, const struct http_options *options, struct buffer *why)
{
    *machine = (struct machine){.options = *options, .limits = limits_fill(&options->limits)};
    return router_build(&machine->router, options->tables, options->table_count, why);
}

void machine_done(struct machine *machine)
{
    router_done(&machine->router);
}

static struct exchange *exchange_of(struct job *job)
{
    return CONTAINER_OF(job, struct exchange, call.job);
}

struct exchange *exchange_new(struct machine *machine, struct slice target)
{
    struct exchange *x = mem_zero(1, sizeof(*x));
    if (!x)
        return NULL;
    struct call *call = &x->call;
    x->machine = machine;
    call->app = machine->options.app;
    arena_init(&call->arena, CALL_ARENA_MAX);
    buffer_init(&call->body, 0);
    buffer_init(&call->answer, ANSWER_BYTES_MAX);
    call->started_us = clock_monotonic_us();
    if (arena_copy(&call->arena, target, &call->target) != ERR_OK) {
        arena_done(&call->arena);
        mem_free(x);
        return NULL;
    }
    size_t end = slice_find(call->target, '?');
    call->path = slice_head(call->target, end);
    call->query = slice_skip(call->target, end < call->target.n ? end + 1 : end);
    return x;
}

static void give_back_body(struct exchange *x)
{
    buffer_done(&x->call.body);
    atomic_fetch_sub_explicit(&x->machine->body_bytes, x->body_counted, memory_order_relaxed);
    x->body_counted = 0;
}

void exchange_end(struct exchange *x)
{
    struct machine *machine = x->machine;
    if (x->begun) {
        if (machine->options.call_ends)
            machine->options.call_ends(&x->call);
        atomic_fetch_sub_explicit(&machine->in_flight, 1, memory_order_relaxed);
    }
    give_back_body(x);
    buffer_done(&x->call.answer);
    arena_done(&x->call.arena);
    mem_free(x);
}

/* The head's bytes are the network's; the call must outlive them. One allocation for all. */
static enum err copy_head(struct exchange *x, const struct request_head *head)
{
    struct call *call = &x->call;
    TRY(arena_copy(&call->arena, head->method, &call->method));
    call->headers = ARENA_ARRAY(&call->arena, struct call_header, head->header_count);
    if (!call->headers)
        return ERR_MEMORY;
    size_t total = 0;
    for (size_t i = 0; i < head->header_count; i++)
        total += head->headers[i].name.n + head->headers[i].value.n + 2;
    char *at = arena_alloc(&call->arena, total);
    if (!at)
        return ERR_MEMORY;
    for (size_t i = 0; i < head->header_count; i++) {
        /* The white space around a value is not part of it; the guard and the library have judged the whole.
         */
        const struct slice from[2] = {head->headers[i].name, slice_trim(head->headers[i].value)};
        struct slice *to[2] = {&call->headers[i].name, &call->headers[i].value};
        for (size_t k = 0; k < 2; k++) {
            if (from[k].n > 0)
                memcpy(at, from[k].p, from[k].n);
            at[from[k].n] = '\0';
            *to[k] = slice_of(at, from[k].n);
            at += from[k].n + 1;
        }
    }
    call->header_count = head->header_count;
    return ERR_OK;
}

/* A refused request keeps its connection when the rest of it is short and will surely come. */
static enum course course_of_refused(const struct exchange *x)
{
    const struct framing *framing = &x->framing;
    bool has_body = framing->chunked || framing->length > 0;
    bool costly = framing->chunked || framing->length > SMALL_BODY_MAX || framing->expects;
    return has_body && costly ? COURSE_CLOSE : COURSE_BODY;
}

enum course exchange_begin(struct exchange *x, const struct request_head *head)
{
    struct machine *machine = x->machine;
    struct call *call = &x->call;
    x->begun = true;
    atomic_fetch_add_explicit(&machine->in_flight, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&machine->requests, 1, memory_order_relaxed);
    call->received_us = clock_now_us();
    const char *wrong = guard_check(head, &x->framing);
    enum err error = wrong ? ERR_OK : copy_head(x, head);
    request_id_choose(call_header(call, SLICE("X-Request-Id")), call->request_id);
    if (machine->options.call_begins)
        machine->options.call_begins(call);
    if (wrong || error != ERR_OK) {
        /* Where the next request begins is anybody's guess now. */
        if (wrong)
            exchange_refuse(x, REFUSE_BAD_REQUEST, wrong);
        else
            exchange_fail(x, error);
        return COURSE_CLOSE;
    }
    admit(x);
    if (call_is_answered(call)) {
        x->refused = true;
        return course_of_refused(x);
    }
    buffer_init(&call->body, call->endpoint->body_max);
    return COURSE_BODY;
}

/* Counts N bytes of a body. False: the memory for bodies is used up. */
static bool count_body(struct exchange *x, size_t n)
{
    struct machine *machine = x->machine;
    size_t before = atomic_fetch_add_explicit(&machine->body_bytes, n, memory_order_relaxed);
    x->body_counted += n;
    return before + n <= machine->limits.bodies_in_flight;
}

static void refuse_body(struct exchange *x, enum refusal refusal)
{
    exchange_refuse(x, refusal, NULL);
    x->refused = true;
    give_back_body(x);
}

void exchange_body(struct exchange *x, struct slice piece)
{
    struct call *call = &x->call;
    x->bytes_in += piece.n;
    if (x->refused)
        return;
    if (call->body.max == 0) {
        if (x->bytes_in > SMALL_BODY_MAX)
            refuse_body(x, REFUSE_TOO_LARGE);
        return;
    }
    if (piece.n > call->body.max - call->body.length) {
        refuse_body(x, REFUSE_TOO_LARGE);
        return;
    }
    /* A small body gets its memory at once, a large one as it comes. */
    uint64_t declared = x->framing.length;
    size_t first = declared < SMALL_BODY_MAX ? (size_t)declared : SMALL_BODY_MAX;
    if (call->body.length == 0 && first > piece.n)
        buffer_reserve(&call->body, first);
    if (!count_body(x, piece.n) || buffer_append(&call->body, piece) != ERR_OK)
        refuse_body(x, REFUSE_OVERLOAD);
}

static void render(struct exchange *x)
{
    struct call *call = &x->call;
    if (!call_is_answered(call) && call->endpoint->render) {
        enum err error = call->endpoint->render(call);
        if (error != ERR_OK) {
            exchange_fail(x, error);
            return;
        }
    }
    if (buffer_error(&call->answer) != ERR_OK)
        exchange_fail(x, buffer_error(&call->answer));
    else if (!call_is_answered(call))
        call_answer(call, 200);
}

static enum err run_in_lane(struct session *session, struct job *job)
{
    struct exchange *x = exchange_of(job);
    struct call *call = &x->call;
    /* Perhaps not the first time: the transaction of an earlier run may have been rolled back. */
    call->status = x->prepared.status;
    call->content_type = x->prepared.content_type;
    call->answer_header_count = x->prepared.answer_header_count;
    call->answer.length = x->prepared.answer_length;
    call->answer.error = ERR_OK;
    return call->endpoint->run(session, call);
}

static void lane_done(struct job *job, enum err error)
{
    struct exchange *x = exchange_of(job);
    x->call.lane_error = error;
    x->returned(x);
}

enum course exchange_prepare(struct exchange *x)
{
    struct call *call = &x->call;
    const struct endpoint *endpoint = call->endpoint;
    if (x->refused)
        return COURSE_ANSWER;
    enum err error = endpoint->prepare ? endpoint->prepare(call) : ERR_OK;
    bool answered = call_is_answered(call);
    if (error != ERR_OK && !(answered && err_kind(error) == ERR_KIND_CLIENT)) {
        exchange_fail(x, error);
        return COURSE_ANSWER;
    }
    bool wants_run = endpoint->lane != LANE_NONE && endpoint->run && (!answered || call->wants_lane);
    if (!wants_run || buffer_error(&call->answer) != ERR_OK) {
        render(x);
        return COURSE_ANSWER;
    }
    x->prepared.status = call->status;
    x->prepared.content_type = call->content_type;
    x->prepared.answer_header_count = call->answer_header_count;
    x->prepared.answer_length = call->answer.length;
    call->job = (struct job){.run = run_in_lane, .done = lane_done};
    return COURSE_LANE;
}

enum course exchange_submit(struct exchange *x)
{
    const struct dispatcher *dispatcher = x->machine->options.dispatcher;
    enum lane lane = x->call.endpoint->lane;
    enum err error;
    if (lane == LANE_LOOKUP && dispatcher->lookup &&
        dispatcher->lookup(dispatcher->context, &x->call.job, &error)) {
        exchange_lane_ended(x, error);
        return COURSE_ANSWER;
    }
    if (lane == LANE_WRITE)
        error = dispatcher->submit_write(dispatcher->context, &x->call.job);
    else
        error = dispatcher->submit_read(dispatcher->context, &x->call.job);
    if (error == ERR_OK)
        return COURSE_WAIT;
    exchange_fail(x, error);
    return COURSE_ANSWER;
}

void exchange_lane_ended(struct exchange *x, enum err error)
{
    x->call.lane_error = error;
    if (error != ERR_OK)
        exchange_fail(x, error); /* whatever run has answered: it did not happen */
    else
        render(x);
}
