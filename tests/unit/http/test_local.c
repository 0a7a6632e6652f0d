/* A request without a network: answers of prepare, run and render, and what a failed lane does to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/http/local.h"

#include "inlet/base/mem.h"
#include "unit.h"

static unsigned begun, ended, runs;

static void write_answer(struct call *call, unsigned status, const char *text)
{
    buffer_append_text(&call->answer, text);
    call_answer(call, status);
}

static enum err answer_early(struct call *call)
{
    write_answer(call, 400, "early");
    return ERR_OK;
}

static enum err answer_and_fail(struct call *call)
{
    write_answer(call, 400, "refused");
    return ERR_INVALID;
}

static enum err answer_and_keep(struct call *call)
{
    write_answer(call, 400, "kept");
    call->wants_lane = true;
    return ERR_OK;
}

static enum err run_out_of_memory(struct call *call)
{
    write_answer(call, 200, "half an ans");
    return ERR_MEMORY;
}

static enum err fail_without_words(struct call *call)
{
    (void)call;
    return ERR_INVALID;
}

static enum err run(struct session *session, struct call *call)
{
    (void)session;
    (void)call;
    runs++;
    return ERR_OK;
}

static enum err run_answers(struct session *session, struct call *call)
{
    (void)session;
    runs++;
    write_answer(call, 409, "ran ");
    call_answer_header(call, SLICE("X"), SLICE("y"));
    return ERR_OK;
}

static enum err run_answers_and_fails(struct session *session, struct call *call)
{
    TRY(run_answers(session, call));
    return ERR_CONFLICT;
}

static enum err render(struct call *call)
{
    return buffer_print(&call->answer, "rendered %.*s", SLICE_ARG(buffer_slice(&call->body)));
}

static enum err render_endlessly(struct call *call)
{
    call_answer(call, 200);
    while (buffer_append_text(&call->answer, "for ever and ever, and then once more ") == ERR_OK)
        ;
    return ERR_OK;
}

static enum err authenticate(struct call *call)
{
    if (call->over_control_socket) {
        call->principal = (struct principal){.scopes = SCOPE_ADMIN, .is_operator = true};
        return ERR_OK;
    }
    write_answer(call, 401, "who?");
    return ERR_INVALID;
}

static void refuse(struct call *call, enum refusal refusal, const char *what)
{
    static const unsigned statuses[] = {400, 404, 405, 403, 413, 417, 503, 500};
    write_answer(call, statuses[refusal], what ? what : "refused");
}

static const struct dialect main_dialect = {
    .name = "main", .path_prefix = "", .authenticate = authenticate, .refuse = refuse};
static const struct dialect other_dialect = {.name = "other", .path_prefix = "/other/"};
static const struct dialect *const dialects[] = {&main_dialect, &other_dialect};

#define ROW .method = "POST", .dialect = &main_dialect, .body_max = 10

static const struct endpoint endpoints[] = {
    {ROW, .path = "/none/", .render = render},
    {ROW, .path = "/early/", .prepare = answer_early, .render = render},
    {ROW, .path = "/early-lane/", .lane = LANE_WRITE, .prepare = answer_early, .run = run, .render = render},
    {ROW, .path = "/refuses/", .lane = LANE_WRITE, .prepare = answer_and_fail, .run = run, .render = render},
    {ROW, .path = "/kept/", .lane = LANE_WRITE, .prepare = answer_and_keep, .run = run, .render = render},
    {ROW, .path = "/memory/", .prepare = run_out_of_memory, .render = render},
    {ROW, .path = "/wordless/", .prepare = fail_without_words, .render = render},
    {ROW, .path = "/lane/", .lane = LANE_WRITE, .run = run, .render = render},
    {ROW, .path = "/answers/", .lane = LANE_READ, .run = run_answers, .render = render},
    {ROW, .path = "/fails/", .lane = LANE_WRITE, .run = run_answers_and_fails, .render = render},
    {ROW, .path = "/kept-fails/", .lane = LANE_WRITE, .prepare = answer_and_keep,
     .run = run_answers_and_fails},
    {ROW, .path = "/endless/", .render = render_endlessly},
    {ROW, .path = "/empty/"},
    {ROW, .path = "/admin/", .scopes = SCOPE_ADMIN, .render = render},
};
static const struct endpoint_table tables[] = {{endpoints, ARRAY_LENGTH(endpoints)}};

static void begins(struct call *call)
{
    ck_assert_ptr_eq(call->app, &begun);
    ck_assert_uint_gt(strlen(call->request_id), 0);
    begun++;
}

static void ends(struct call *call)
{
    (void)call;
    ended++;
}

/* A lane whose first transaction is always rolled back. */
static enum err run_twice(void *context, struct job *job)
{
    enum err error = job->run(NULL, job);
    error = job->run(NULL, job);
    const enum err *transaction = context;
    return error == ERR_OK ? *transaction : error;
}

static const struct http_options options = {
    .tables = tables,
    .table_count = 1,
    .dialects = dialects,
    .dialect_count = 2,
    .app = &begun,
    .call_begins = begins,
    .call_ends = ends,
};

