/* The service manager's protocols. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/net/listen.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

START_TEST(a_state_reaches_the_manager)
{
    char directory[] = "/tmp/inlet-test-XXXXXX", text[64];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", directory);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    unsetenv("NOTIFY_SOCKET");
    net_notify("READY=1");
    ck_assert_int_eq(recv(fd, text, sizeof(text), 0), -1);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    net_notify("READY=1");
    ck_assert_int_eq(recv(fd, text, sizeof(text), 0), 7);
    ck_assert_mem_eq(text, "READY=1", 7);
    close(fd);
    net_notify("STOPPING=1"); /* nobody there: no harm */
    unlink(address.sun_path);
    rmdir(directory);
}
END_TEST

START_TEST(sockets_are_inherited_by_their_heir_only)
{
    char pid[32];
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    ck_assert_uint_eq(net_inherited_sockets(), 0);
    int null = open("/dev/null", O_RDONLY);
    ck_assert_int_ge(null, 0);
    if (fcntl(3, F_GETFD) < 0)
        ck_assert_int_eq(dup2(null, 3), 3);
    int flags = fcntl(3, F_GETFD);
    ck_assert_int_eq(fcntl(3, F_SETFD, flags & ~FD_CLOEXEC), 0);
    snprintf(pid, sizeof(pid), "%d", (int)getpid());
    setenv("LISTEN_PID", pid, 1);
    ck_assert_uint_eq(net_inherited_sockets(), 0);
    setenv("LISTEN_FDS", "1", 1);
    ck_assert_uint_eq(net_inherited_sockets(), 1);
    ck_assert(fcntl(3, F_GETFD) & FD_CLOEXEC);
    setenv("LISTEN_FDS", "junk", 1);
    ck_assert_uint_eq(net_inherited_sockets(), 0);
    setenv("LISTEN_FDS", "1", 1);
    setenv("LISTEN_PID", "1", 1);
    ck_assert_uint_eq(net_inherited_sockets(), 0);
    close(null);
}
END_TEST

UNIT_MAIN("notify", a_state_reaches_the_manager, sockets_are_inherited_by_their_heir_only)
