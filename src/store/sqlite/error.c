/* SQLite's result codes as errors of the program. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include <errno.h>

/* The system's reason behind a failed open or transfer, where it says more than SQLite's code. errno itself, because
 * sqlite3_system_errno does not see what fails inside of COMMIT (3.40.1). */
static enum err system_reason(enum err otherwise)
{
    switch (errno) {
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

enum err lite_error(int code)
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
        return system_reason(ERR_IO);
    case SQLITE_IOERR: return code == SQLITE_IOERR_NOMEM ? ERR_MEMORY : system_reason(ERR_IO);
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
