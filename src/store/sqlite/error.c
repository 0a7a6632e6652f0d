/* SQLite's result codes as errors of the program. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include <errno.h>

/* The system's reason behind a failed open or transfer, where it says more than SQLite's code. */
static enum err system_reason(sqlite3 *handle, enum err otherwise)
{
    switch (handle ? sqlite3_system_errno(handle) : 0) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return ERR_DISK_FULL;
    case EACCES:
    case EPERM:
    case EROFS: return ERR_READ_ONLY;
    case ENOMEM: return ERR_MEMORY;
    default: return otherwise;
    }
}

enum err lite_error(sqlite3 *handle, int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return ERR_OK;
    case SQLITE_FULL: return ERR_DISK_FULL;
    case SQLITE_READONLY: return ERR_READ_ONLY;
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        /* Missing descriptors and memory also end here. */
        return system_reason(handle, ERR_IO);
    case SQLITE_IOERR: return code == SQLITE_IOERR_NOMEM ? ERR_MEMORY : system_reason(handle, ERR_IO);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return ERR_BUSY;
    case SQLITE_NOMEM: return ERR_MEMORY;
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_TOOBIG: return ERR_LIMIT;
    case SQLITE_INTERRUPT: return ERR_TIMEOUT;
    default: return ERR_INTERNAL;
    }
}
