/* When the writer moves the write-ahead log into the file, and what else it does between transactions. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include <errno.h>

/*
 * DESIGN. Checkpoints run after a batch has been answered, never inside of COMMIT: nobody waits for one but the batch that
 * follows. A passive one takes what readers allow; when readers have kept the log from starting over for so long that it
 * grew to WAL_PAGES_MAX, new ones are held up for a moment.
 */
#define WAL_PAGES        4000
#define WAL_PAGES_MAX    64000
#define FORCE_TIMEOUT_MS 200
#define BUSY_TIMEOUT_MS  5000

static enum err checkpoint(struct lite_db *db, int mode, int timeout_ms)
{
    sqlite3_busy_timeout(db->handle, timeout_ms);
    int pages = 0;
    errno = 0;
    int code = sqlite3_wal_checkpoint_v2(db->handle, "main", mode, &pages, NULL);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE)
        db->wal_pages = 0;
    return lite_error(code);
}

static enum err after_commit(struct lite_db *db)
{
    if (db->wal_pages < WAL_PAGES)
        return ERR_OK;
    if (db->wal_pages < WAL_PAGES_MAX)
        return checkpoint(db, SQLITE_CHECKPOINT_PASSIVE, 0);
    enum err error = checkpoint(db, SQLITE_CHECKPOINT_RESTART, FORCE_TIMEOUT_MS);
    return error == ERR_BUSY ? ERR_OK : error;
}

enum err lite_chore(struct db *base, enum db_chore chore)
{
    struct lite_db *db = lite_db_of(base);
    switch (chore) {
    case DB_AFTER_COMMIT: return after_commit(db);
    case DB_IDLE: return db->wal_pages > 0 ? checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE, 0) : ERR_OK;
    case DB_HOURLY: return lite_execute(base, "PRAGMA analysis_limit = 400; PRAGMA optimize");
    case DB_CLOSING: return checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE, BUSY_TIMEOUT_MS);
    }
    return ERR_INTERNAL;
}
