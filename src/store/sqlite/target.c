/* The database file as such: its lock, its creation, its place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include "inlet/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err system_error(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT: return ERR_DISK_FULL;
    case EACCES:
    case EPERM:
    case EROFS: return ERR_READ_ONLY;
    case ENOENT:
    case ENOTDIR: return ERR_NOT_FOUND;
    case EIO: return ERR_IO;
    case ENOMEM: return ERR_MEMORY;
    default: return ERR_SYSTEM;
    }
}

static enum err fail(struct buffer *why, const char *what, const char *path)
{
    int number = errno;
    char reason[128];
    buffer_print(why, "%s %s: %s", what, path, strerror_r(number, reason, sizeof(reason)));
    return system_error(number);
}

_Static_assert(STORE_PATH_MAX >= PATH_MAX, "realpath writes as many");

/* The file is not there: the real path of its directory, and its name. */
static enum err locate_missing(const char *path, char ret_path[STORE_PATH_MAX], struct buffer *why)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char directory[STORE_PATH_MAX], real[STORE_PATH_MAX];
    struct stat status;
    int printed = snprintf(directory, sizeof(directory), "%.*s", (int)(name - path), path);
    if (printed < 0 || (size_t)printed >= sizeof(directory)) {
        errno = ENAMETOOLONG;
        return fail(why, "cannot use", path);
    }
    if (name[0] == '\0') {
        buffer_print(why, "%s is not a file", path);
        return ERR_CONFIG;
    }
    if (!realpath(slash ? directory : ".", real))
        return fail(why, "cannot find the directory of", path);
    size_t length = strcmp(real, "/") == 0 ? 0 : strlen(real);
    if (length + 1 + strlen(name) >= sizeof(real)) {
        errno = ENAMETOOLONG;
        return fail(why, "cannot use", path);
    }
    snprintf(real + length, sizeof(real) - length, "/%s", name);
    /* Made through the link, it would be locked under a name that is not its own. */
    if (lstat(real, &status) == 0 && S_ISLNK(status.st_mode)) {
        buffer_print(why, "%s is a symbolic link to a file that does not exist", path);
        return ERR_CONFIG;
    }
    memcpy(ret_path, real, strlen(real) + 1);
    return ERR_OK;
}

enum err lite_locate(const char *path, char ret_path[STORE_PATH_MAX], struct buffer *why)
{
    char real[STORE_PATH_MAX];
    /* These would be databases in memory, which no second connection sees. */
    if (path[0] == '\0' || strcmp(path, ":memory:") == 0) {
        buffer_append_text(why, "a database needs the path of a file");
        return ERR_CONFIG;
    }
    if (!realpath(path, real))
        return errno == ENOENT ? locate_missing(path, ret_path, why) : fail(why, "cannot find", path);
    memcpy(ret_path, real, strlen(real) + 1);
    return ERR_OK;
}

static char *path_with(const char *path, const char *suffix)
{
    size_t size = strlen(path) + strlen(suffix) + 1;
    char *text = mem_alloc(size);
    if (text)
        snprintf(text, size, "%s%s", path, suffix);
    return text;
}

/* Not only a lock on the file itself: SQLite's own locks are POSIX ones, which any close() of the file takes away. The
 * lock file stays behind, because a file that is deleted can be locked twice. */
static enum err take_lock(struct lite_target *target, struct buffer *why)
{
    int fd = open(target->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(why, "cannot open the lock file", target->lock_path);
    target->lock_fd = fd;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    if (errno != EWOULDBLOCK)
        return fail(why, "cannot lock", target->lock_path);
    buffer_print(why, "another process is using %s (it holds %s)", target->path, target->lock_path);
    return ERR_LOCKED;
}

/* Made here and not by SQLite, so that nobody else can ever read it; the WAL inherits its mode. Not through a link that has
 * come up since the path was resolved. */
static enum err make_file(const struct lite_target *target, struct buffer *why)
{
    int fd = open(target->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(why, "cannot open or create", target->path);
    close(fd);
    return ERR_OK;
}

static enum err find_file(const struct lite_target *target, bool create, struct buffer *why)
{
    struct stat status;
    if (stat(target->path, &status) == 0) {
        if (!S_ISREG(status.st_mode)) {
            buffer_print(why, "%s is not a file", target->path);
            return ERR_CONFIG;
        }
        if (status.st_nlink == 1)
            return ERR_OK;
        buffer_print(
            why,
            "%s is one of %ju hard links to the same file: under each name it would have a lock and a log of "
            "its own, which destroys a database; remove the other names",
            target->path, (uintmax_t)status.st_nlink);
        return ERR_CONFIG;
    }
    if (errno != ENOENT)
        return fail(why, "cannot find", target->path);
    if (create)
        return ERR_OK;
    buffer_print(why, "there is no database at %s", target->path);
    return ERR_NOT_FOUND;
}

static void free_target(struct lite_target *target)
{
    if (target->lock_fd >= 0)
        close(target->lock_fd);
    mem_free(target->path);
    mem_free(target->lock_path);
    mem_free(target->wal_path);
    mem_free(target);
}

static enum err attach(struct lite_target *target, bool create, struct buffer *why)
{
    TRY(find_file(target, create, why));
    TRY(take_lock(target, why));
    return create ? make_file(target, why) : ERR_OK;
}

enum err lite_attach(const struct db_target_options *options, struct db_target **ret_target,
                     struct buffer *why)
{
    char path[STORE_PATH_MAX];
    TRY(lite_locate(options->path, path, why));
    struct lite_target *target = mem_zero(1, sizeof(*target));
    if (!target)
        return ERR_MEMORY;
    *target = (struct lite_target){.base = {&sqlite_driver}, .lock_fd = -1, .relaxed = options->relaxed};
    target->path = path_with(path, "");
    target->lock_path = path_with(path, ".lock");
    target->wal_path = path_with(path, "-wal");
    enum err error = ERR_MEMORY;
    if (target->path && target->lock_path && target->wal_path)
        error = attach(target, options->create, why);
    if (error != ERR_OK) {
        free_target(target);
        return error;
    }
    *ret_target = &target->base;
    return ERR_OK;
}

void lite_detach(struct db_target *target)
{
    if (target)
        free_target(lite_target_of(target));
}

int64_t lite_log_bytes(const struct db_target *target)
{
    struct stat status;
    return stat(((const struct lite_target *)(const void *)target)->wal_path, &status) == 0 ? status.st_size
                                                                                            : 0;
}
