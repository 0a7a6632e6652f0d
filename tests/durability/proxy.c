/* A relay for PostgreSQL's protocol (version 3, unencrypted) that knows where a message ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy.h"

#include "harness.h"

#include "inlet/base/clock.h"
#include "inlet/base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES_MAX ((size_t)64 << 20)
#define READ_SIZE    65536
#define POLL_MS      20

/* The length of the message that TEXT begins with; 0: it has not come wholly yet. */
static size_t message_length(struct slice text, bool has_type)
{
    size_t head = has_type ? 5 : 4;
    if (text.n < head)
        return 0;
    const unsigned char *at = (const unsigned char *)text.p + head - 4;
    size_t length = ((size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]) + head - 4;
    return length <= text.n ? length : 0;
}

/* CommandComplete with the tag COMMIT. */
static bool says_committed(struct slice message)
{
    return message.n == 12 && memcmp(message.p, "C\0\0\0\013COMMIT", 12) == 0;
}

/* Counts a message; whether it is the one to cut at. */
static bool is_last(struct proxy *proxy, enum proxy_what what, struct slice message)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->seen[what]++;
    bool committed = what == PROXY_ANSWERS && says_committed(message);
    if (committed)
        proxy->seen[PROXY_COMMITTED]++;
    bool counts = proxy->what == what || (proxy->what == PROXY_COMMITTED && committed);
    bool cut = counts && !proxy->has_cut && proxy->cut_at > 0 && proxy->seen[proxy->what] == proxy->cut_at;
    if (cut) {
        proxy->has_cut = true;
        proxy->outage_ends_us =
            proxy->outage_ms > 0 ? clock_monotonic_us() + (int64_t)proxy->outage_ms * 1000 : 0;
    }
    pthread_mutex_unlock(&proxy->mutex);
    return cut;
}

static bool is_outage(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->mutex);
    bool outage = proxy->outage_ends_us > clock_monotonic_us();
    pthread_mutex_unlock(&proxy->mutex);
    return outage;
}

