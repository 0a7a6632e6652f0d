/* Unix sockets: private from their first moment, at paths of any length, replacing stale ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * DESIGN. A socket address holds 108 bytes. A longer path is reached through its directory: opened as O_PATH,
 * it has the short name /proc/self/fd/N. The working directory, which belongs to every thread, stays where it
 * is.
 */
struct place {
    int directory_fd; /* -1: the path fits */
    struct sockaddr_un address;
};

static void place_done(struct place *place)
{
    if (place->directory_fd >= 0)
        close(place->directory_fd);
}

static enum err place_find(const char *path, struct place *ret_place)
{
    struct place place = {.directory_fd = -1, .address = {.sun_family = AF_UNIX}};
    size_t length = strlen(path);
    if (length == 0)
        return ERR_INVALID;
    if (length < sizeof(place.address.sun_path)) {
        memcpy(place.address.sun_path, path, length + 1);
        *ret_place = place;
        return ERR_OK;
    }
    const char *slash = strrchr(path, '/');
    char directory[4096];
    if (!slash || (size_t)(slash - path) >= sizeof(directory))
        return ERR_INVALID;
    size_t directory_length = slash == path ? 1 : (size_t)(slash - path);
    memcpy(directory, path, directory_length);
    directory[directory_length] = '\0';
    place.directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place.directory_fd < 0)
        return ERR_SYSTEM;
    int printed = snprintf(place.address.sun_path, sizeof(place.address.sun_path), "/proc/self/fd/%d/%s",
                           place.directory_fd, slash + 1);
    if (printed < 0 || (size_t)printed >= sizeof(place.address.sun_path)) {
        place_done(&place);
        errno = ENAMETOOLONG;
        return ERR_SYSTEM;
    }
    *ret_place = place;
    return ERR_OK;
}

static int connect_to(const struct place *place)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&place->address, sizeof(place->address)) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* Removes a socket on which nobody listens. ERR_LOCKED: somebody does. */
static enum err remove_stale(const struct place *place)
{
    struct stat status;
    if (lstat(place->address.sun_path, &status) != 0)
        return errno == ENOENT ? ERR_OK : ERR_SYSTEM;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return ERR_SYSTEM;
    }
    int fd = connect_to(place);
    if (fd >= 0) {
        close(fd);
        return ERR_LOCKED;
    }
    if (errno != ECONNREFUSED && errno != ENOENT)
        return errno == EAGAIN ? ERR_LOCKED : ERR_SYSTEM;
    return unlink(place->address.sun_path) == 0 || errno == ENOENT ? ERR_OK : ERR_SYSTEM;
}

/* The mode that the bound file gets is that of the descriptor (minus umask), so no other process finds it
 * open wider. */
static enum err bind_privately(int fd, const struct place *place)
{
    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0)
        return ERR_SYSTEM;
    if (bind(fd, (const struct sockaddr *)&place->address, sizeof(place->address)) == 0)
        return ERR_OK;
    if (errno != EADDRINUSE)
        return ERR_SYSTEM;
    TRY(remove_stale(place));
    return bind(fd, (const struct sockaddr *)&place->address, sizeof(place->address)) == 0 ? ERR_OK
                                                                                           : ERR_SYSTEM;
}

static enum err listen_privately(const struct place *place, int *ret_fd)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ERR_SYSTEM;
    enum err error = bind_privately(fd, place);
    if (error == ERR_OK && listen(fd, 64) != 0)
        error = ERR_SYSTEM;
    if (error != ERR_OK) {
        int saved = errno;
        close(fd);
        errno = saved;
        return error;
    }
    *ret_fd = fd;
    return ERR_OK;
}

enum err net_listen_unix(const char *path, int *ret_fd, struct buffer *why)
{
    struct place place;
    enum err error = place_find(path, &place);
    if (error == ERR_OK) {
        error = listen_privately(&place, ret_fd);
        int saved = errno;
        place_done(&place);
        errno = saved;
    }
    if (error == ERR_LOCKED)
        buffer_print(why, "another process listens on %s", path);
    else if (error == ERR_INVALID)
        buffer_print(why, "\"%s\" is no path for a socket", path);
    else if (error != ERR_OK)
        buffer_print(why, "cannot listen on %s: %s", path, strerror(errno));
    return error;
}

enum err net_connect_unix(const char *path, int *ret_fd)
{
    struct place place;
    enum err error = place_find(path, &place);
    if (error != ERR_OK)
        return error == ERR_SYSTEM && (errno == ENOENT || errno == ENOTDIR) ? ERR_NOT_FOUND : error;
    int fd = connect_to(&place);
    bool nobody = fd < 0 && (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR);
    place_done(&place);
    if (fd < 0)
        return nobody ? ERR_NOT_FOUND : ERR_SYSTEM;
    *ret_fd = fd;
    return ERR_OK;
}

enum err net_peer_uid(int fd, uid_t *ret_uid)
{
    struct ucred peer;
    socklen_t length = sizeof(peer);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return ERR_SYSTEM;
    *ret_uid = peer.uid;
    return ERR_OK;
}
