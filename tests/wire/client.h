/* A client that sends exactly the bytes it is told, and reads answers one by one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_WIRE_CLIENT_H
#define INLET_TESTS_WIRE_CLIENT_H

#include "inlet/base/buffer.h"

#include <stdbool.h>

struct client {
    int fd;
    struct buffer received; /* what has come and was not taken yet */
    bool ended;             /* the server has closed */
};

struct answer {
    unsigned status;
    struct slice head; /* status line and headers, with the empty line */
    struct slice body;
    size_t length; /* of it all, in client->received */
};

NODISCARD bool client_open(struct client *client, unsigned port);

/* Over a Unix socket. */
NODISCARD bool client_open_unix(struct client *client, const char *path);
void client_close(struct client *client);
NODISCARD bool client_send(struct client *client, struct slice bytes);
void client_half_close(struct client *client);

/* Waits for the next answer; WITHOUT_BODY: it answers a HEAD. The slices live until client_take. */
NODISCARD bool client_read(struct client *client, bool without_body, struct answer *ret_answer);

/* Waits for N bytes. */
NODISCARD bool client_read_bytes(struct client *client, size_t n);

/* Waits for the server to close, and keeps what came before. */
NODISCARD bool client_read_to_end(struct client *client);

/* Drops the first N bytes received. */
void client_take(struct client *client, size_t n);

/* Whether the server closes within LIMIT_MS without sending anything more. */
NODISCARD bool client_is_closed(struct client *client, int limit_ms);

/* Whether the connection stays open and silent for a moment. */
NODISCARD bool client_is_open(struct client *client);

/* A header of an answer; a null slice when it is not there. */
struct slice answer_header(const struct answer *answer, struct slice name);

#endif
