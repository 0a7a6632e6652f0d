/* Sockets: listening addresses, Unix sockets, peers, and sockets handed over by the service manager. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_NET_LISTEN_H
#define INLET_NET_LISTEN_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Opens a non-blocking, close-on-exec listening TCP socket on "HOST:PORT" (IPv6 hosts in brackets, empty host: all
 * addresses). *WHY says what failed. ERR_INVALID: the text; ERR_SYSTEM: everything else. */
NODISCARD enum err net_listen_tcp(const char *address, int *ret_fd, struct buffer *why);

/* Whether that text can be listened on at all: what it names exists. Nothing is opened. *WHY and errors as above. */
NODISCARD enum err net_check_tcp(const char *address, struct buffer *why);

/* Opens a listening Unix socket at PATH with mode 0600, replacing a stale one (one nobody listens on). A path, or even a
 * file name, longer than a socket address can hold is no hindrance. ERR_LOCKED: somebody listens there. */
NODISCARD enum err net_listen_unix(const char *path, int *ret_fd, struct buffer *why);

/* Connects to a Unix socket as above, blocking. ERR_NOT_FOUND: nobody listens. */
NODISCARD enum err net_connect_unix(const char *path, int *ret_fd);

/* The same, but connecting and every later wait for the peer ends after TIMEOUT_MS: with ERR_TIMEOUT here, with EAGAIN from
 * read and write. */
NODISCARD enum err net_connect_unix_within(const char *path, unsigned timeout_ms, int *ret_fd);

/* The port a socket is bound to; 0 for a Unix socket. */
unsigned net_port(int fd);

/* The peer's address as text, without its port ("unix" for a Unix socket). */
#define NET_ADDRESS_MAX 48
void net_peer_address(int fd, char text[NET_ADDRESS_MAX]);

/* The peer's user id on a Unix socket. ERR_SYSTEM. */
NODISCARD enum err net_peer_uid(int fd, uid_t *ret_uid);

/* Sockets passed by the service manager (sd_listen_fds: LISTEN_PID, LISTEN_FDS); 0 when there are none. They start at
 * descriptor 3 and get close-on-exec. */
size_t net_inherited_sockets(void);

/* Tells the service manager (sd_notify: NOTIFY_SOCKET) a state such as "READY=1". Nothing happens without one. */
void net_notify(const char *state);

#endif
