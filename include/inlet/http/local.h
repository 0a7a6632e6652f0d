/* A request without a network: the same routes and functions, driven by the command line and by tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_HTTP_LOCAL_H
#define INLET_HTTP_LOCAL_H

#include "inlet/http/server.h"

struct local_request {
    const char *method;
    struct slice target;
    const struct call_header *headers;
    size_t header_count;
    struct slice body;
    bool over_control_socket; /* as if it had come there: an operator */
};

/*
 * Runs one request through route, authentication, prepare, lane and render, all before it returns. Jobs go through
 * RUN_JOB (typically store_run). *RET_STATUS and ANSWER (initialized by the caller, appended to) get the answer.
 * ERR_MEMORY, ERR_LIMIT; a refused request is not an error.
 */
NODISCARD enum err http_local(const struct http_options *options, const struct local_request *request,
                              enum err (*run_job)(void *context, struct job *job), void *context,
                              unsigned *ret_status, struct buffer *answer);

#endif
