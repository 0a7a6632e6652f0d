/* Starts and joins threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/thread.h"

#include "inlet/base/mem.h"

#include <signal.h>
#include <stdio.h>

struct start {
    void (*run)(void *argument);
    void *argument;
    char name[16];
};

static void *trampoline(void *argument)
{
    struct start start = *(struct start *)argument;
    mem_free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.run(start.argument);
    return NULL;
}

enum err thread_start(pthread_t *ret_thread, const char *name, void (*run)(void *argument), void *argument)
{
    struct start *start = mem_alloc(sizeof(*start));
    if (!start)
        return ERR_MEMORY;
    *start = (struct start){.run = run, .argument = argument};
    snprintf(start->name, sizeof(start->name), "%s", name);
    pthread_attr_t attributes;
    sigset_t all, old;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_SIZE);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int failed = pthread_create(ret_thread, &attributes, trampoline, start);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
    if (failed) {
        mem_free(start);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

void thread_join(pthread_t thread)
{
    pthread_join(thread, NULL);
}
