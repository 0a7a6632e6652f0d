/* An HTTP/1.1 client that keeps N connections busy, and what it measured. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: one thread, level-triggered epoll. Answers must have a Content-Length; their bodies are counted, not kept.
 */
#include "load_client.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX       ((size_t)8192)
#define READ_MAX       ((size_t)65536)
#define EVENTS_MAX     256
#define SILENCE_MAX_MS 60000

struct connection {
    int fd;
    bool busy;         /* a request is out */
    bool wants_output; /* epoll waits for room to write */
    struct buffer out;
    size_t sent;
    int64_t started_us;
    char head[HEAD_MAX];
    size_t head_length;
    bool in_body;
    bool closes; /* after this answer */
    unsigned status;
    uint64_t body_left;
};

struct client {
    const struct load *load;
    struct load_result *result;
    struct connection *connections;
    int epoll;
    int64_t ends_us;
    size_t busy;
    bool exhausted;
    char scratch[READ_MAX];
};

static size_t latency_bucket(int64_t latency_us)
{
    uint64_t us = latency_us > 0 ? (uint64_t)latency_us : 0;
    if (us < LATENCY_STEPS)
        return (size_t)us;
    unsigned shift = 57U - (unsigned)__builtin_clzll(us); /* leaves 64 to 127 */
    size_t bucket = (size_t)shift * LATENCY_STEPS + (size_t)(us >> shift);
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static int64_t bucket_top_us(size_t bucket)
{
    if (bucket < 2 * LATENCY_STEPS)
        return (int64_t)bucket;
    unsigned shift = (unsigned)(bucket / LATENCY_STEPS) - 1;
    return (int64_t)(((bucket % LATENCY_STEPS + LATENCY_STEPS + 1) << shift) - 1);
}

int64_t load_percentile_us(const struct load_result *result, double share)
{
    double wanted = share * (double)result->requests;
    uint64_t seen = 0;
    for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
        seen += result->latencies[i];
        if (seen > 0 && (double)seen >= wanted)
            return bucket_top_us(i) < result->latency_max_us ? bucket_top_us(i) : result->latency_max_us;
    }
    return result->latency_max_us;
}

static enum err watch(const struct client *client, struct connection *connection, int operation,
                      uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    return epoll_ctl(client->epoll, operation, connection->fd, &event) == 0 ? ERR_OK : ERR_SYSTEM;
}

static enum err open_connection(struct client *client, struct connection *connection)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(client->load->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 ||
        connect(connection->fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
        fcntl(connection->fd, F_SETFL, O_NONBLOCK) != 0)
        return ERR_SYSTEM;
    connection->wants_output = false;
    return watch(client, connection, EPOLL_CTL_ADD, EPOLLIN);
}

