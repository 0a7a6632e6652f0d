/* Accepts: one thread, all listeners, admission before anything is spent on a connection. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "acceptor.h"

#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * DESIGN. A thread of its own, because workers that accept for themselves skew: one of them often takes every
 * connection. Handing out in turn makes the loads even.
 */

#define FIRST_INHERITED      3
#define ACCEPTS_PER_LISTENER 64 /* then the other listeners have their turn */
#define OUT_OF_FILES_WAIT_MS 100

static enum err open_listeners(struct acceptor *acceptor, const struct http_options *options,
                               struct buffer *why)
{
    size_t inherited = net_inherited_sockets();
    size_t count = inherited > 0 ? inherited : options->listen_count;
    if (count + 1 > LISTENERS_MAX) {
        buffer_append_text(why, "too many addresses to listen on");
        return ERR_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        int fd = FIRST_INHERITED + (int)i;
        if (inherited == 0)
            TRY(net_listen_tcp(options->listen[i], &fd, why));
        acceptor->listeners[acceptor->listener_count++] = fd;
        /* An inherited one may be blocking, and its client gone before we accept. */
        if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
            buffer_print(why, "descriptor %d is no socket to listen on", fd);
            return ERR_SYSTEM;
        }
    }
    if (options->control_path) {
        int fd;
        TRY(net_listen_unix(options->control_path, &fd, why));
        acceptor->listeners[acceptor->listener_count++] = fd;
        acceptor->has_control = true;
        acceptor->control_path = options->control_path;
    }
    return ERR_OK;
}

enum err acceptor_listen(struct acceptor *acceptor, const struct http_options *options, struct buffer *why)
{
    *acceptor = (struct acceptor){.stop_fd = -1, .epoll_fd = -1};
    enum err error = open_listeners(acceptor, options, why);
    if (error != ERR_OK)
        acceptor_close(acceptor);
    return error;
}

void acceptor_close(struct acceptor *acceptor)
{
    if (acceptor->has_control)
        unlink(acceptor->control_path);
    for (size_t i = 0; i < acceptor->listener_count; i++)
        close(acceptor->listeners[i]);
    if (acceptor->stop_fd >= 0)
        close(acceptor->stop_fd);
    if (acceptor->epoll_fd >= 0)
        close(acceptor->epoll_fd);
    *acceptor = (struct acceptor){.stop_fd = -1, .epoll_fd = -1};
}

/* The control socket makes whoever reaches it an operator: root and the server's own user only. */
static bool peer_is_trusted(int fd)
{
    uid_t uid;
    return net_peer_uid(fd, &uid) == ERR_OK && (uid == 0 || uid == geteuid());
}

static void take(struct acceptor *acceptor, int fd, bool control)
{
    struct connection *connection = mem_zero(1, sizeof(*connection));
    if (!connection || (control && !peer_is_trusted(fd))) {
        mem_free(connection);
        close(fd);
        return;
    }
    int on = 1;
    if (!control)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
                   sizeof(on)); /* fails on Unix sockets handed to us: no harm */
    connection->fd = fd;
    connection->over_control_socket = control;
    connection->deadline = DEADLINE_NONE;
    net_peer_address(fd, connection->remote_address);
    if (!admission_enter(acceptor->admission, connection)) {
        mem_free(connection);
        close(fd);
        return;
    }
    connection->worker = &acceptor->workers[acceptor->next_worker];
    acceptor->next_worker = (acceptor->next_worker + 1) % acceptor->worker_count;
    inbox_push_connection(&connection->worker->inbox, connection);
}

/* False: the process or the system has no descriptor left. */
static bool accept_from(struct acceptor *acceptor, size_t index)
{
    bool control = acceptor->has_control && index + 1 == acceptor->listener_count;
    for (unsigned i = 0; i < ACCEPTS_PER_LISTENER; i++) {
        int fd = accept4(acceptor->listeners[index], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            take(acceptor, fd, control);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return false;
        else if (errno == EAGAIN)
            return true;
        /* Anything else happened to that one connection (see accept(2)): the next one, please. */
    }
    return true;
}

static void run(void *argument)
{
    struct acceptor *acceptor = argument;
    for (;;) {
        struct epoll_event events[LISTENERS_MAX + 1];
        int count = epoll_wait(acceptor->epoll_fd, events, ARRAY_LENGTH(events), -1);
        bool exhausted = false;
        for (int i = 0; i < count; i++) {
            if (events[i].data.u64 == LISTENERS_MAX)
                return;
            exhausted = !accept_from(acceptor, (size_t)events[i].data.u64) || exhausted;
        }
        if (exhausted) {
            /* The connection stays in the backlog, and its listener readable: wait, or this is a busy loop.
             */
            struct pollfd stop = {.fd = acceptor->stop_fd, .events = POLLIN};
            log_event(LOG_ERROR, "no descriptor or memory for another connection", NULL, 0);
            poll(&stop, 1, OUT_OF_FILES_WAIT_MS);
        }
    }
}

static bool watch(const struct acceptor *acceptor, int fd, size_t index)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = index};
    return epoll_ctl(acceptor->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum err acceptor_start(struct acceptor *acceptor, struct worker *workers, size_t worker_count,
                        struct admission *admission)
{
    acceptor->workers = workers;
    acceptor->worker_count = worker_count;
    acceptor->admission = admission;
    acceptor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    acceptor->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    bool watched = acceptor->epoll_fd >= 0 && acceptor->stop_fd >= 0 &&
                   watch(acceptor, acceptor->stop_fd, LISTENERS_MAX);
    for (size_t i = 0; i < acceptor->listener_count; i++)
        watched = watched && watch(acceptor, acceptor->listeners[i], i);
    if (!watched)
        return ERR_SYSTEM;
    return thread_start(&acceptor->thread, "accept", run, acceptor);
}

void acceptor_stop(struct acceptor *acceptor)
{
    uint64_t one = 1;
    ssize_t ignored = write(acceptor->stop_fd, &one, sizeof(one));
    (void)ignored;
    thread_join(acceptor->thread);
    acceptor_close(acceptor);
}
