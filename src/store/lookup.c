/* Keeps a read-only session per thread. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lookup.h"

#include "inlet/base/log.h"
#include "inlet/base/mem.h"

struct lookup_session {
    struct lookups *lookups;
    struct session *session;
    struct lookup_session *previous, *next;
};

static void free_own(struct lookup_session *own)
{
    session_close(own->session);
    mem_free(own);
}

/* A thread ends. */
static void forget_thread(void *value)
{
    struct lookup_session *own = value;
    struct lookups *lookups = own->lookups;
    pthread_mutex_lock(&lookups->mutex);
    if (own->previous)
        own->previous->next = own->next;
    else
        lookups->first = own->next;
    if (own->next)
        own->next->previous = own->previous;
    pthread_mutex_unlock(&lookups->mutex);
    free_own(own);
}

enum err lookups_open(struct lookups *lookups, struct db_target *target)
{
    *lookups = (struct lookups){.target = target};
    if (pthread_mutex_init(&lookups->mutex, NULL) != 0)
        return ERR_SYSTEM;
    if (pthread_key_create(&lookups->key, forget_thread) != 0) {
        pthread_mutex_destroy(&lookups->mutex);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

void lookups_close(struct lookups *lookups)
{
    pthread_key_delete(lookups->key); /* from here on, the end of a thread closes nothing */
    while (lookups->first) {
        struct lookup_session *own = lookups->first;
        lookups->first = own->next;
        free_own(own);
    }
    pthread_mutex_destroy(&lookups->mutex);
}

static void remember(struct lookups *lookups, struct lookup_session *own)
{
    pthread_mutex_lock(&lookups->mutex);
    own->next = lookups->first;
    if (own->next)
        own->next->previous = own;
    lookups->first = own;
    pthread_mutex_unlock(&lookups->mutex);
}

static enum err open_own(struct lookups *lookups, struct lookup_session **ret_own)
{
    struct lookup_session *own = mem_zero(1, sizeof(*own));
    if (!own)
        return ERR_MEMORY;
    own->lookups = lookups;
    struct buffer why;
    buffer_init(&why, 1024);
    enum err error = session_open(lookups->target, DB_READ, &own->session, &why);
    if (error == ERR_OK && pthread_setspecific(lookups->key, own) != 0) {
        session_close(own->session);
        error = ERR_MEMORY;
    }
    if (error != ERR_OK) {
        LOG(LOG_ERROR, "cannot read the database", LOG_TEXT_FIELD("reason", buffer_slice(&why)));
        mem_free(own);
    } else {
        remember(lookups, own);
        *ret_own = own;
    }
    buffer_done(&why);
    return error;
}

enum err lookups_run(struct lookups *lookups, struct job *job)
{
    struct lookup_session *own = pthread_getspecific(lookups->key);
    if (!own)
        TRY(open_own(lookups, &own));
    session_start_job(own->session);
    enum err error = job->run(own->session, job);
    if (err_kind(error) == ERR_KIND_OURS)
        session_log_failure(own->session, "a read failed", error);
    return error;
}