START_TEST(every_path_through_the_machine)
{
    static const struct {
        const char *method, *target, *body;
        enum err transaction;
        bool control;
        unsigned status;
        const char *answer;
        unsigned runs;
    } rows[] = {
        {"POST", "/none/", "abc", ERR_OK, false, 200, "rendered abc", 0},
        {"POST", "/none/?a=b", "", ERR_OK, false, 200, "rendered ", 0},
        {"POST", "/none/", "0123456789", ERR_OK, false, 200, "rendered 0123456789", 0},
        {"POST", "/none/", "0123456789a", ERR_OK, false, 413, "refused", 0},
        {"GET", "/none/", "", ERR_OK, false, 405, "refused", 0},
        {"OPTIONS", "/none/", "", ERR_OK, false, 204, "", 0},
        {"FROB", "/none/", "", ERR_OK, false, 405, "refused", 0},
        {"POST", "/missing/", "", ERR_OK, false, 404, "refused", 0},
        {"POST", "/other/missing/", "", ERR_OK, false, 404, "", 0}, /* its dialect has no words */
        {"POST", "none", "", ERR_OK, false, 400, "The request target must be a path.", 0},
        {"POST", "/early/", "", ERR_OK, false, 400, "early", 0},
        {"POST", "/early-lane/", "", ERR_OK, false, 400, "early", 0},
        {"POST", "/refuses/", "", ERR_OK, false, 400, "refused", 0},
        {"POST", "/kept/", "", ERR_OK, false, 400, "kept", 2},
        {"POST", "/kept/", "", ERR_DISK_FULL, false, 503, "refused", 2},
        {"POST", "/memory/", "", ERR_OK, false, 503, "refused", 0},
        {"POST", "/wordless/", "", ERR_OK, false, 500, "refused", 0},
        {"POST", "/lane/", "x", ERR_OK, false, 200, "rendered x", 2},
        {"POST", "/lane/", "x", ERR_BUSY, false, 503, "refused", 2},
        {"POST", "/lane/", "x", ERR_CORRUPT, false, 500, "refused", 2},
        {"POST", "/answers/", "x", ERR_OK, false, 409, "ran ", 2},
        {"POST", "/answers/", "x", ERR_IO, false, 503, "refused", 2},
        {"POST", "/fails/", "x", ERR_OK, false, 500, "refused", 2},
        {"POST", "/kept-fails/", "x", ERR_OK, false, 500, "refused", 2},
        {"POST", "/endless/", "", ERR_OK, false, 500, "refused", 0},
        {"POST", "/empty/", "", ERR_OK, false, 200, "", 0},
        {"POST", "/admin/", "", ERR_OK, false, 401, "who?", 0},
        {"POST", "/admin/", "x", ERR_OK, true, 200, "rendered x", 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer answer;
        enum err transaction = rows[i].transaction;
        unsigned status = 0;
        buffer_init(&answer, 1000);
        begun = ended = runs = 0;
        struct local_request request = {.method = rows[i].method,
                                        .target = slice_from(rows[i].target),
                                        .body = slice_from(rows[i].body),
                                        .over_control_socket = rows[i].control};
        ck_assert_int_eq(http_local(&options, &request, run_twice, &transaction, &status, &answer), ERR_OK);
        ck_assert_msg(status == rows[i].status, "row %zu: %u", i, status);
        ck_assert_msg(slice_equal(buffer_slice(&answer), slice_from(rows[i].answer)), "row %zu: %.*s", i,
                      SLICE_ARG(buffer_slice(&answer)));
        ck_assert_msg(runs == rows[i].runs, "row %zu: %u runs", i, runs);
        ck_assert_uint_eq(begun, 1);
        ck_assert_uint_eq(ended, 1);
        buffer_done(&answer);
    }
}
END_TEST

START_TEST(an_answer_that_does_not_fit_is_told)
{
    struct buffer answer;
    enum err transaction = ERR_OK;
    unsigned status = 0;
    buffer_init(&answer, 3);
    struct local_request request = {.method = "POST", .target = SLICE("/none/")};
    ck_assert_int_eq(http_local(&options, &request, run_twice, &transaction, &status, &answer), ERR_LIMIT);
    ck_assert_uint_eq(status, 0);
    buffer_done(&answer);
}
END_TEST

/* Whatever allocation fails, the request is refused or the caller told, and nothing is lost. */
START_TEST(every_allocation_may_fail)
{
    static const char *const targets[] = {"/lane/?a", "/admin/", "/kept/", "/missing/"};
    for (size_t i = 0; i < ARRAY_LENGTH(targets); i++) {
        bool fired = true;
        for (long n = 1; fired; n++) {
            struct buffer answer;
            enum err transaction = ERR_OK;
            unsigned status = 0;
            buffer_init(&answer, 1000);
            begun = ended = 0;
            static const struct call_header headers[] = {{SLICE_INIT("X-Request-Id"), SLICE_INIT("x")}};
            struct local_request request = {.method = "POST",
                                            .target = slice_from(targets[i]),
                                            .headers = headers,
                                            .header_count = 1,
                                            .body = SLICE("abc"),
                                            .over_control_socket = true};
            mem_fault_set(n);
            enum err error = http_local(&options, &request, run_twice, &transaction, &status, &answer);
            fired = mem_fault_fired();
            mem_fault_set(-1);
            ck_assert_msg(error == ERR_MEMORY || (error == ERR_OK && status >= 200), "%s: %ld", targets[i],
                          n);
            ck_assert_uint_eq(begun, ended);
            buffer_done(&answer);
        }
    }
}
END_TEST

UNIT_MAIN("local", every_path_through_the_machine, an_answer_that_does_not_fit_is_told,
          every_allocation_may_fail)
