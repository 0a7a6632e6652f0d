/* The acceptor: takes connections in and hands them to the workers in turn. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SRC_HTTP_ACCEPTOR_H
#define INLET_SRC_HTTP_ACCEPTOR_H

#include "worker.h"

#define LISTENERS_MAX 64

struct acceptor {
    int listeners[LISTENERS_MAX]; /* it owns them; the control socket is the last one */
    size_t listener_count;
    bool has_control;
    const char *control_path; /* removed at the end */
    struct worker *workers;
    size_t worker_count, next_worker;
    struct admission *admission;
    pthread_t thread;
    int stop_fd, epoll_fd;
};

/* Binds everything that OPTIONS name, or takes the service manager's sockets instead of options->listen. On
 * failure *WHY says why and nothing is left open. ERR_SYSTEM, ERR_INVALID, ERR_LOCKED. */
NODISCARD enum err acceptor_listen(struct acceptor *acceptor, const struct http_options *options,
                                   struct buffer *why);

/* Closes what acceptor_listen has opened. */
void acceptor_close(struct acceptor *acceptor);

/* Starts the thread. The workers run. ERR_SYSTEM. */
NODISCARD enum err acceptor_start(struct acceptor *acceptor, struct worker *workers, size_t worker_count,
                                  struct admission *admission);

/* Ends the thread and closes the listeners: new clients are refused by the kernel. */
void acceptor_stop(struct acceptor *acceptor);

#endif
