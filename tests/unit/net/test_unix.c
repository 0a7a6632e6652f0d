/* Unix sockets: mode, stale and living ones, long paths, peers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/net/listen.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static void make_directory(void)
{
    snprintf(directory, sizeof(directory), "/tmp/inlet-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static int listen_at(const char *path, enum err expected)
{
    struct buffer why;
    int fd = -1;
    buffer_init(&why, 8192);
    ck_assert_int_eq(net_listen_unix(path, &fd, &why), expected);
    ck_assert_uint_eq(why.length > 0, expected != ERR_OK);
    buffer_done(&why);
    return fd;
}

/* Somebody can connect, and is who he is. */
static void check_talk(int listener, const char *path)
{
    int client, server;
    uid_t uid;
    char text[NET_ADDRESS_MAX];
    ck_assert_int_eq(net_connect_unix(path, &client), ERR_OK);
    server = accept(listener, NULL, NULL);
    ck_assert_int_ge(server, 0);
    ck_assert_int_eq(net_peer_uid(server, &uid), ERR_OK);
    ck_assert_uint_eq(uid, geteuid());
    net_peer_address(server, text);
    ck_assert_str_eq(text, "unix");
    close(client);
    close(server);
}

static void check_life(const char *path)
{
    struct stat status;
    int fd;
    ck_assert_int_eq(net_connect_unix(path, &fd), ERR_NOT_FOUND);
    int listener = listen_at(path, ERR_OK);
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISSOCK(status.st_mode));
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_uint_eq(net_port(listener), 0);
    check_talk(listener, path);
    listen_at(path, ERR_LOCKED);
    check_talk(listener, path); /* asking did no harm */
    close(listener);
    ck_assert_int_eq(net_connect_unix(path, &fd), ERR_NOT_FOUND); /* the file is still there */
    listener = listen_at(path, ERR_OK);
    check_talk(listener, path);
    close(listener);
    ck_assert_int_eq(unlink(path), 0);
}

START_TEST(a_short_path)
{
    char path[128];
    make_directory();
    mode_t old = umask(0);
    snprintf(path, sizeof(path), "%s/socket", directory);
    check_life(path);
    umask(old);
    rmdir(directory);
}
END_TEST

START_TEST(a_path_longer_than_a_socket_address)
{
    char inner[256], path[300];
    make_directory();
    snprintf(inner, sizeof(inner), "%s/%0150d", directory, 0);
    ck_assert_int_eq(mkdir(inner, 0700), 0);
    snprintf(path, sizeof(path), "%s/inlet.db.sock", inner);
    check_life(path);
    rmdir(inner);
    rmdir(directory);
}
END_TEST

/* Around the length at which /proc/self/fd/N leaves no room, and the longest there is. */
START_TEST(a_name_longer_than_a_socket_address)
{
    static const int lengths[] = {85, 90, 91, 92, 93, 107, 108, 150, 255};
    char path[400];
    make_directory();
    mode_t old = umask(0);
    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
        snprintf(path, sizeof(path), "%s/%0*d", directory, lengths[i], 0);
        check_life(path);
    }
    umask(old);
    snprintf(path, sizeof(path), "%s/%0*d", directory, 256, 0);
    listen_at(path, ERR_SYSTEM);
    ck_assert_int_eq(rmdir(directory), 0); /* nothing was left behind */
}
END_TEST

START_TEST(a_relative_path_of_any_length)
{
    char before[4096], path[300];
    ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
    make_directory();
    ck_assert_int_eq(chdir(directory), 0);
    check_life("socket");
    snprintf(path, sizeof(path), "%0*d", 150, 0);
    check_life(path);
    ck_assert_int_eq(chdir(before), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

START_TEST(waiting_ends)
{
    char path[128], byte;
    int fds[200], late = -1, silent;
    size_t count = 0;
    enum err error = ERR_OK;
    make_directory();
    snprintf(path, sizeof(path), "%s/socket", directory);
    int listener = listen_at(path, ERR_OK);
    ck_assert_int_eq(net_connect_unix_within(path, 50, &silent), ERR_OK);
    ck_assert_int_eq(read(silent, &byte, 1), -1);
    ck_assert_int_eq(errno, EAGAIN);
    while (error == ERR_OK && count < ARRAY_LENGTH(fds)) {
        error = net_connect_unix_within(path, 50, &late);
        if (error == ERR_OK)
            fds[count++] = late;
    }
    ck_assert_int_eq(error, ERR_TIMEOUT); /* the queue is full */
    listen_at(path, ERR_LOCKED);
    while (count > 0)
        close(fds[--count]);
    close(silent);
    close(listener);
    unlink(path);
    rmdir(directory);
}
END_TEST

START_TEST(what_is_no_socket_stays)
{
    char path[128];
    int fd;
    make_directory();
    snprintf(path, sizeof(path), "%s/file", directory);
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(file, 0);
    close(file);
    listen_at(path, ERR_SYSTEM);
    ck_assert_int_eq(access(path, F_OK), 0);
    unlink(path);
    rmdir(directory);
    listen_at(path, ERR_SYSTEM);
    listen_at("", ERR_INVALID);
    ck_assert_int_eq(net_connect_unix(path, &fd), ERR_NOT_FOUND);
}
END_TEST

UNIT_MAIN("unix", a_short_path, a_path_longer_than_a_socket_address, a_name_longer_than_a_socket_address,
          a_relative_path_of_any_length, waiting_ends, what_is_no_socket_stays)
