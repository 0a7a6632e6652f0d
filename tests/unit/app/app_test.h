/* What the tests of use cases share: a real store in a directory of its own, and work inside its transactions. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_APP_TEST_H
#define INLET_TESTS_APP_TEST_H

#include "inlet/base/arena.h"
#include "inlet/base/log.h"
#include "inlet/codec/jin.h"
#include "inlet/domain/email.h"
#include "inlet/store/store.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct place {
    char directory[256], url[320];
    struct store *store;
    struct arena arena;
};

static inline void place_init(struct place *place)
{
    const char *base = getenv("TMPDIR");
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct store_options options = {.url = place->url, .create = true, .migrate = true};
    log_configure(LOG_TEXT, LOG_ERROR);
    jin_module_init();
    ck_assert_int_eq(email_module_init(), ERR_OK);
    snprintf(place->directory, sizeof(place->directory), "%.200s/inlet-app-XXXXXX", base ? base : P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(place->directory));
    snprintf(place->url, sizeof(place->url), "sqlite:%s/inlet.db", place->directory);
    arena_init(&place->arena, (size_t)256 << 20);
    enum err error = store_open(&options, &place->store, &why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&why)));
}

static inline void place_done(struct place *place)
{
    store_close(place->store);
    arena_done(&place->arena);
    email_module_done();
    DIR *directory = opendir(place->directory);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(directory), entry->d_name, 0);
    }
    closedir(directory);
    rmdir(place->directory);
}

/* Work for one transaction. */
struct work {
    struct job job;
    enum err (*run)(struct session *session, void *context);
    void *context;
};

static inline enum err run_work(struct session *session, struct job *job)
{
    struct work *work = CONTAINER_OF(job, struct work, job);
    return work->run(session, work->context);
}

/* Runs RUN(session, CONTEXT) in a transaction and commits it. */
static inline enum err place_run(struct place *place, enum err (*run)(struct session *session, void *context),
                                 void *context)
{
    struct work work = {.job = {.run = run_work}, .run = run, .context = context};
    return store_run(place->store, &work.job);
}

#endif
