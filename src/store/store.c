/* The store: opens a database, brings up its lanes, hands jobs to them, closes it all in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/store.h"

#include "engine.h"
#include "inlet/base/mem.h"
#include "lookup.h"
#include "migrate.h"
#include "pool.h"
#include "reader.h"
#include "writer.h"

/* Writes that have not moved for so long are no service, whatever becomes of them. */
#define STUCK_US               INT64_C(6000000)

#define READERS_DEFAULT        2
#define READERS_DEFAULT_SHARED 8
#define WRITERS_DEFAULT        16
#define QUEUE_DEFAULT          4096
#define BATCH_DEFAULT          512

struct store {
    struct db_target *target;
    struct lane *writes; /* one of the next two */
    struct writer writer;
    struct pool pool;
    struct readers readers;
    struct lookups lookups; /* where the engine is not shared */
    struct dispatcher dispatcher;
    bool lanes;
};

static enum err submit_write(void *context, struct job *job)
{
    struct store *store = context;
    return queue_push(&store->writes->queue, job);
}

static enum err submit_read(void *context, struct job *job)
{
    struct store *store = context;
    return queue_push(&store->readers.queue, job);
}

/* Only a file answers without waiting. */
static bool lookup(void *context, struct job *job, enum err *ret_error)
{
    struct store *store = context;
    if (store_is_shared(store))
        return false;
    *ret_error = lookups_run(&store->lookups, job);
    return true;
}

static enum err attach(const struct store_options *options, struct db_target **ret_target, struct buffer *why)
{
    const struct db_driver *driver;
    const char *path;
    TRY(engine_of(options->url, &driver, &path, why));
    struct db_target_options target_options = {
        .path = path, .create = options->create, .relaxed = options->relaxed};
    return driver->attach(&target_options, ret_target, why);
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

static enum err open_writes(struct store *store, const struct store_options *options, struct buffer *why)
{
    struct session *session;
    TRY(open_session(store->target, options->migrate, &session, why));
    size_t queue_max = options->queue_max ? options->queue_max : QUEUE_DEFAULT;
    if (store_is_shared(store)) {
        store->writes = &store->pool.lane;
        return pool_open(&store->pool, store->target, session, queue_max,
                         options->writers ? options->writers : WRITERS_DEFAULT);
    }
    store->writes = &store->writer.lane;
    return writer_open(&store->writer, store->target, session, queue_max,
                       options->batch_max ? options->batch_max : BATCH_DEFAULT);
}

static enum err open_reads(struct store *store, const struct store_options *options, struct buffer *why)
{
    bool shared = store_is_shared(store);
    size_t readers = options->readers;
    if (readers == 0)
        readers = shared ? READERS_DEFAULT_SHARED : READERS_DEFAULT;
    if (!shared)
        TRY(lookups_open(&store->lookups, store->target));
    enum err error = readers_open(&store->readers, store->target, readers,
                                  options->queue_max ? options->queue_max : QUEUE_DEFAULT, why);
    if (error != ERR_OK && !shared)
        lookups_close(&store->lookups);
    return error;
}

static void close_reads(struct store *store)
{
    readers_close(&store->readers);
    if (!store_is_shared(store))
        lookups_close(&store->lookups);
}

static enum err open_lanes(struct store *store, const struct store_options *options, struct buffer *why)
{
    TRY(open_reads(store, options, why));
    enum err error = lane_start(store->writes);
    if (error == ERR_OK)
        store->lanes = true;
    else
        close_reads(store);
    return error;
}

static enum err open_all(struct store *store, const struct store_options *options, struct buffer *why)
{
    TRY(attach(options, &store->target, why));
    enum err error = open_writes(store, options, why);
    if (error == ERR_OK && options->lanes) {
        error = open_lanes(store, options, why);
        if (error != ERR_OK)
            lane_close(store->writes);
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
        queue_close(&store->writes->queue);
        close_reads(store);
    }
    lane_close(store->writes);
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

/* SUBMIT: one of the dispatcher's. Without lanes, HERE runs it. */
static enum err wait_for(struct store *store, struct job *job,
                         enum err (*submit)(void *context, struct job *job),
                         void (*here)(struct store *store, struct job *job))
{
    struct awaited awaited = {
        .job = {.run = run_awaited, .done = finish_awaited},
        .inner = job,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .finished = PTHREAD_COND_INITIALIZER,
    };
    if (store->lanes)
        TRY(submit(store, &awaited.job));
    else
        here(store, &awaited.job);
    pthread_mutex_lock(&awaited.mutex);
    while (!awaited.is_finished)
        pthread_cond_wait(&awaited.finished, &awaited.mutex);
    pthread_mutex_unlock(&awaited.mutex);
    return awaited.error;
}

static void write_here(struct store *store, struct job *job)
{
    lane_run(store->writes, job);
}

static void read_here(struct store *store, struct job *job)
{
    job->done(job, readers_run(store->target, job));
}

enum err store_run(struct store *store, struct job *job)
{
    return wait_for(store, job, submit_write, write_here);
}

enum err store_read(struct store *store, struct job *job)
{
    return wait_for(store, job, submit_read, read_here);
}

bool store_is_shared(const struct store *store)
{
    return store->target->driver->shared;
}

void store_health(struct store *store, struct store_health *ret_health)
{
    if (lane_stuck_us(store->writes) > STUCK_US)
        lane_note(store->writes, ERR_TIMEOUT, "no transaction has ended for seconds");
    enum err error = atomic_load(&store->writes->state);
    if (error == ERR_OK && store_is_shared(store) && !pool_connected(&store->pool))
        error = ERR_CONNECTION;
    bool writable = error == ERR_OK, readable = !store->lanes || readers_ready(&store->readers);
    *ret_health = (struct store_health){
        .writable = writable,
        .readable = readable,
        .last_error = writable && !readable ? ERR_CONNECTION : error,
        .writes_waiting = queue_length(&store->writes->queue),
        .reads_waiting = store->lanes ? queue_length(&store->readers.queue) : 0,
        .commits = atomic_load(&store->writes->commits),
        .jobs = atomic_load(&store->writes->jobs),
        .wal_bytes = store->target->driver->log_bytes(store->target),
    };
}