static bool send_all(int fd, struct slice data)
{
    while (data.n > 0) {
        ssize_t sent = send(fd, data.p, data.n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data = slice_skip(data, (size_t)sent);
    }
    return true;
}

/* Forwards what came whole. False: the link ends here. */
static bool forward(struct proxy *proxy, struct proxy_link *link, enum proxy_what what)
{
    struct buffer *buffer = what == PROXY_REQUESTS ? &link->requests : &link->answers;
    int to = what == PROXY_REQUESTS ? link->server : link->client;
    struct slice text = buffer_slice(buffer);
    bool cut = false;
    size_t done = 0;
    for (;;) {
        struct slice rest = slice_skip(text, done);
        size_t length = message_length(rest, what == PROXY_ANSWERS || link->started);
        if (length == 0)
            break;
        cut = is_last(proxy, what, slice_head(rest, length));
        if (cut)
            break;
        if (what == PROXY_REQUESTS)
            link->started = true;
        done += length;
    }
    bool sent = send_all(to, slice_head(text, done));
    memmove(buffer->data, buffer->data + done, buffer->length - done);
    buffer->length -= done;
    return sent && !cut;
}

/* Reads once from one side. False: the link ends here. */
static bool pass(struct proxy *proxy, struct proxy_link *link, enum proxy_what what)
{
    struct buffer *buffer = what == PROXY_REQUESTS ? &link->requests : &link->answers;
    if (buffer_reserve(buffer, READ_SIZE) != ERR_OK)
        fail("a message of PostgreSQL's protocol is too long");
    ssize_t got = recv(what == PROXY_REQUESTS ? link->client : link->server, buffer->data + buffer->length,
                       READ_SIZE, 0);
    if (got <= 0)
        return false;
    buffer->length += (size_t)got;
    return forward(proxy, link, what);
}

/* Every other link ends with a reset instead of a proper close. */
static void end_link(struct proxy *proxy, size_t i)
{
    struct proxy_link *link = &proxy->links[i];
    struct linger reset = {.l_onoff = 1};
    if (link->client % 2 == 0)
        setsockopt(link->client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(link->client);
    close(link->server);
    buffer_done(&link->requests);
    buffer_done(&link->answers);
    *link = proxy->links[--proxy->link_count];
}

static int connect_to(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static void take_link(struct proxy *proxy)
{
    int on = 1, client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC), server = -1;
    if (client < 0)
        return;
    if (proxy->link_count < PROXY_LINKS_MAX && !is_outage(proxy))
        server = connect_to(proxy->target);
    if (server < 0) {
        close(client);
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    struct proxy_link *link = &proxy->links[proxy->link_count++];
    *link = (struct proxy_link){.client = client, .server = server};
    buffer_init(&link->requests, MESSAGES_MAX);
    buffer_init(&link->answers, MESSAGES_MAX);
}

/* Backwards, as the last link takes the place of one that ends. */
static void serve_links(struct proxy *proxy, const struct pollfd *fds)
{
    for (size_t i = proxy->link_count; i-- > 0;) {
        bool goes_on = !is_outage(proxy);
        if (goes_on && fds[2 * i].revents)
            goes_on = pass(proxy, &proxy->links[i], PROXY_REQUESTS);
        if (goes_on && fds[2 * i + 1].revents)
            goes_on = pass(proxy, &proxy->links[i], PROXY_ANSWERS);
        if (!goes_on)
            end_link(proxy, i);
    }
}

static void run(void *argument)
{
    struct proxy *proxy = argument;
    for (;;) {
        struct pollfd fds[2 + 2 * PROXY_LINKS_MAX] = {{.fd = proxy->wake[0], .events = POLLIN},
                                                      {.fd = proxy->listener, .events = POLLIN}};
        for (size_t i = 0; i < proxy->link_count; i++) {
            fds[2 + 2 * i] = (struct pollfd){.fd = proxy->links[i].client, .events = POLLIN};
            fds[3 + 2 * i] = (struct pollfd){.fd = proxy->links[i].server, .events = POLLIN};
        }
        if (poll(fds, 2 + 2 * proxy->link_count, POLL_MS) < 0)
            continue;
        if (fds[0].revents)
            return;
        serve_links(proxy, fds + 2);
        if (fds[1].revents)
            take_link(proxy);
    }
}

void proxy_start(struct proxy *proxy, unsigned target)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    memset(proxy, 0, sizeof(*proxy));
    proxy->target = target;
    pthread_mutex_init(&proxy->mutex, NULL);
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (proxy->listener < 0 ||
        bind(proxy->listener, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(proxy->listener, 128) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &size) != 0 ||
        pipe2(proxy->wake, O_CLOEXEC) != 0)
        fail("the proxy cannot listen: %s", strerror(errno));
    proxy->port = ntohs(address.sin_port);
    if (thread_start(&proxy->thread, "proxy", run, proxy) != ERR_OK)
        fail("no more threads");
}

void proxy_stop(struct proxy *proxy)
{
    close(proxy->wake[1]); /* the reading end hangs up */
    thread_join(proxy->thread);
    while (proxy->link_count > 0)
        end_link(proxy, proxy->link_count - 1);
    close(proxy->listener);
    close(proxy->wake[0]);
    pthread_mutex_destroy(&proxy->mutex);
}

void proxy_arm(struct proxy *proxy, enum proxy_what what, size_t cut_at, size_t outage_ms)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->what = what;
    proxy->cut_at = cut_at;
    proxy->outage_ms = outage_ms;
    proxy->outage_ends_us = 0;
    proxy->has_cut = false;
    memset(proxy->seen, 0, sizeof(proxy->seen));
    pthread_mutex_unlock(&proxy->mutex);
}

bool proxy_disarm(struct proxy *proxy, size_t ret_seen[PROXY_WHATS])
{
    pthread_mutex_lock(&proxy->mutex);
    bool has_cut = proxy->has_cut;
    proxy->cut_at = 0;
    memcpy(ret_seen, proxy->seen, sizeof(proxy->seen));
    pthread_mutex_unlock(&proxy->mutex);
    return has_cut;
}
