/* Unix sockets: private from their first moment, at paths of any length, replacing stale ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/net/listen.h"

#include "inlet/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * DESIGN. A socket address holds 108 bytes. A longer path is reached through its directory: opened as O_PATH,
 * it has the short name /proc/self/fd/N. When the file's own name is too long even for what that leaves, the
 * socket is bound under a short name and renamed, and reached through a descriptor of its own. The working
 * directory, which belongs to every thread, stays where it is.
 */
struct place {
    int directory_fd;           /* AT_FDCWD: the path fits */
    const char *name;           /* seen from there */
    struct sockaddr_un address; /* empty: the name does not fit */
};

/* What remove_stale waits for a listener whose queue is full. */
#define STALE_TIMEOUT_MS 1000

static void place_done(struct place *place)
{
    if (place->directory_fd >= 0)
        close(place->directory_fd);
}

/* False: NAME does not fit. */
static bool address_below(int fd, const char *name, struct sockaddr_un *ret_address)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int printed = snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d%s%s", fd,
                           name[0] ? "/" : "", name);
    if (printed < 0 || (size_t)printed >= sizeof(address.sun_path))
        return false;
    *ret_address = address;
    return true;
}

static enum err open_directory_of(const char *path, const char **ret_name, int *ret_fd)
{
    const char *slash = strrchr(path, '/');
    char directory[4096] = ".";
    if (slash) {
        size_t length = slash == path ? 1 : (size_t)(slash - path);
        if (length >= sizeof(directory))
            return ERR_INVALID;
        memcpy(directory, path, length);
        directory[length] = '\0';
    }
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_SYSTEM;
    *ret_name = slash ? slash + 1 : path;
    *ret_fd = fd;
    return ERR_OK;
}

static enum err place_find(const char *path, struct place *ret_place)
{
    struct place place = {.directory_fd = AT_FDCWD, .name = path, .address = {.sun_family = AF_UNIX}};
    size_t length = strlen(path);
    if (length == 0)
        return ERR_INVALID;
    if (length < sizeof(place.address.sun_path)) {
        memcpy(place.address.sun_path, path, length + 1);
    } else {
        TRY(open_directory_of(path, &place.name, &place.directory_fd));
        if (!address_below(place.directory_fd, place.name, &place.address))
            place.address.sun_path[0] = '\0';
    }
    *ret_place = place;
    return ERR_OK;
}

static void set_timeout(int fd, unsigned timeout_ms)
{
    struct timeval time = {.tv_sec = (time_t)(timeout_ms / 1000),
                           .tv_usec = (suseconds_t)(timeout_ms % 1000) * 1000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)); /* connect's, too */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
}

static void close_keeping_errno(int fd)
{
    int saved = errno;
    close(fd);
    errno = saved;
}

/* TIMEOUT_MS 0: as long as it takes. */
static int connect_by(const struct sockaddr_un *address, unsigned timeout_ms)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    set_timeout(fd, timeout_ms);
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        return fd;
    close_keeping_errno(fd);
    return -1;
}

static int connect_to(const struct place *place, unsigned timeout_ms)
{
    struct sockaddr_un address;
    if (place->address.sun_path[0] != '\0')
        return connect_by(&place->address, timeout_ms);
    int file = openat(place->directory_fd, place->name, O_PATH | O_CLOEXEC);
    if (file < 0)
        return -1;
    int fd = address_below(file, "", &address) ? connect_by(&address, timeout_ms) : -1;
    close_keeping_errno(file);
    return fd;
}

/* Removes a socket on which nobody listens. ERR_LOCKED: somebody does. */
static enum err remove_stale(const struct place *place)
{
    struct stat status;
    if (fstatat(place->directory_fd, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? ERR_OK : ERR_SYSTEM;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return ERR_SYSTEM;
    }
    int fd = connect_to(place, STALE_TIMEOUT_MS);
    if (fd >= 0) {
        close(fd);
        return ERR_LOCKED;
    }
    if (errno != ECONNREFUSED && errno != ENOENT)
        return errno == EAGAIN ? ERR_LOCKED : ERR_SYSTEM;
    return unlinkat(place->directory_fd, place->name, 0) == 0 || errno == ENOENT ? ERR_OK : ERR_SYSTEM;
}

static enum err bind_by(int fd, const struct sockaddr_un *address)
{
    return bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? ERR_OK : ERR_SYSTEM;
}

/* The short name is one that nobody has: in a container every process may have the same id. */
static enum err bind_and_rename(int fd, const struct place *place)
{
    char uuid[UUID_LENGTH + 1], name[UUID_LENGTH + 16];
    struct sockaddr_un address;
    TRY(random_uuid(uuid));
    snprintf(name, sizeof(name), ".inlet-%s", uuid);
    if (!address_below(place->directory_fd, name, &address))
        return ERR_INVALID;
    TRY(bind_by(fd, &address));
    if (renameat2(place->directory_fd, name, place->directory_fd, place->name, RENAME_NOREPLACE) == 0)
        return ERR_OK;
    int saved = errno;
    unlinkat(place->directory_fd, name, 0);
    errno = saved;
    return ERR_SYSTEM;
}

/* The mode that the bound file gets is that of the descriptor (minus umask), so no other process finds it
 * open wider. */
static enum err bind_privately(int fd, const struct place *place)
{
    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0)
        return ERR_SYSTEM;
    TRY(remove_stale(place));
    return place->address.sun_path[0] != '\0' ? bind_by(fd, &place->address) : bind_and_rename(fd, place);
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
        close_keeping_errno(fd);
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

enum err net_connect_unix_within(const char *path, unsigned timeout_ms, int *ret_fd)
{
    struct place place;
    enum err error = place_find(path, &place);
    if (error != ERR_OK)
        return error == ERR_SYSTEM && (errno == ENOENT || errno == ENOTDIR) ? ERR_NOT_FOUND : error;
    int fd = connect_to(&place, timeout_ms);
    bool nobody = fd < 0 && (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR);
    bool late = fd < 0 && errno == EAGAIN;
    place_done(&place);
    if (fd < 0)
        return nobody ? ERR_NOT_FOUND : late ? ERR_TIMEOUT : ERR_SYSTEM;
    *ret_fd = fd;
    return ERR_OK;
}

enum err net_connect_unix(const char *path, int *ret_fd)
{
    return net_connect_unix_within(path, 0, ret_fd);
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
