/* Listening TCP sockets, and what a connected socket says of its peer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"
#include "inlet/net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST_MAX 256

/* Splits "HOST:PORT"; the brackets of an IPv6 host go. */
static enum err split_address(const char *address, char host[HOST_MAX], char port[8])
{
    const char *colon = strrchr(address, ':');
    if (!colon)
        return ERR_INVALID;
    struct slice name = slice_of(address, (size_t)(colon - address));
    uint64_t number;
    if (number_parse_unsigned(slice_from(colon + 1), 65535, &number) != ERR_OK)
        return ERR_INVALID;
    if (name.n >= 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = slice_of(name.p + 1, name.n - 2);
    else if (slice_find(name, ':') != name.n)
        return ERR_INVALID; /* an IPv6 address needs its brackets: where does the port begin? */
    if (name.n >= HOST_MAX)
        return ERR_INVALID;
    memcpy(host, name.p, name.n);
    host[name.n] = '\0';
    snprintf(port, 8, "%u", (unsigned)number);
    return ERR_OK;
}

static int listen_on(const struct addrinfo *where, bool dual_stack)
{
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1, v6only = dual_stack ? 0 : 1;
    bool ready = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
    if (where->ai_family == AF_INET6)
        ready = ready && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only)) == 0;
    ready = ready && bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
    if (!ready) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static enum err find_host(const char *address, const char *host, const char *port,
                          struct addrinfo **ret_found, struct buffer *why)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    int failed = getaddrinfo(host, port, &hints, ret_found);
    if (failed)
        buffer_print(why, "cannot listen on %s: %s", address, gai_strerror(failed));
    return failed ? ERR_SYSTEM : ERR_OK;
}

/* Resolves and listens on the first address that lets us. Returns -1 with the reason in WHY. */
static int listen_at(const char *address, const char *host, const char *port, bool dual_stack,
                     struct buffer *why)
{
    struct addrinfo *found = NULL;
    int fd = -1;
    if (find_host(address, host, port, &found, why) != ERR_OK)
        return -1;
    for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        fd = listen_on(at, dual_stack);
    if (fd < 0)
        buffer_print(why, "cannot listen on %s: %s", address, strerror(errno));
    freeaddrinfo(found);
    return fd;
}

static enum err parse_address(const char *address, char host[HOST_MAX], char port[8], struct buffer *why)
{
    enum err error = split_address(address, host, port);
    if (error != ERR_OK)
        buffer_print(why, "\"%s\" is not HOST:PORT", address);
    return error;
}

enum err net_check_tcp(const char *address, struct buffer *why)
{
    char host[HOST_MAX], port[8];
    struct addrinfo *found = NULL;
    TRY(parse_address(address, host, port, why));
    if (!host[0])
        return ERR_OK;
    TRY(find_host(address, host, port, &found, why));
    freeaddrinfo(found);
    return ERR_OK;
}

enum err net_listen_tcp(const char *address, int *ret_fd, struct buffer *why)
{
    char host[HOST_MAX], port[8];
    int fd;
    TRY(parse_address(address, host, port, why));
    if (host[0]) {
        fd = listen_at(address, host, port, false, why);
    } else {
        /* One socket for both families; a kernel without IPv6 gets the other one. */
        size_t before = why->length;
        fd = listen_at(address, "::", port, true, why);
        if (fd < 0) {
            why->length = before;
            fd = listen_at(address, "0.0.0.0", port, false, why);
        }
    }
    if (fd < 0)
        return ERR_SYSTEM;
    *ret_fd = fd;
    return ERR_OK;
}

unsigned net_port(int fd)
{
    struct sockaddr_storage name = {0};
    socklen_t length = sizeof(name);
    if (getsockname(fd, (struct sockaddr *)&name, &length) != 0)
        return 0;
    if (name.ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)&name)->sin_port);
    if (name.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&name)->sin6_port);
    return 0;
}

void net_peer_address(int fd, char text[NET_ADDRESS_MAX])
{
    struct sockaddr_storage name = {0};
    socklen_t length = sizeof(name);
    snprintf(text, NET_ADDRESS_MAX, "unknown");
    if (getpeername(fd, (struct sockaddr *)&name, &length) != 0)
        return;
    if (name.ss_family == AF_UNIX) {
        snprintf(text, NET_ADDRESS_MAX, "unix");
    } else if (name.ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)&name)->sin_addr, text, NET_ADDRESS_MAX);
    } else if (name.ss_family == AF_INET6) {
        const struct in6_addr *address = &((const struct sockaddr_in6 *)&name)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(address)) /* came over a socket for both families */
            inet_ntop(AF_INET, address->s6_addr + 12, text, NET_ADDRESS_MAX);
        else
            inet_ntop(AF_INET6, address, text, NET_ADDRESS_MAX);
    }
}
