/* The toy application. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toy.h"

#include "inlet/base/thread.h"

#include <unistd.h>

static void say(struct call *call, unsigned status, const char *text)
{
    buffer_clear(&call->answer);
    buffer_append_text(&call->answer, text);
    call->content_type = "text/plain";
    call_answer(call, status);
}

static enum err hello(struct call *call)
{
    say(call, 200, "hello");
    return ERR_OK;
}

static enum err echo(struct call *call)
{
    call->content_type = "text/plain";
    return buffer_append(&call->answer, buffer_slice(&call->body));
}

/* More than the buffers of a socket hold. */
static enum err answer_at_length(struct call *call)
{
    TRY(buffer_reserve(&call->answer, (size_t)16 << 20));
    for (unsigned i = 0; i < 1U << 20; i++)
        TRY(buffer_append_text(&call->answer, "0123456789abcdef"));
    call_answer(call, 200);
    return ERR_OK;
}

/* What a run leaves for render: nothing of an earlier run may be kept. */
static enum err work(struct session *session, struct call *call)
{
    (void)session;
    size_t *length = ARENA_NEW(&call->arena, size_t);
    if (!length)
        return ERR_MEMORY;
    *length = call->body.length;
    call->state = length;
    return ERR_OK;
}

static enum err tell(struct call *call)
{
    const size_t *length = call->state;
    call->content_type = "text/plain";
    return buffer_print(&call->answer, "worked on %zu bytes", *length);
}

static enum err tell_argument(struct call *call)
{
    call->content_type = "text/plain";
    return buffer_print(&call->answer, "<%.*s>", SLICE_ARG(call->arguments[0]));
}

/* Answers, and fails all the same. */
static enum err answer_and_break(struct session *session, struct call *call)
{
    (void)session;
    say(call, 201, "must not be seen");
    call_answer_header(call, SLICE("X-Leak"), SLICE("yes"));
    return ERR_INTERNAL;
}

static enum err answer_and_be_busy(struct session *session, struct call *call)
{
    (void)session;
    say(call, 201, "must not be seen");
    return ERR_BUSY;
}

static enum err answer_in_lane(struct session *session, struct call *call)
{
    (void)session;
    say(call, 409, "the lane has answered");
    return ERR_OK;
}

static enum err authenticate(struct call *call)
{
    struct slice token = call_header(call, SLICE("Authorization"));
    if (call->over_control_socket)
        call->principal = (struct principal){.scopes = SCOPE_ADMIN | SCOPE_READ, .is_operator = true};
    else if (slice_equal(token, SLICE("Token good")))
        call->principal = (struct principal){.organization_id = 1, .scopes = SCOPE_FULL | SCOPE_READ};
    else if (slice_equal(token, SLICE("Token admin")))
        call->principal =
            (struct principal){.organization_id = 1, .scopes = SCOPE_FULL | SCOPE_READ | SCOPE_ADMIN};
    else if (slice_equal(token, SLICE("Token ingest")))
        call->principal = (struct principal){.organization_id = 1, .scopes = SCOPE_INGEST};
    if (call->principal.scopes)
        return ERR_OK;
    say(call, 401, "who are you?");
    call_answer_header(call, SLICE("WWW-Authenticate"), SLICE("Token"));
    return ERR_INVALID;
}

static void refuse(struct call *call, enum refusal refusal, const char *what)
{
    static const struct {
        unsigned status;
        const char *text;
    } rows[] = {
        [REFUSE_BAD_REQUEST] = {400, "bad"},       [REFUSE_NOT_FOUND] = {404, "no such path"},
        [REFUSE_METHOD] = {405, "no such method"}, [REFUSE_SCOPE] = {403, "not for you"},
        [REFUSE_TOO_LARGE] = {413, "too large"},   [REFUSE_EXPECTATION] = {417, "great expectations"},
        [REFUSE_OVERLOAD] = {503, "too busy"},     [REFUSE_INTERNAL] = {500, "broken"},
    };
    say(call, rows[refusal].status, what ? what : rows[refusal].text);
}

static void options(struct call *call)
{
    say(call, 200, call->endpoint->name);
}

static const struct dialect toy_dialect = {
    .name = "toy", .path_prefix = "", .authenticate = authenticate, .refuse = refuse, .options = options};

#define ROW .dialect = &toy_dialect

