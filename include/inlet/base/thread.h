/* Threads with a name, a stack that jansson's recursion fits into, and no signals of their own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_THREAD_H
#define INLET_BASE_THREAD_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"

#include <pthread.h>

/* Stack of every thread: jansson 2.14 needs more than 512 KiB for its deepest input. */
#define THREAD_STACK_SIZE ((size_t)1 << 20)

/* Starts RUN(ARGUMENT) on a thread with all signals blocked. NAME: at most 15 characters. ERR_SYSTEM. */
NODISCARD enum err thread_start(pthread_t *ret_thread, const char *name, void (*run)(void *argument),
                                void *argument);

/* Waits for its end. */
void thread_join(pthread_t thread);

#endif