/* Writes what is left of the request as far as the socket takes it. A connection that broke shows when it is read. */
static enum err push(struct client *client, struct connection *connection)
{
    while (connection->sent < connection->out.length) {
        ssize_t written = send(connection->fd, connection->out.data + connection->sent,
                               connection->out.length - connection->sent, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            break;
        connection->sent += (size_t)written;
    }
    bool wants_output = connection->sent < connection->out.length && errno == EAGAIN;
    if (wants_output == connection->wants_output)
        return ERR_OK;
    connection->wants_output = wants_output;
    return watch(client, connection, EPOLL_CTL_MOD, wants_output ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Sends the next request, if there is one and time for it. */
static enum err begin(struct client *client, struct connection *connection)
{
    connection->started_us = clock_monotonic_us();
    if (client->exhausted || connection->started_us >= client->ends_us)
        return ERR_OK;
    buffer_clear(&connection->out);
    if (!client->load->next(client->load->context, &connection->out)) {
        client->exhausted = true;
        return ERR_OK;
    }
    TRY(buffer_error(&connection->out));
    connection->sent = connection->head_length = 0;
    connection->in_body = false;
    connection->busy = true;
    client->busy++;
    return push(client, connection);
}

static enum err reopen(struct client *client, struct connection *connection)
{
    close(connection->fd);
    if (connection->busy)
        client->busy--;
    connection->busy = false;
    TRY(open_connection(client, connection));
    return begin(client, connection);
}

static enum err finish(struct client *client, struct connection *connection)
{
    struct load_result *result = client->result;
    int64_t latency_us = clock_monotonic_us() - connection->started_us;
    result->requests++;
    result->latencies[latency_bucket(latency_us)]++;
    if (latency_us > result->latency_max_us)
        result->latency_max_us = latency_us;
    if (connection->status < 200 || connection->status > 299) {
        if (result->refused++ == 0)
            result->first_status = connection->status;
    }
    connection->busy = false;
    client->busy--;
    return connection->closes ? reopen(client, connection) : begin(client, connection);
}

/* Reads status and headers, which end with an empty line. */
static enum err read_head(struct connection *connection, struct slice head)
{
    uint64_t number;
    if (head.n < 12 || !slice_starts(head, SLICE("HTTP/1.1 ")))
        return ERR_INVALID;
    TRY(number_parse_unsigned(slice_of(head.p + 9, 3), 999, &number));
    connection->status = (unsigned)number;
    connection->closes = false;
    bool has_length = false;
    for (struct slice rest = head, line = slice_cut(rest, '\n', &rest); !slice_is_null(rest);) {
        line = slice_cut(rest, '\n', &rest);
        struct slice value, name = slice_cut(line, ':', &value);
        value = slice_trim(value);
        if (slice_equal_nocase(name, SLICE("Content-Length"))) {
            TRY(number_parse_unsigned(value, UINT32_MAX, &connection->body_left));
            has_length = true;
        } else if (slice_equal_nocase(name, SLICE("Connection"))) {
            connection->closes = slice_equal_nocase(value, SLICE("close"));
        }
    }
    return has_length ? ERR_OK : ERR_INVALID;
}

/* Takes in DATA, which belongs to one answer: no request is sent before its predecessor was answered. */
static enum err take(struct client *client, struct connection *connection, struct slice data)
{
    if (!connection->busy)
        return ERR_INVALID;
    if (!connection->in_body) {
        /* The first bytes of an answer may hold much of its body: only so many are looked at as its head. */
        size_t kept =
            data.n < HEAD_MAX - connection->head_length ? data.n : HEAD_MAX - connection->head_length;
        memcpy(connection->head + connection->head_length, data.p, kept);
        const char *end = memmem(connection->head, connection->head_length + kept, "\r\n\r\n", 4);
        if (!end && kept < data.n)
            return ERR_INVALID;
        if (!end) {
            connection->head_length += kept;
            return ERR_OK;
        }
        size_t head_length = (size_t)(end - connection->head) + 4;
        TRY(read_head(connection, slice_of(connection->head, head_length)));
        data = slice_skip(data, head_length - connection->head_length);
        connection->in_body = true;
    }
    if (data.n > connection->body_left)
        return ERR_INVALID;
    connection->body_left -= data.n;
    return connection->body_left == 0 ? finish(client, connection) : ERR_OK;
}

static enum err on_event(struct client *client, struct connection *connection, uint32_t events)
{
    if (events & EPOLLOUT)
        TRY(push(client, connection));
    if (!(events & ~(uint32_t)EPOLLOUT))
        return ERR_OK;
    ssize_t length = recv(connection->fd, client->scratch, sizeof(client->scratch), 0);
    if (length > 0)
        return take(client, connection, slice_of(client->scratch, (size_t)length));
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return ERR_OK;
    client->result->lost += connection->busy;
    return reopen(client, connection);
}

static enum err run(struct client *client)
{
    for (size_t i = 0; i < client->load->connections; i++) {
        buffer_init(&client->connections[i].out, client->load->request_max);
        TRY(open_connection(client, &client->connections[i]));
    }
    int64_t begins_us = clock_monotonic_us();
    client->ends_us = begins_us + client->load->duration_us;
    for (size_t i = 0; i < client->load->connections; i++)
        TRY(begin(client, &client->connections[i]));
    while (client->busy > 0) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(client->epoll, events, EVENTS_MAX, SILENCE_MAX_MS);
        if (count == 0)
            return ERR_TIMEOUT;
        if (count < 0 && errno != EINTR)
            return ERR_SYSTEM;
        for (int i = 0; i < count; i++)
            TRY(on_event(client, events[i].data.ptr, events[i].events));
    }
    client->result->elapsed_us = clock_monotonic_us() - begins_us;
    return ERR_OK;
}

enum err load_run(const struct load *load, struct load_result *ret_result)
{
    struct client *client = mem_zero(1, sizeof(*client));
    if (!client)
        return ERR_MEMORY;
    *ret_result = (struct load_result){0};
    client->load = load;
    client->result = ret_result;
    client->connections = mem_zero(load->connections, sizeof(*client->connections));
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; client->connections && i < load->connections; i++)
        client->connections[i].fd = -1;
    enum err error = client->connections && client->epoll >= 0 ? run(client) : ERR_SYSTEM;
    int reason = errno;
    for (size_t i = 0; client->connections && i < load->connections; i++) {
        buffer_done(&client->connections[i].out);
        if (client->connections[i].fd >= 0)
            close(client->connections[i].fd);
    }
    if (client->epoll >= 0)
        close(client->epoll);
    mem_free(client->connections);
    mem_free(client);
    errno = reason;
    return error;
}