static const struct endpoint toy_endpoints[] = {
    {ROW, .method = "GET", .path = "/", .name = "Root", .prepare = hello},
    {ROW, .method = "GET", .path = "/hello/", .name = "Hello", .prepare = hello},
    {ROW, .method = "POST", .path = "/hello/", .name = "Hello", .prepare = hello},
    {ROW, .method = "GET", .path = "/large/", .name = "Large", .prepare = answer_at_length},
    {ROW, .method = "POST", .path = "/echo/", .name = "Echo", .body_max = 100000, .render = echo},
    {ROW, .method = "POST", .path = "/small/", .name = "Small", .body_max = 10, .render = echo},
    {ROW, .method = "POST", .path = "/write/", .name = "Write", .lane = LANE_WRITE, .body_max = 65536,
     .run = work, .render = tell},
    {ROW, .method = "GET", .path = "/read/", .name = "Read", .lane = LANE_READ, .run = work, .render = tell},
    {ROW, .method = "GET", .path = "/lookup/{id}/", .name = "Look-up", .lane = LANE_LOOKUP, .run = work,
     .render = tell_argument},
    {ROW, .method = "GET", .path = "/guarded/", .name = "Guarded", .scopes = SCOPE_READ, .prepare = hello},
    {ROW, .method = "POST", .path = "/guarded/", .name = "Guarded", .scopes = SCOPE_FULL, .body_max = 100,
     .render = echo},
    {ROW, .method = "DELETE", .path = "/guarded/", .name = "Guarded", .scopes = SCOPE_ADMIN, .hidden = true,
     .prepare = hello},
    {ROW, .method = "GET", .path = "/secret/", .name = "Secret", .scopes = SCOPE_ADMIN, .hidden = true,
     .prepare = hello},
    {ROW, .method = "POST", .path = "/broken/", .name = "Broken", .lane = LANE_WRITE, .run = answer_and_break,
     .render = echo},
    {ROW, .method = "POST", .path = "/busy/", .name = "Busy", .lane = LANE_WRITE, .run = answer_and_be_busy,
     .render = echo},
    {ROW, .method = "POST", .path = "/answers/", .name = "Answers", .lane = LANE_WRITE, .run = answer_in_lane,
     .render = echo},
};

const struct endpoint_table toy_tables[1] = {{toy_endpoints, ARRAY_LENGTH(toy_endpoints)}};
const struct dialect *const toy_dialects[1] = {&toy_dialect};

static void run_lane(void *argument)
{
    struct toy_lane *lane = argument;
    enum { BATCH_MAX = 512 };
    static _Thread_local enum err errors[BATCH_MAX];
    struct job *list;
    size_t count;
    while ((list = queue_take(&lane->queue, BATCH_MAX, &count))) {
        size_t i = 0;
        for (struct job *job = list; job; job = job->next) {
            errors[i] = job->run(NULL, job);
            errors[i++] = job->run(NULL, job); /* as if the first transaction had been rolled back */
        }
        if (lane->batch_delay_us > 0)
            usleep(lane->batch_delay_us);
        i = 0;
        for (struct job *job = list, *next; job; job = next) {
            next = job->next;
            job->done(job, errors[i++]);
        }
    }
}

static enum err submit(void *context, struct job *job)
{
    struct toy_lane *lane = context;
    return queue_push(&lane->queue, job);
}

static bool lookup(void *context, struct job *job, enum err *ret_error)
{
    (void)context;
    *ret_error = job->run(NULL, job);
    return true;
}

enum err toy_lane_start(struct toy_lane *lane, size_t queue_max, unsigned batch_delay_us)
{
    *lane = (struct toy_lane){.batch_delay_us = batch_delay_us};
    lane->dispatcher = (struct dispatcher){lane, submit, submit, lookup};
    TRY(queue_init(&lane->queue, queue_max));
    return thread_start(&lane->thread, "toy-lane", run_lane, lane);
}

void toy_lane_stop(struct toy_lane *lane)
{
    queue_close(&lane->queue);
    thread_join(lane->thread);
    queue_done(&lane->queue);
}

struct http_options toy_options(const struct toy_lane *lane)
{
    static const char *const addresses[] = {"127.0.0.1:0"};
    return (struct http_options){
        .listen = addresses,
        .listen_count = 1,
        .threads = 2,
        .tables = toy_tables,
        .table_count = 1,
        .dialects = toy_dialects,
        .dialect_count = 1,
        .dispatcher = &lane->dispatcher,
    };
}
