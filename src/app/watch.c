/* Asks for the version of the setup, and builds the directory anew when it is another one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/watch.h"

#include "inlet/base/log.h"
#include "inlet/base/mem.h"
#include "inlet/base/thread.h"

#include <time.h>

#define PAUSE_NS 250000000L

/* One question to the database. */
struct look {
    struct job job;
    int64_t known;    /* version of the published directory */
    bool was_lower;   /* the last question found a lower one */
    bool unconnected; /* the last question failed: nobody knows what happened since */
    int64_t found;
    struct directory *directory; /* NULL: nothing has to change */
};

struct watch {
    struct app *app;
    watch_read *read;
    void *context;
    struct look look; /* of the thread */
    pthread_t thread;
    pthread_mutex_t mutex; /* of stopping */
    pthread_cond_t stopped;
    bool stopping;
};

/* In one transaction, so that the directory is that of the version. */
static enum err run_look(struct session *session, struct job *job)
{
    struct look *look = CONTAINER_OF(job, struct look, job);
    look->directory = directory_unref(look->directory); /* of an earlier run */
    TRY(store_setup_version(session, &look->found));
    bool is_news =
        look->found > look->known || look->unconnected || (look->found < look->known && look->was_lower);
    return is_news ? directory_build(session, &look->directory) : ERR_OK;
}

static int64_t known_version(struct app *app)
{
    struct directory *directory = app_pin(app);
    int64_t version = directory_version(directory);
    directory_unref(directory);
    return version;
}

static void say(struct look *look, enum err error)
{
    if (error != ERR_OK && !look->unconnected)
        LOG(LOG_WARNING, "the setup cannot be read: what is known of it stays in force",
            LOG_TEXT_FIELD("error", slice_from(err_text(error))));
    if (error == ERR_OK && look->unconnected)
        LOG(LOG_INFO, "the setup can be read again", LOG_INTEGER_FIELD("version", look->found));
}

static void look_once(struct watch *watch)
{
    struct look *look = &watch->look;
    look->known = known_version(watch->app);
    enum err error = watch->read(watch->context, &look->job);
    say(look, error);
    if (error != ERR_OK)
        look->directory = directory_unref(look->directory); /* built, but its transaction failed */
    if (look->directory && look->found > look->known)
        app_publish(watch->app, TAKE(look->directory));
    else if (look->directory)
        app_replace(watch->app, TAKE(look->directory));
    look->was_lower = error == ERR_OK && look->found < look->known;
    look->unconnected = error != ERR_OK;
}

/* Waits for the next look; false: for none. */
static bool rest(struct watch *watch)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PAUSE_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&watch->mutex);
    int waited = 0;
    while (!watch->stopping && waited == 0)
        waited = pthread_cond_timedwait(&watch->stopped, &watch->mutex, &until);
    bool goes_on = !watch->stopping;
    pthread_mutex_unlock(&watch->mutex);
    return goes_on;
}

static void run_thread(void *argument)
{
    while (rest(argument))
        look_once(argument);
}

/* The clock of the wait is one that nobody sets. */
static enum err init_wait(struct watch *watch)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return ERR_SYSTEM;
    int failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!failed)
        failed = pthread_cond_init(&watch->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
    if (failed)
        return ERR_SYSTEM;
    if (pthread_mutex_init(&watch->mutex, NULL) == 0)
        return ERR_OK;
    pthread_cond_destroy(&watch->stopped);
    return ERR_SYSTEM;
}

static void free_watch(struct watch *watch)
{
    pthread_mutex_destroy(&watch->mutex);
    pthread_cond_destroy(&watch->stopped);
    mem_free(watch);
}

enum err watch_start(struct app *app, watch_read *read, void *context, struct watch **ret_watch)
{
    struct watch *watch = mem_zero(1, sizeof(*watch));
    if (!watch)
        return ERR_MEMORY;
    watch->app = app;
    watch->read = read;
    watch->context = context;
    watch->look.job.run = run_look;
    enum err error = init_wait(watch);
    if (error != ERR_OK) {
        mem_free(watch);
        return error;
    }
    error = thread_start(&watch->thread, "watcher", run_thread, watch);
    if (error != ERR_OK) {
        free_watch(watch);
        return error;
    }
    *ret_watch = watch;
    return ERR_OK;
}

struct watch *watch_stop(struct watch *watch)
{
    if (!watch)
        return NULL;
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = true;
    pthread_cond_signal(&watch->stopped);
    pthread_mutex_unlock(&watch->mutex);
    thread_join(watch->thread);
    free_watch(watch);
    return NULL;
}
