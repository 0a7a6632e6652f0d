/* Drives one request through the machine without a network. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/http/local.h"

#include "limits.h"
#include "machine.h"

static enum err converse(struct machine *machine, const struct local_request *request,
                         enum err (*run_job)(void *context, struct job *job), void *context,
                         unsigned *ret_status, struct buffer *answer)
{
    struct exchange *x = exchange_new(machine, request->target);
    if (!x)
        return ERR_MEMORY;
    x->call.remote_address = request->over_control_socket ? SLICE("unix") : SLICE("local");
    x->call.over_control_socket = request->over_control_socket;
    struct request_head head = {
        .method = slice_from(request->method),
        .target = request->target,
        .version = SLICE("HTTP/1.0"), /* no Host is asked for */
        .headers = request->headers,
        .header_count = request->header_count,
    };
    enum course course = exchange_begin(x, &head);
    if (course == COURSE_BODY) {
        if (request->body.n > 0)
            exchange_body(x, request->body);
        course = exchange_prepare(x);
    }
    if (course == COURSE_LANE)
        exchange_lane_ended(x, run_job(context, &x->call.job));
    enum err error = buffer_append(answer, buffer_slice(&x->call.answer));
    if (error == ERR_OK)
        *ret_status = x->call.status;
    exchange_end(x);
    return error;
}

enum err http_local(const struct http_options *options, const struct local_request *request,
                    enum err (*run_job)(void *context, struct job *job), void *context, unsigned *ret_status,
                    struct buffer *answer)
{
    struct machine machine;
    struct buffer why;
    buffer_init(&why, 1024);
    enum err error = machine_init(&machine, options, &why);
    if (error == ERR_OK)
        error = converse(&machine, request, run_job, context, ret_status, answer);
    machine_done(&machine);
    buffer_done(&why);
    return error;
}
