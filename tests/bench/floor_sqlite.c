/* The floor's engine on SQLite: one thread that commits whatever is queued as one transaction (WAL, synchronous=FULL). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include "inlet/base/clock.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

static sqlite3 *database;
static sqlite3_stmt *begin_statement, *insert_statement, *commit_statement;

static void bind_member(int at, const json_t *member)
{
    if (json_is_string(member))
        sqlite3_bind_text(insert_statement, at, json_string_value(member), (int)json_string_length(member),
                          SQLITE_STATIC);
    else if (json_is_integer(member))
        sqlite3_bind_int64(insert_statement, at, json_integer_value(member));
    else
        sqlite3_bind_null(insert_statement, at);
}

static bool insert(const struct request *request)
{
    static const char *const members[] = FLOOR_MEMBERS;
    sqlite3_bind_int64(insert_statement, 1, clock_now_us());
    for (int i = 0; i < FLOOR_MEMBER_COUNT; i++)
        bind_member(i + 2, json_object_get(request->lead, members[i]));
    sqlite3_bind_text(insert_statement, FLOOR_MEMBER_COUNT + 2, request->metadata, -1, SQLITE_STATIC);
    bool stored = sqlite3_step(insert_statement) == SQLITE_DONE;
    sqlite3_reset(insert_statement);
    sqlite3_clear_bindings(insert_statement);
    return stored;
}

static void step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        floor_die(sqlite3_errmsg(database));
    sqlite3_reset(statement);
}

static void *run(void *unused)
{
    (void)unused;
    for (;;) {
        struct request *batch = floor_take(SIZE_MAX);
        step(begin_statement);
        for (struct request *request = batch; request; request = request->next)
            request->is_kept = insert(request);
        step(commit_statement);
        floor_hand_back(batch);
    }
    return NULL;
}

static void execute(const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        floor_die(message ? message : "cannot execute SQL");
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        floor_die(sqlite3_errmsg(database));
    return statement;
}

/* The parameters are named $1 to $9, and numbered in just that order, in which they come. */
void floor_sqlite_start(const char *path, const char *sql)
{
    pthread_t thread;
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        floor_die("cannot open the database");
    /* The cache and the distance of checkpoints that Inlet's writer has: the comparison is about code. */
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA "
            "wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY");
    execute(sql);
    begin_statement = prepare("BEGIN IMMEDIATE");
    commit_statement = prepare("COMMIT");
    insert_statement = prepare(FLOOR_INSERT);
    if (pthread_create(&thread, NULL, run, NULL) != 0)
        floor_die("cannot start the writer");
}
