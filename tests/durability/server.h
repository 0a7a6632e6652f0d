/* The server as a process: whether it lives, how it ends, what it says, what it weighs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_SERVER_H
#define INLET_TESTS_DURABILITY_SERVER_H

#include "harness.h"

#include <stdint.h>

/* Sanitizers multiply memory and time. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SERVER_IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SERVER_IS_SANITIZED true
#endif
#endif
#ifndef SERVER_IS_SANITIZED
#define SERVER_IS_SANITIZED false
#endif

void server_pause_ms(long ms);

/* Whether the process is there and not dead. */
bool server_lives(const struct harness *harness);

/* SIGTERM; waits LIMIT_MS at most, then kills. Returns the exit status (128 + n for a signal n). */
int server_stop_within(struct harness *harness, int64_t limit_ms, int64_t *ret_elapsed_ms);

/* The status of a GET; 0: no answer. */
unsigned server_get(const struct harness *harness, const char *target);

/* Asks /readyz until it answers STATUS, and keeps doing so for STEADY_MS; at most LIMIT_MS. */
bool server_becomes(const struct harness *harness, unsigned status, int64_t steady_ms, int64_t limit_ms);

/* Asks for TARGET so many times, one after the other. Returns how often the answer was not 200. */
size_t server_refusals(const struct harness *harness, const char *target, size_t times);

/* As harness_command; OUTPUT gets standard output, ERRORS standard error. */
int server_command(struct harness *harness, const char *const *words, struct buffer *output,
                   struct buffer *errors);

/* Resident memory in KiB. */
int64_t server_memory_kib(const struct harness *harness);

#endif
