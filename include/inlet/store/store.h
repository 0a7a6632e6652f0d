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
 * PostgreSQL: a pool of threads, each with a connection of its own, takes one job at a time and runs it in a transaction of
 * its own; the server groups the commits. Any number of processes may share the database. Each writing transaction leaves a
 * receipt; a COMMIT whose answer was lost is looked up by it before anything is tried again. A lost connection is opened
 * again with a growing pause; what cannot wait for it fails with ERR_CONNECTION.
 */
struct store;

struct store_options {
    const char *url;  /* "sqlite:PATH", "postgresql://…" or any other connection string of libpq */
    size_t writers;   /* connections that write, where the engine takes several; 0: 16 */
    size_t readers;   /* reader threads; 0: 2, or 8 where the engine is shared */
    size_t queue_max; /* waiting writes, and waiting reads; 0: 4096 */
    size_t batch_max; /* SQLite: jobs in one transaction; 0: 512 */
    bool relaxed;     /* a power loss may take the last acknowledged writes */
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

/* Runs one read job on a reader's thread, in a read transaction of its own, and waits for it; without lanes on the caller's
 * thread. Not from a lane's or an event thread. done is not called. */
NODISCARD enum err store_read(struct store *store, struct job *job);

/* What the readiness probe and the metrics ask. */
struct store_health {
    bool writable;       /* the last batch was committed, or none has failed yet */
    bool readable;       /* a reader is connected */
    enum err last_error; /* of the last failed commit, or that readers lack; ERR_OK when both can be done */
    size_t writes_waiting, reads_waiting;
    uint64_t commits, jobs; /* since start */
    int64_t wal_bytes;
};
void store_health(struct store *store, struct store_health *ret_health);

/* Whether other processes may use the same database at the same time, so that what this one remembers can be out of date. */
bool store_is_shared(const struct store *store);

/* URL as it may be printed and logged: a password in it becomes "***". */
NODISCARD enum err store_url_shown(const char *url, struct buffer *text);

/* Removes the "sqlite:" of a URL: the path of the file; NULL for another engine. */
const char *store_sqlite_path(const char *url);

#define STORE_PATH_MAX 4096

/* The real path of that file: absolute, without symbolic links, the same under every name. The file need not exist, its
 * directory must. On failure *WHY gets a sentence. ERR_CONFIG: another engine, or a link to nothing; ERR_NOT_FOUND: no such
 * directory; the other errors of store_open. */
NODISCARD enum err store_sqlite_file(const char *url, char ret_path[STORE_PATH_MAX], struct buffer *why);

/* An engine that this program can use. */
struct store_engine {
    const char *name;    /* "SQLite", "libpq" */
    const char *version; /* of its library */
    const char *warning; /* a known defect of that version; NULL */
};
#define STORE_ENGINES 2
void store_engines(struct store_engine ret_engines[STORE_ENGINES]);

#endif
