/* The store: opens a database, brings up its lanes, hands jobs to them, closes it all in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/store.h"

#include "inlet/base/mem.h"
#include "lookup.h"
#include "migrate.h"
#include "reader.h"
#include "writer.h"

#include <string.h>

#define READERS_DEFAULT 2
#define QUEUE_DEFAULT   4096
#define BATCH_DEFAULT   512

struct store {
    struct db_target *target;
    struct writer writer;
    struct readers readers;
    struct lookups lookups;
    struct dispatcher dispatcher;
    bool lanes;
};

const char *store_sqlite_path(const char *url)
{
    static const char scheme[] = "sqlite:";
    return strncmp(url, scheme, sizeof(scheme) - 1) == 0 ? url + sizeof(scheme) - 1 : NULL;
}

static enum err path_of(const char *url, const char **ret_path, struct buffer *why)
{
    const char *path = store_sqlite_path(url);
    if (!path) {
        buffer_print(why, "%s is no database that this program knows: sqlite:PATH is one", url);
        return ERR_CONFIG;
    }
    *ret_path = path;
    return ERR_OK;
}

enum err store_sqlite_file(const char *url, char ret_path[STORE_PATH_MAX], struct buffer *why)
{
    const char *path;
    TRY(path_of(url, &path, why));
    return sqlite_driver.locate(path, ret_path, why);
}

const char *store_engine_version(const char **ret_warning)
{
    return sqlite_driver.version(ret_warning);
}

static enum err submit_write(void *context, struct job *job)
{
    struct store *store = context;
    return queue_push(&store->writer.queue, job);
}

static enum err submit_read(void *context, struct job *job)
{
    struct store *store = context;
    return queue_push(&store->readers.queue, job);
}

static bool lookup(void *context, struct job *job, enum err *ret_error)
{
    struct store *store = context;
    *ret_error = lookups_run(&store->lookups, job);
    return true;
}

static enum err attach(const struct store_options *options, struct db_target **ret_target, struct buffer *why)
{
    const char *path;
    TRY(path_of(options->url, &path, why));
    struct db_target_options target_options = {
        .path = path, .create = options->create, .relaxed = options->relaxed};
    return sqlite_driver.attach(&target_options, ret_target, why);
}

/* A writing session on an up-to-date schema. */
static enum err open_session(struct db_target *target, bool apply, struct session **ret_session,
                             struct buffer *why)
{
    struct session *session;
    TRY(session_open(target, DB_WRITE, &session, why));
    size_t count;
    const struct migration *migrations = migrations_of(target->driver->engine, &count);
    enum err error = migrate(session, migrations, count, apply, why);
    if (error != ERR_OK) {
        session_close(session);
        return error;
    }
    *ret_session = session;
    return ERR_OK;
}

static enum err open_writer(struct store *store, const struct store_options *options, struct buffer *why)
{
    struct session *session;
    TRY(open_session(store->target, options->migrate, &session, why));
    return writer_open(&store->writer, store->target, session,
                       options->queue_max ? options->queue_max : QUEUE_DEFAULT,
                       options->batch_max ? options->batch_max : BATCH_DEFAULT);
}

static enum err open_lanes(struct store *store, const struct store_options *options, struct buffer *why)
{
    TRY(lookups_open(&store->lookups, store->target));
    enum err error =
        readers_open(&store->readers, store->target, options->readers ? options->readers : READERS_DEFAULT,
                     options->queue_max ? options->queue_max : QUEUE_DEFAULT, why);
    if (error == ERR_OK)
        error = writer_start(&store->writer);
    if (error == ERR_OK) {
        store->lanes = true;
        return ERR_OK;
    }
    readers_close(&store->readers);
    lookups_close(&store->lookups);
    return error;
}

static enum err open_all(struct store *store, const struct store_options *options, struct buffer *why)
{
    TRY(attach(options, &store->target, why));
    enum err error = open_writer(store, options, why);
    if (error == ERR_OK && options->lanes) {
        error = open_lanes(store, options, why);
        if (error != ERR_OK)
            writer_close(&store->writer);
    }
    if (error != ERR_OK)
        store->target->driver->detach(store->target);
    return error;
}

enum err store_open(const struct store_options *options, struct store **ret_store, struct buffer *why)
{
    struct store *store = mem_zero(1, sizeof(*store));
    enum err error = store ? open_all(store, options, why) : ERR_MEMORY;
    if (error != ERR_OK) {
        if (buffer_slice(why).n == 0)
            buffer_append_text(why, err_text(error));
        mem_free(store);
        return error;
    }
    store->dispatcher = (struct dispatcher){
        .context = store, .submit_write = submit_write, .submit_read = submit_read, .lookup = lookup};
    *ret_store = store;
    return ERR_OK;
}

/* Readers first: the writer's last checkpoint then finds nobody in its way, and its close is the last one. */
struct store *store_close(struct store *store)
{
    if (!store)
        return NULL;
    if (store->lanes) {
        queue_close(&store->writer.queue);
        readers_close(&store->readers);
        lookups_close(&store->lookups);
    }
    writer_close(&store->writer);
    store->target->driver->detach(store->target);
    mem_free(store);
    return NULL;
}

const struct dispatcher *store_dispatcher(struct store *store)
{
    return &store->dispatcher;
}

/* A job that somebody waits for. */
struct awaited {
    struct job job;
    struct job *inner;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool is_finished;
    enum err error;
};

static enum err run_awaited(struct session *session, struct job *job)
{
    struct job *inner = CONTAINER_OF(job, struct awaited, job)->inner;
    return inner->run(session, inner);
}

static void finish_awaited(struct job *job, enum err error)
{
    struct awaited *awaited = CONTAINER_OF(job, struct awaited, job);
    pthread_mutex_lock(&awaited->mutex);
    awaited->error = error;
    awaited->is_finished = true;
    pthread_cond_signal(&awaited->finished);
    pthread_mutex_unlock(&awaited->mutex);
}

enum err store_run(struct store *store, struct job *job)
{
    struct awaited awaited = {
        .job = {.run = run_awaited, .done = finish_awaited},
        .inner = job,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .finished = PTHREAD_COND_INITIALIZER,
    };
    if (store->lanes)
        TRY(submit_write(store, &awaited.job));
    else
        writer_run(&store->writer, &awaited.job);
    pthread_mutex_lock(&awaited.mutex);
    while (!awaited.is_finished)
        pthread_cond_wait(&awaited.finished, &awaited.mutex);
    pthread_mutex_unlock(&awaited.mutex);
    return awaited.error;
}

void store_health(struct store *store, struct store_health *ret_health)
{
    enum err error = atomic_load(&store->writer.state);
    *ret_health = (struct store_health){
        .writable = error == ERR_OK,
        .last_error = error,
        .writes_waiting = queue_length(&store->writer.queue),
        .reads_waiting = store->lanes ? queue_length(&store->readers.queue) : 0,
        .commits = atomic_load(&store->writer.commits),
        .jobs = atomic_load(&store->writer.jobs),
        .wal_bytes = store->target->driver->log_bytes(store->target),
    };
}
