/* The real binary under test: a fresh database, a server on a free port, its command line, a plain HTTP client. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_HARNESS_H
#define INLET_TESTS_HTTP_HARNESS_H

#include "database.h"

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define HARNESS_ARGUMENTS_MAX 24

/* A server with its directory. Everything here ends the program with a message when it fails: these are tests. */
struct harness {
    char directory[256];       /* made by harness_open, removed by harness_close */
    char db[DATABASE_URL_MAX]; /* "sqlite:<directory>/inlet.db", or what INLET_TEST_POSTGRESQL leads to */
    bool is_guest;             /* the database is another one's */
    char log[320];             /* the server's log */
    pid_t pid;                 /* 0: not running */
    unsigned port;
    char token[64]; /* scope full */
    char admin_token[64];
};

/* Makes a directory and an empty database, on the engine under test (database.h). */
void harness_prepare(struct harness *harness);
/* Migrates it and makes the tokens; lead types and representatives are the caller's. */
void harness_furnish(struct harness *harness);
/* Both. */
void harness_open(struct harness *harness);
/* A second server for the database of HOST, with a directory of its own. */
void harness_join(struct harness *harness, const struct harness *host);
/* Stops the server, if it runs, and removes the directory; drops the database. */
void harness_close(struct harness *harness);

/* Starts the server, waits until it is ready. OPTIONS: further words of the command line, ended by NULL; may be NULL. */
void harness_start(struct harness *harness, const char *const *options);
/* The same in two steps. */
void harness_launch(struct harness *harness, const char *const *options);
void harness_await(struct harness *harness);
/* Sends SIGTERM and waits; returns the exit status (128 + n for a signal n). */
int harness_stop(struct harness *harness);
/* kill -9. */
void harness_kill(struct harness *harness);

/* Runs "inlet WORDS… --db …" to its end. OUTPUT (may be NULL; initialized by the caller) gets its standard output without
 * the last line feed; INPUT its standard input (may be a null slice). Returns the exit status. */
int harness_command(struct harness *harness, const char *const *words, struct slice input,
                    struct buffer *output);

/* As above; ends the program unless it exits with 0. */
void harness_setup(struct harness *harness, const char *const *words);

struct http_header {
    struct slice name, value;
};

struct http_answer {
    unsigned status;
    struct http_header headers[48];
    size_t header_count;
    struct slice body;
};

/* A header of an answer; a null slice. */
struct slice http_header_of(const struct http_answer *answer, const char *name);

/* A connection to the server; -1 when it cannot be had. */
int http_connect(unsigned port);

/*
 * Sends one request over FD and reads its answer into ARENA (HEAD tells that no body follows). Content-Length is added when
 * there is a BODY, or HAS_LENGTH. Returns false when the connection broke.
 */
bool http_ask(int fd, struct arena *arena, const char *method, struct slice target,
              const struct http_header *headers, size_t header_count, struct slice body, bool has_length,
              struct http_answer *ret_answer);

/* The common case: one request with a token and a JSON body over a connection of its own. */
bool http_json(const struct harness *harness, struct arena *arena, const char *method, const char *target,
               const char *body, struct http_answer *ret_answer);

/* Ends the program with a message. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
