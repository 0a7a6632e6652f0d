/* The application's context and the directory everybody sees. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/app.h"

#include "inlet/base/log.h"

#include <stddef.h>

struct load_job {
    struct job job;
    struct directory *directory;
};

static enum err load(struct session *session, struct job *job)
{
    struct load_job *load = CONTAINER_OF(job, struct load_job, job);
    load->directory = directory_unref(load->directory); /* of an earlier run */
    return directory_build(session, &load->directory);
}

enum err app_load_calling(struct app *app, const struct calling_sources *sources, struct buffer *why)
{
    TRY(calling_rulebook_open(sources, why, &app->rulebook));
    app->calling = calling_rulebook_rules(app->rulebook);
    return ERR_OK;
}

static enum err load_calling(struct app *app)
{
    const struct calling_sources usual = {0};
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(64 << 10);
    enum err error = app_load_calling(app, &usual, &why);
    if (error != ERR_OK)
        LOG(LOG_ERROR, "the rules of calling cannot be read",
            LOG_TEXT_FIELD("error", slice_from(err_text(error))), LOG_TEXT_FIELD("why", buffer_slice(&why)));
    return error;
}

static enum err load_directory(struct app *app)
{
    struct load_job load_job = {.job = {.run = load}};
    enum err error = store_read(app->store, &load_job.job);
    if (error != ERR_OK) {
        directory_unref(load_job.directory);
        return error;
    }
    app->directory = load_job.directory;
    return ERR_OK;
}

static enum err init_locks(struct app *app)
{
    if (pthread_mutex_init(&app->mutex, NULL) != 0)
        return ERR_SYSTEM;
    if (dial_counts_init(&app->dial_counts) == ERR_OK)
        return ERR_OK;
    pthread_mutex_destroy(&app->mutex);
    return ERR_SYSTEM;
}

enum err app_init(struct app *app, struct store *store)
{
    app->store = store;
    if (!app->calling)
        TRY(load_calling(app));
    TRY(load_directory(app));
    enum err error = init_locks(app);
    if (error != ERR_OK)
        app->directory = directory_unref(app->directory);
    return error;
}

void app_done(struct app *app)
{
    app->calling = NULL;
    app->rulebook = calling_rulebook_free(app->rulebook);
    if (!app->directory)
        return;
    dial_counts_done(&app->dial_counts);
    pthread_mutex_destroy(&app->mutex);
    app->directory = directory_unref(app->directory);
}

struct directory *app_pin(struct app *app)
{
    pthread_mutex_lock(&app->mutex);
    struct directory *directory = directory_ref(app->directory);
    pthread_mutex_unlock(&app->mutex);
    return directory;
}

void app_publish(struct app *app, struct directory *directory)
{
    struct directory *old = directory;
    pthread_mutex_lock(&app->mutex);
    /* Two changes of one batch may come here in either order. */
    if (directory_version(directory) > directory_version(app->directory)) {
        old = app->directory;
        app->directory = directory;
    }
    pthread_mutex_unlock(&app->mutex);
    directory_unref(old);
}

void app_replace(struct app *app, struct directory *directory)
{
    pthread_mutex_lock(&app->mutex);
    struct directory *old = app->directory;
    app->directory = directory;
    pthread_mutex_unlock(&app->mutex);
    directory_unref(old);
}
