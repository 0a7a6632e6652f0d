/* The service manager: sockets it hands over (sd_listen_fds), states it is told (sd_notify). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"
#include "inlet/net/listen.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_INHERITED 3
/* More than anybody configures; a wrong number in the environment must not make us touch descriptors at
 * random. */
#define INHERITED_MAX 64

static uint64_t number_in_environment(const char *name, uint64_t max)
{
    const char *text = getenv(name);
    uint64_t number = 0;
    if (text && number_parse_unsigned(slice_from(text), max, &number) != ERR_OK)
        return 0;
    return number;
}

size_t net_inherited_sockets(void)
{
    /* The process id tells an offer to us from one that an ancestor has left behind. */
    if (number_in_environment("LISTEN_PID", INT32_MAX) != (uint64_t)getpid())
        return 0;
    size_t count = (size_t)number_in_environment("LISTEN_FDS", INHERITED_MAX);
    for (size_t i = 0; i < count; i++)
        if (fcntl(FIRST_INHERITED + (int)i, F_SETFD, FD_CLOEXEC) != 0)
            return 0;
    return count;
}

void net_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof(address.sun_path))
        return;
    size_t length = strlen(path);
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* the abstract name space */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t ignored = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
    (void)ignored; /* a manager that does not listen is not our trouble */
    close(fd);
}
