/* A relay between the driver and the server that can be told to drop or to stall the connection after so many bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_PG_PROXY_H
#define INLET_TESTS_STORE_PG_PROXY_H

#include "pg_place.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

enum pg_proxy_end { PROXY_CLOSES, PROXY_RESETS, PROXY_STALLS };
enum pg_proxy_side { PROXY_CLIENT, PROXY_SERVER };

#define PROXY_UNLIMITED LONG_MAX

/* One connection at a time. */
struct pg_proxy {
    int listener, fds[2]; /* of the connection: to the client, to the server */
    struct sockaddr_storage server;
    socklen_t server_length;
    int port;
    pthread_t thread;
    atomic_bool stop;
    atomic_long left[2]; /* bytes that may still pass, as they come from either side */
    atomic_int end;      /* what happens then */
    atomic_int trips;    /* how often the client spoke after the server had */
    enum pg_proxy_side spoke;
    bool stalled;
};

static inline void pg_proxy_drop(struct pg_proxy *proxy)
{
    struct linger at_once = {.l_onoff = atomic_load(&proxy->end) == PROXY_RESETS, .l_linger = 0};
    for (int i = 0; i < 2; i++) {
        if (proxy->fds[i] < 0)
            continue;
        setsockopt(proxy->fds[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        close(proxy->fds[i]);
        proxy->fds[i] = -1;
    }
    proxy->stalled = false;
}

static inline void pg_proxy_accept(struct pg_proxy *proxy)
{
    int on = 1;
    pg_proxy_drop(proxy);
    proxy->fds[PROXY_CLIENT] = accept(proxy->listener, NULL, NULL);
    proxy->fds[PROXY_SERVER] = socket(proxy->server.ss_family, SOCK_STREAM, 0);
    if (connect(proxy->fds[PROXY_SERVER], (struct sockaddr *)(void *)&proxy->server, proxy->server_length) !=
        0)
        pg_proxy_drop(proxy);
    for (int i = 0; i < 2 && proxy->fds[i] >= 0; i++)
        setsockopt(proxy->fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static inline void pg_proxy_pass(struct pg_proxy *proxy, enum pg_proxy_side from)
{
    char bytes[8192];
    ssize_t n = read(proxy->fds[from], bytes, sizeof(bytes));
    if (n <= 0) {
        pg_proxy_drop(proxy);
        return;
    }
    if (from == PROXY_CLIENT && proxy->spoke == PROXY_SERVER)
        atomic_fetch_add(&proxy->trips, 1);
    proxy->spoke = from;
    long left = atomic_load(&proxy->left[from]);
    bool cut = left != PROXY_UNLIMITED && n >= left;
    ssize_t pass = cut ? left : n;
    if (left != PROXY_UNLIMITED)
        atomic_store(&proxy->left[from], left - pass);
    for (ssize_t at = 0; at < pass;) {
        ssize_t sent = send(proxy->fds[!from], bytes + at, (size_t)(pass - at), MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        at += sent;
    }
    if (cut && atomic_load(&proxy->end) == PROXY_STALLS)
        proxy->stalled = true;
    else if (cut)
        pg_proxy_drop(proxy);
}

static inline void *pg_proxy_run(void *argument)
{
    struct pg_proxy *proxy = argument;
    while (!atomic_load(&proxy->stop)) {
        struct pollfd polled[3] = {{.fd = proxy->listener, .events = POLLIN}};
        for (int i = 0; i < 2; i++)
            polled[i + 1] = (struct pollfd){.fd = proxy->stalled ? -1 : proxy->fds[i], .events = POLLIN};
        if (poll(polled, 3, 10) <= 0)
            continue;
        if (polled[0].revents)
            pg_proxy_accept(proxy);
        else if (polled[2].revents)
            pg_proxy_pass(proxy, PROXY_SERVER);
        else if (polled[1].revents)
            pg_proxy_pass(proxy, PROXY_CLIENT);
    }
    pg_proxy_drop(proxy);
    return NULL;
}

/* Where the tests' server listens: a port of this machine, or a socket in a directory. */
static inline void pg_proxy_find_server(struct pg_proxy *proxy, PGconn *admin)
{
    const char *host = PQhost(admin);
    if (host[0] == '/') {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/.s.PGSQL.%.8s", host, PQport(admin));
        memcpy(&proxy->server, &address, sizeof(address));
        proxy->server_length = sizeof(address);
        return;
    }
    socklen_t length = sizeof(proxy->server);
    ck_assert_int_eq(getpeername(PQsocket(admin), (struct sockaddr *)(void *)&proxy->server, &length), 0);
    proxy->server_length = length;
}

static inline void pg_proxy_init(struct pg_proxy *proxy, struct pg_place *place)
{
    memset(proxy, 0, sizeof(*proxy));
    proxy->fds[0] = proxy->fds[1] = -1;
    pg_proxy_find_server(proxy, place->admin);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    proxy->listener = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(proxy->listener, (struct sockaddr *)(void *)&address, length), 0);
    ck_assert_int_eq(listen(proxy->listener, 8), 0);
    ck_assert_int_eq(getsockname(proxy->listener, (struct sockaddr *)(void *)&address, &length), 0);
    proxy->port = ntohs(address.sin_port);
    atomic_init(&proxy->left[0], PROXY_UNLIMITED);
    atomic_init(&proxy->left[1], PROXY_UNLIMITED);
    ck_assert_int_eq(pthread_create(&proxy->thread, NULL, pg_proxy_run, proxy), 0);
}

static inline void pg_proxy_done(struct pg_proxy *proxy)
{
    atomic_store(&proxy->stop, true);
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
}

/* The connection string of PLACE, through the proxy; of what is said twice, libpq takes the last. */
static inline void pg_proxy_url(const struct pg_proxy *proxy, const struct pg_place *place, char *url,
                                size_t size)
{
    char port[16];
    snprintf(port, sizeof(port), "%d", proxy->port);
    snprintf(url, size, "%s", place->url);
    pg_place_add(url, size, "host", "127.0.0.1");
    pg_place_add(url, size, "hostaddr", "");
    pg_place_add(url, size, "port", port);
    pg_place_add(url, size, "application_name", "inlet cut");
}

/* From now on: after LEFT bytes from SIDE have passed, END happens. Nothing may be under way. */
static inline void pg_proxy_arm(struct pg_proxy *proxy, enum pg_proxy_side side, long left,
                                enum pg_proxy_end end)
{
    atomic_store(&proxy->end, end);
    atomic_store(&proxy->left[!side], PROXY_UNLIMITED);
    atomic_store(&proxy->left[side], left);
}

static inline void pg_proxy_disarm(struct pg_proxy *proxy)
{
    pg_proxy_arm(proxy, PROXY_CLIENT, PROXY_UNLIMITED, PROXY_CLOSES);
}

#endif
