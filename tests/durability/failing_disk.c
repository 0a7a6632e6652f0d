/* A disk that fails when told to: preloaded into the server, it stands before the system calls that write files. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN. A file that is open stays writable whatever happens to its permissions or its mount, so a file system that
 * turns read-only under a running server (as ext4 does after an error) cannot be had by asking for it. While the file that
 * INLET_FAILING_DISK names exists, its text says what fails and how: "write 30" or "sync 5". "write" also keeps the
 * database from being opened for writing. SQLite writes with pwrite(); logs and sockets do not, and go on.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset);
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset);
int ftruncate(int fd, off_t length);
int ftruncate64(int fd, off64_t length);
int open64(const char *path, int flags, ...);

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static int open_next(const char *path, int flags, mode_t mode)
{
    union {
        void *object;
        int (*function)(const char *, int, ...);
    } real = {.object = next("open64")};
    return real.function(path, flags, mode);
}

/* The error that OPERATION has to fail with now; 0: none. */
static int error_of(const char *operation)
{
    char text[32] = "";
    int saved = errno;
    const char *path = getenv("INLET_FAILING_DISK");
    int fd = path ? open_next(path, O_RDONLY | O_CLOEXEC, 0) : -1;
    ssize_t length = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
    if (fd >= 0)
        close(fd);
    errno = saved;
    size_t operation_length = strlen(operation);
    if (length <= 0 || strncmp(text, operation, operation_length) != 0)
        return 0;
    int number = 0;
    for (const char *at = text + operation_length + 1; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (*at - '0');
    return number;
}

static int fails(const char *operation)
{
    int number = error_of(operation);
    if (number != 0)
        errno = number;
    return number != 0;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    union {
        void *object;
        ssize_t (*function)(int, const void *, size_t, off64_t);
    } real = {.object = next("pwrite64")};
    return fails("write") ? -1 : real.function(fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}

int ftruncate64(int fd, off64_t length)
{
    union {
        void *object;
        int (*function)(int, off64_t);
    } real = {.object = next("ftruncate64")};
    return fails("write") ? -1 : real.function(fd, length);
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

static int sync_next(const char *name, int fd)
{
    union {
        void *object;
        int (*function)(int);
    } real = {.object = next(name)};
    return fails("sync") ? -1 : real.function(fd);
}

int fsync(int fd)
{
    return sync_next("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_next("fdatasync", fd);
}

static int open_checked(const char *path, int flags, mode_t mode)
{
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (writes && strstr(path, "inlet.db") && fails("write"))
        return -1;
    return open_next(path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_checked(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_checked(path, flags, mode);
}
