/* The store: one database, opened, migrated and served through lanes of jobs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_STORE_H
#define INLET_STORE_STORE_H

#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DESIGN. SQLite: one writer thread owns the only writing connection. It takes whatever jobs wait (no linger), runs them in
 * one transaction, each in a savepoint, and calls done only after COMMIT has returned: synchronous=FULL, so what was
 * answered is on disk. Reader threads have read-only connections. All checkpoints are the writer's, because SQLite before
 * 3.51.3 can corrupt a WAL that one connection resets while another checkpoints. An exclusive flock on "<path>.lock" keeps
 * every other process of this program out; <path> is the real one, and a file with more than one hard link is refused, since
 * SQLite names its log after the path, and two logs destroy a database.
 */
struct store;

struct store_options {
    const char *url;  /* "sqlite:PATH" */
    size_t readers;   /* reader threads; 0: 2 */
    size_t queue_max; /* waiting writes, and waiting reads; 0: 4096 */
    size_t batch_max; /* jobs in one transaction; 0: 512 */
    bool relaxed;     /* synchronous=NORMAL: a power loss may take the last acknowledged writes */
    bool create;      /* make the file when it is missing */
    bool migrate;     /* bring the schema up to date when opening; otherwise an old schema is ERR_CONFIG */
    bool lanes;       /* start writer and reader threads; without, only store_run works */
};

/*
 * Opens. On failure *WHY gets a sentence for the operator. ERR_LOCKED: another process has it (its control socket is to be
 * used); ERR_TOO_NEW: the schema is newer than this program; ERR_CORRUPT, ERR_DISK_FULL, ERR_READ_ONLY, ERR_IO, ERR_CONFIG
 * (unknown scheme, not a database), ERR_NOT_FOUND (missing and not to be created), ERR_MEMORY, ERR_SYSTEM.
 */
NODISCARD enum err store_open(const struct store_options *options, struct store **ret_store,
                              struct buffer *why);

/* Takes no more jobs, finishes those that wait, checkpoints, closes, unlocks. NULL is fine. */
struct store *store_close(struct store *store);

/* Where jobs go. Valid while the store is open. */
const struct dispatcher *store_dispatcher(struct store *store);

/* Runs one job on the caller's thread in a transaction of its own (command line, start-up): run, then COMMIT; done is not
 * called. With lanes it is handed to the writer and waited for. Not from a lane's or an event thread. */
NODISCARD enum err store_run(struct store *store, struct job *job);

/* What the readiness probe and the metrics ask. */
struct store_health {
    bool writable;       /* the last batch was committed, or none has failed yet */
    enum err last_error; /* of the last failed commit, ERR_OK when writable */
    size_t writes_waiting, reads_waiting;
    uint64_t commits, jobs; /* since start */
    int64_t wal_bytes;
};
void store_health(struct store *store, struct store_health *ret_health);

/* Removes the "sqlite:" of a URL: the path of the file; NULL for another engine. */
const char *store_sqlite_path(const char *url);

#define STORE_PATH_MAX 4096

/* The real path of that file: absolute, without symbolic links, the same under every name. The file need not exist, its
 * directory must. On failure *WHY gets a sentence. ERR_CONFIG: another engine, or a link to nothing; ERR_NOT_FOUND: no such
 * directory; the other errors of store_open. */
NODISCARD enum err store_sqlite_file(const char *url, char ret_path[STORE_PATH_MAX], struct buffer *why);

/* Version text of the engine's library, and whether it is one with a known defect (then *RET_WARNING says which). */
const char *store_engine_version(const char **ret_warning);

#endif
