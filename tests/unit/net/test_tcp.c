/* Listening TCP sockets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/net/listen.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static enum err try(const char *address, int *ret_fd)
{
    struct buffer why;
    buffer_init(&why, 1000);
    enum err error = net_listen_tcp(address, ret_fd, &why);
    ck_assert_uint_eq(why.length > 0, error != ERR_OK);
    buffer_done(&why);
    return error;
}

/* The same without opening anything. */
static enum err check(const char *address)
{
    struct buffer why;
    buffer_init(&why, 1000);
    enum err error = net_check_tcp(address, &why);
    ck_assert_uint_eq(why.length > 0, error != ERR_OK);
    buffer_done(&why);
    return error;
}

static void check_peer(int listener)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)net_port(listener))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    ck_assert_int_eq(poll(&ready, 1, 1000), 1);
    int server = accept(listener, NULL, NULL);
    ck_assert_int_ge(server, 0);
    char text[NET_ADDRESS_MAX];
    net_peer_address(server, text);
    ck_assert_str_eq(text, "127.0.0.1"); /* also through a socket for both families */
    close(server);
    close(client);
}

START_TEST(good_addresses_are_bound)
{
    static const char *const addresses[] = {"127.0.0.1:0", "localhost:0", ":0"};
    for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++) {
        int fd;
        ck_assert_int_eq(check(addresses[i]), ERR_OK);
        ck_assert_int_eq(try(addresses[i], &fd), ERR_OK);
        ck_assert_uint_gt(net_port(fd), 0);
        ck_assert_int_eq(accept(fd, NULL, NULL), -1); /* does not wait */
        check_peer(fd);
        close(fd);
    }
}
END_TEST

START_TEST(bad_addresses_are_refused)
{
    static const char *const addresses[] = {
        "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", "127.0.0.1:-1"};
    int fd;
    for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++) {
        ck_assert_msg(try(addresses[i], &fd) == ERR_INVALID, "%s", addresses[i]);
        ck_assert_msg(check(addresses[i]) == ERR_INVALID, "%s", addresses[i]);
    }
    ck_assert_int_eq(check("[no::address]:80"), ERR_SYSTEM);
    ck_assert_int_eq(try("192.0.2.1:0", &fd), ERR_SYSTEM); /* no address of ours */
}
END_TEST

START_TEST(a_port_is_taken_once)
{
    int first, second;
    char address[64];
    ck_assert_int_eq(try("127.0.0.1:0", &first), ERR_OK);
    snprintf(address, sizeof(address), "127.0.0.1:%u", net_port(first));
    ck_assert_int_eq(try(address, &second), ERR_SYSTEM);
    ck_assert_int_eq(check(address), ERR_OK);
    close(first);
    ck_assert_int_eq(try(address, &second), ERR_OK);
    close(second);
}
END_TEST

UNIT_MAIN("tcp", good_addresses_are_bound, bad_addresses_are_refused, a_port_is_taken_once)
