/* The byte-exact client. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "inlet/base/clock.h"
#include "inlet/base/number.h"
#include "inlet/net/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_WAIT_MS 8000
#define RECEIVED_MAX   ((size_t)1 << 20)

bool client_open(struct client *client, unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *client = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    buffer_init(&client->received, RECEIVED_MAX);
    int on = 1;
    return client->fd >= 0 && setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0 &&
           connect(client->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

bool client_open_unix(struct client *client, const char *path)
{
    *client = (struct client){.fd = -1};
    buffer_init(&client->received, RECEIVED_MAX);
    return net_connect_unix(path, &client->fd) == ERR_OK;
}

void client_close(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    buffer_done(&client->received);
}

bool client_send(struct client *client, struct slice bytes)
{
    while (bytes.n > 0) {
        ssize_t sent = send(client->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes = slice_skip(bytes, (size_t)sent);
    }
    return true;
}

void client_half_close(struct client *client)
{
    shutdown(client->fd, SHUT_WR);
}

/* Receives once; false: nothing came within WAIT_MS, or the end. */
static bool receive(struct client *client, int wait_ms)
{
    char chunk[16384];
    struct pollfd ready = {.fd = client->fd, .events = POLLIN};
    if (client->ended || poll(&ready, 1, wait_ms) <= 0)
        return false;
    ssize_t got = recv(client->fd, chunk, sizeof(chunk), 0);
    if (got <= 0) { /* a reset ends it too: the server had bytes left to read when it closed */
        client->ended = true;
        return false;
    }
    return buffer_append(&client->received, slice_of(chunk, (size_t)got)) == ERR_OK;
}

bool client_read_bytes(struct client *client, size_t n)
{
    while (client->received.length < n)
        if (!receive(client, ANSWER_WAIT_MS))
            return false;
    return true;
}

bool client_read_to_end(struct client *client)
{
    while (receive(client, ANSWER_WAIT_MS))
        ;
    return client->ended;
}

void client_take(struct client *client, size_t n)
{
    client->received.length -= n;
    memmove(client->received.data, client->received.data + n, client->received.length);
}

struct slice answer_header(const struct answer *answer, struct slice name)
{
    struct slice rest = answer->head;
    while (!slice_is_null(rest)) {
        struct slice line = slice_cut(rest, '\n', &rest);
        struct slice value, key = slice_cut(line, ':', &value);
        if (slice_equal_nocase(key, name))
            return slice_trim(value);
    }
    return SLICE_NULL;
}

/* Length of the head, 0 while it is incomplete. */
static size_t head_length(const struct client *client)
{
    if (client->received.length == 0)
        return 0;
    const char *end = memmem(client->received.data, client->received.length, "\r\n\r\n", 4);
    return end ? (size_t)(end - client->received.data) + 4 : 0;
}

bool client_read(struct client *client, bool without_body, struct answer *ret_answer)
{
    size_t head;
    while ((head = head_length(client)) == 0)
        if (!receive(client, ANSWER_WAIT_MS))
            return false;
    struct answer answer = {.head = slice_of(client->received.data, head)};
    uint64_t status, length = 0;
    if (head < 12 || memcmp(answer.head.p, "HTTP/1.", 7) != 0 ||
        number_parse_unsigned(slice_of(answer.head.p + 9, 3), 999, &status) != ERR_OK)
        return false;
    struct slice declared = answer_header(&answer, SLICE("Content-Length"));
    if (!slice_is_null(declared) && number_parse_unsigned(declared, RECEIVED_MAX, &length) != ERR_OK)
        return false;
    answer.length = head + (without_body ? 0 : (size_t)length);
    if (!client_read_bytes(client, answer.length))
        return false;
    answer.status = (unsigned)status;
    answer.head = slice_of(client->received.data, head);
    answer.body = slice_of(client->received.data + head, answer.length - head);
    *ret_answer = answer;
    return true;
}

bool client_is_closed(struct client *client, int limit_ms)
{
    int64_t until_us = clock_monotonic_us() + (int64_t)limit_ms * 1000;
    while (!client->ended) {
        int64_t left_us = until_us - clock_monotonic_us();
        if (left_us <= 0 || client->received.length > 0)
            return false;
        receive(client, (int)(left_us / 1000) + 1);
    }
    return client->received.length == 0;
}

bool client_is_open(struct client *client)
{
    receive(client, 100);
    return !client->ended && client->received.length == 0;
}
