/* The one registry of error values: every fallible function returns one of these. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_ERR_H
#define INLET_BASE_ERR_H

#include "inlet/base/compiler.h"

#include <stdbool.h>

/*
 * Three kinds, never mixed: CLIENT, what was asked for is wrong; RETRY, the same request may succeed later (a 503 with
 * Retry-After); OURS, this installation is at fault (a 500, logged once with context).
 */
#define ERR_TABLE(X)                                                                                         \
    X(ERR_OK, CLIENT, "success")                                                                             \
    X(ERR_INVALID, CLIENT, "invalid input")                                                                  \
    X(ERR_LIMIT, CLIENT, "a limit was exceeded")                                                             \
    X(ERR_NOT_FOUND, CLIENT, "not found")                                                                    \
    X(ERR_CONFLICT, CLIENT, "conflicts with what is stored")                                                 \
    X(ERR_MEMORY, RETRY, "out of memory")                                                                    \
    X(ERR_QUEUE_FULL, RETRY, "the queue is full")                                                            \
    X(ERR_CLOSED, RETRY, "shutting down")                                                                    \
    X(ERR_BUSY, RETRY, "the database is busy")                                                               \
    X(ERR_DISK_FULL, RETRY, "no space left on the device")                                                   \
    X(ERR_READ_ONLY, RETRY, "the database cannot be written")                                                \
    X(ERR_IO, RETRY, "an input/output error")                                                                \
    X(ERR_CONNECTION, RETRY, "the connection to the database was lost")                                      \
    X(ERR_COMMIT_UNKNOWN, RETRY,                                                                             \
      "the connection was lost before the database said whether it kept the write")                          \
    X(ERR_TIMEOUT, RETRY, "it took too long")                                                                \
    X(ERR_LOCKED, OURS, "another process holds the database")                                                \
    X(ERR_TOO_NEW, OURS, "the database is newer than this program")                                          \
    X(ERR_CORRUPT, OURS, "the database is damaged")                                                          \
    X(ERR_CONFIG, OURS, "the configuration is wrong")                                                        \
    X(ERR_SYSTEM, OURS, "a system call failed")                                                              \
    X(ERR_INTERNAL, OURS, "internal error")

enum err {
#define ERR_ROW(symbol, kind, text) symbol,
    ERR_TABLE(ERR_ROW)
#undef ERR_ROW
};

enum err_kind { ERR_KIND_CLIENT, ERR_KIND_RETRY, ERR_KIND_OURS };

/* The words of the registry for ERROR: "not found". */
const char *err_text(enum err error);

/* The symbol of ERROR: "ERR_NOT_FOUND". */
const char *err_symbol(enum err error);

/* Whose fault ERROR is. */
enum err_kind err_kind(enum err error);

/* Returns from the calling function with the error of EXPRESSION, if it has one. */
#define TRY(expression)                                                                                      \
    do {                                                                                                     \
        enum err try_error_ = (expression);                                                                  \
        if (try_error_ != ERR_OK)                                                                            \
            return try_error_;                                                                               \
    } while (0)

#endif
