/* The application's context and the directory everybody sees. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/app.h"

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

enum err app_init(struct app *app, struct store *store)
{
    app->store = store;
    struct load_job load_job = {.job = {.run = load}};
    enum err error = store_run(store, &load_job.job);
    if (error != ERR_OK) {
        directory_unref(load_job.directory);
        return error;
    }
    app->directory = load_job.directory;
    if (pthread_mutex_init(&app->mutex, NULL) != 0) {
        app->directory = directory_unref(app->directory);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

void app_done(struct app *app)
{
    if (!app->directory)
        return;
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
