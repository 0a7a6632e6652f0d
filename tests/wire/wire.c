/* Runs every file of cases/ against servers in this process, and the tests of several connections. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"
#include "client.h"
#include "inlet/base/log.h"
#include "toy.h"
#include "unit.h"

#include <glob.h>
#include <stdio.h>
#include <unistd.h>

struct stage {
    struct toy_lane lane, full_lane;
    struct http_server *normal, *tight;
};

static struct http_server *serve(const struct http_options *options)
{
    struct buffer why;
    struct http_server *server;
    buffer_init(&why, 1024);
    enum err error = http_server_start(options, &server, &why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&why)));
    buffer_done(&why);
    return server;
}

static void stage_set(struct stage *stage)
{
    log_configure(LOG_TEXT, LOG_ERROR);
    ck_assert_int_eq(toy_lane_start(&stage->lane, 1000, 1000), ERR_OK);
    ck_assert_int_eq(toy_lane_start(&stage->full_lane, 0, 0), ERR_OK);
    struct http_options options = toy_options(&stage->lane);
    options.limits =
        (struct http_limits){.idle_timeout_s = 2, .header_timeout_ms = 1000, .body_timeout_ms = 1500};
    stage->normal = serve(&options);
    struct http_options tight = toy_options(&stage->full_lane);
    tight.limits.bodies_in_flight = 1000;
    stage->tight = serve(&tight);
}

static void stage_clear(struct stage *stage)
{
    http_server_stop(stage->normal, 2000);
    http_server_stop(stage->tight, 2000);
    toy_lane_stop(&stage->lane);
    toy_lane_stop(&stage->full_lane);
}

START_TEST(cases_are_answered_as_written)
{
    struct stage stage;
    stage_set(&stage);
    const struct ports ports = {http_server_port(stage.normal, 0), http_server_port(stage.tight, 0)};
    struct buffer why;
    buffer_init(&why, (size_t)1 << 20);
    glob_t files;
    ck_assert_int_eq(glob(WIRE_CASES "/*.txt", 0, NULL, &files), 0);
    size_t cases = 0;
    for (size_t i = 0; i < files.gl_pathc; i++)
        cases += case_run_file(files.gl_pathv[i], &ports, &why);
    globfree(&files);
    struct http_stats stats;
    http_server_stats(stage.normal, &stats);
    stage_clear(&stage);
    ck_assert_msg(why.length == 0, "\n%.*s", SLICE_ARG(buffer_slice(&why)));
    ck_assert_uint_ge(cases, 60);
    ck_assert_uint_ge(stats.accepted, 60);
    ck_assert_uint_eq(stats.body_bytes, 0);
    buffer_done(&why);
}
END_TEST

static void ask(struct client *client, unsigned port, const char *request)
{
    ck_assert(client_open(client, port));
    ck_assert(client_send(client, slice_from(request)));
}

static void check_answer(struct client *client, unsigned status, const char *connection)
{
    struct answer answer;
    ck_assert(client_read(client, false, &answer));
    ck_assert_uint_eq(answer.status, status);
    ck_assert(slice_equal(answer_header(&answer, SLICE("Connection")), slice_from(connection)));
    client_take(client, answer.length);
}

#define HELLO "GET /hello/ HTTP/1.1\r\nHost: a\r\n\r\n"
#define WRITE "POST /write/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"

struct stopper {
    struct http_server *server;
    unsigned grace_ms;
};

static void *stop(void *argument)
{
    const struct stopper *stopper = argument;
    http_server_stop(stopper->server, stopper->grace_ms);
    return NULL;
}

START_TEST(stopping_answers_what_was_begun_and_closes_the_rest)
{
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 300000), ERR_OK); /* a commit takes 0.3 s */
    struct http_options options = toy_options(&lane);
    struct http_server *server = serve(&options);
    unsigned port = http_server_port(server, 0);
    struct client idle, busy[8], slow;
    ask(&idle, port, HELLO);
    check_answer(&idle, 200, "");
    for (size_t i = 0; i < ARRAY_LENGTH(busy); i++)
        ask(&busy[i], port, WRITE WRITE); /* the second one comes too late */
    ask(&slow, port, "POST /echo/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    usleep(100000);
    pthread_t thread;
    struct stopper stopper = {server, 3000};
    ck_assert_int_eq(pthread_create(&thread, NULL, stop, &stopper), 0);
    ck_assert(client_is_closed(&idle, 2000));
    ck_assert(client_send(&slow, SLICE("cd")));
    check_answer(&slow, 200, "close");
    ck_assert(client_is_closed(&slow, 2000));
    for (size_t i = 0; i < ARRAY_LENGTH(busy); i++) {
        check_answer(&busy[i], 200, "close");
        ck_assert(client_is_closed(&busy[i], 2000));
        client_close(&busy[i]);
    }
    pthread_join(thread, NULL);
    struct client late;
    ck_assert(!client_open(&late, port));
    client_close(&late);
    client_close(&idle);
    client_close(&slow);
    toy_lane_stop(&lane);
}
END_TEST

START_TEST(grace_ends_but_lanes_are_awaited)
{
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 600000), ERR_OK);
    struct http_options options = toy_options(&lane);
    struct http_server *server = serve(&options);
    unsigned port = http_server_port(server, 0);
    struct client waiting, stuck;
    ask(&waiting, port, WRITE);
    ask(&stuck, port, "POST /echo/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    usleep(100000);
    pthread_t thread;
    struct stopper stopper = {server, 100};
    ck_assert_int_eq(pthread_create(&thread, NULL, stop, &stopper), 0);
    ck_assert(client_is_closed(&stuck, 400));
    check_answer(&waiting, 200, "close");
    pthread_join(thread, NULL);
    client_close(&waiting);
    client_close(&stuck);
    toy_lane_stop(&lane);
}
END_TEST

