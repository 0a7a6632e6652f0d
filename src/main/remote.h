/* Reaches the administration's routes: over a running server's control socket, or in this process when none runs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_REMOTE_H
#define INLET_MAIN_REMOTE_H

#include "command.h"

/* A way to the database of an invocation. */
struct remote;

/* Finds it. On failure says why on standard error and returns NULL. */
struct remote *remote_open(struct invocation *invocation);
struct remote *remote_close(struct remote *remote);
void remote_close_pointer(struct remote **remote);

/*
 * Sends METHOD PATH with BODY (a null slice: none) for the invocation's organization. Returns the answer's document when its
 * status is 2xx (a null value for an empty answer); otherwise says on standard error what the answer complains of and
 * returns NULL. The document lives in the invocation's arena.
 */
const struct value *remote_request(struct remote *remote, const char *method, const char *path,
                                   struct slice body);

/* All rows of a list, over all its pages, as an array; NULL as above. */
const struct value *remote_list(struct remote *remote, const char *path);

/* "<real path of the database>.sock", or what the setting says; in ARENA. NULL: no memory, or no file to be named after. */
const char *remote_socket_path(struct invocation *invocation);

/* Whether a server has the database; *RET_SOCKET_PATH is its control socket. ERR_NOT_FOUND: none has. With a sentence in *WHY:
 * ERR_CONFIG, whoever listens is not to be trusted; ERR_TIMEOUT, he does not answer. */
NODISCARD enum err remote_find(struct invocation *invocation, const char **ret_socket_path,
                               struct buffer *why);

#endif