START_TEST(connections_over_the_cap_are_closed)
{
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 0), ERR_OK);
    struct http_options options = toy_options(&lane);
    options.limits.connections = 3;
    struct http_server *server = serve(&options);
    unsigned port = http_server_port(server, 0);
    struct client clients[4];
    for (size_t i = 0; i < 3; i++) {
        ask(&clients[i], port, HELLO);
        check_answer(&clients[i], 200, "");
    }
    ck_assert(client_open(&clients[3], port));
    ck_assert(client_is_closed(&clients[3], 2000));
    client_close(&clients[3]);
    client_close(&clients[0]);
    usleep(200000);
    ask(&clients[0], port, HELLO); /* the place of one that left is free again */
    check_answer(&clients[0], 200, "");
    struct http_stats stats;
    http_server_stats(server, &stats);
    ck_assert_uint_eq(stats.connections, 3);
    ck_assert_uint_eq(stats.refused_connections, 1);
    for (size_t i = 0; i < 3; i++)
        client_close(&clients[i]);
    http_server_stop(server, 1000);
    toy_lane_stop(&lane);
}
END_TEST

START_TEST(a_client_that_does_not_read_is_let_go)
{
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 0), ERR_OK);
    struct http_options options = toy_options(&lane);
    options.limits = (struct http_limits){.idle_timeout_s = 60, .body_timeout_ms = 500};
    struct http_server *server = serve(&options);
    struct client client;
    ask(&client, http_server_port(server, 0), "GET /large/ HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(200000);
    struct http_stats stats;
    http_server_stats(server, &stats);
    ck_assert_uint_eq(stats.connections, 1);
    for (unsigned i = 0; i < 50 && stats.connections > 0; i++) {
        usleep(100000);
        http_server_stats(server, &stats);
    }
    ck_assert_uint_eq(stats.connections, 0);
    ck_assert_uint_eq(stats.calls_in_flight, 0);
    client_close(&client);
    http_server_stop(server, 1000);
    toy_lane_stop(&lane);
}
END_TEST

START_TEST(the_control_socket_makes_an_operator)
{
    char directory[] = "/tmp/inlet-test-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/control", directory);
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 0), ERR_OK);
    struct http_options options = toy_options(&lane);
    options.control_path = path;
    struct http_server *server = serve(&options);
    static const char request[] = "GET /secret/ HTTP/1.1\r\nHost: a\r\n\r\n";
    struct client client;
    ck_assert(client_open_unix(&client, path));
    ck_assert(client_send(&client, SLICE(WRITE)));
    check_answer(&client, 200, "");
    ck_assert(client_send(&client, slice_from(request)));
    check_answer(&client, 200, "");
    client_close(&client);
    ask(&client, http_server_port(server, 0), request);
    check_answer(&client, 401, "");
    client_close(&client);
    http_server_stop(server, 1000);
    ck_assert_int_ne(access(path, F_OK), 0);
    rmdir(directory);
    toy_lane_stop(&lane);
}
END_TEST

START_TEST(what_cannot_start_says_why)
{
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 0), ERR_OK);
    static const char *const addresses[] = {"127.0.0.1:0", "nonsense"};
    struct http_options options = toy_options(&lane);
    options.listen = addresses;
    options.listen_count = 2;
    struct http_server *server = NULL;
    struct buffer why;
    buffer_init(&why, 1024);
    ck_assert_int_eq(http_server_start(&options, &server, &why), ERR_INVALID);
    ck_assert(slice_equal(buffer_slice(&why), SLICE("\"nonsense\" is not HOST:PORT")));
    ck_assert_ptr_null(server);
    buffer_done(&why);
    toy_lane_stop(&lane);
}
END_TEST

/* One after another each gets its answer: every client has one request in a lane at the same time. */
START_TEST(a_multiple_of_128_clients_does_not_stall)
{
    enum { CLIENTS = 256, ROUNDS = 20 };
    static struct client clients[CLIENTS];
    struct toy_lane lane;
    ck_assert_int_eq(toy_lane_start(&lane, 1000, 0), ERR_OK);
    struct http_options options = toy_options(&lane);
    options.threads = 1;
    struct http_server *server = serve(&options);
    unsigned port = http_server_port(server, 0);
    for (size_t i = 0; i < CLIENTS; i++)
        ck_assert(client_open(&clients[i], port));
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < CLIENTS; i++)
            ck_assert(client_send(&clients[i], round % 2 ? SLICE(WRITE) : SLICE(HELLO)));
        for (size_t i = 0; i < CLIENTS; i++)
            check_answer(&clients[i], 200, "");
    }
    for (size_t i = 0; i < CLIENTS; i++)
        client_close(&clients[i]);
    http_server_stop(server, 1000);
    toy_lane_stop(&lane);
}
END_TEST

UNIT_MAIN("wire", cases_are_answered_as_written, stopping_answers_what_was_begun_and_closes_the_rest,
          grace_ends_but_lanes_are_awaited, connections_over_the_cap_are_closed,
          a_client_that_does_not_read_is_let_go, the_control_socket_makes_an_operator,
          what_cannot_start_says_why, a_multiple_of_128_clients_does_not_stall)
