/* PostgreSQL's driver, but for COMMITs whose answers get lost when a test wants it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_LEAKY_H
#define INLET_TESTS_STORE_LEAKY_H

#include "db.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum loss {
    LOSS_NONE,
    LOSS_AFTER,  /* committed, and then the connection broke */
    LOSS_BEFORE, /* the connection broke, and the server rolled back */
    LOSS_SLOW    /* the connection broke while the server was still at it */
};

static _Atomic(enum loss) next_loss;
static atomic_int losses;
static struct db *_Atomic lost_db; /* the one whose answer got lost, until it is closed */
static struct db_driver leaky_driver;

/* The server's own end of the broken connection. */
static void *finish_slowly(void *argument)
{
    struct db *db = argument;
    usleep(300000);
    enum err ignored = pg_driver.commit(db);
    (void)ignored;
    pg_driver.close(db);
    return NULL;
}

static enum err leaky_open(struct db_target *target, enum db_mode mode, struct db **ret_db,
                           struct buffer *why)
{
    TRY(pg_driver.open(target, mode, ret_db, why));
    (*ret_db)->driver = &leaky_driver;
    return ERR_OK;
}

static _Thread_local enum loss own_loss; /* of the connection that this thread has lost */

static enum err leaky_commit(struct db *db)
{
    own_loss = atomic_exchange(&next_loss, LOSS_NONE);
    if (own_loss == LOSS_NONE)
        return pg_driver.commit(db);
    atomic_fetch_add(&losses, 1);
    atomic_store(&lost_db, db);
    if (own_loss == LOSS_AFTER)
        TRY(pg_driver.commit(db));
    return ERR_COMMIT_UNKNOWN;
}

static enum err leaky_rollback(struct db *db)
{
    return atomic_load(&lost_db) == db && own_loss == LOSS_SLOW ? ERR_OK : pg_driver.rollback(db);
}

static bool leaky_usable(const struct db *db)
{
    return atomic_load(&lost_db) != db && pg_driver.usable(db);
}

static void leaky_close(struct db *db)
{
    struct db *lost = db;
    pthread_t thread;
    bool slow = atomic_compare_exchange_strong(&lost_db, &lost, NULL) && own_loss == LOSS_SLOW;
    if (!slow) {
        pg_driver.close(db);
        return;
    }
    ck_assert_int_eq(pthread_create(&thread, NULL, finish_slowly, db), 0);
    pthread_detach(thread);
}

static void leaky_init(void)
{
    leaky_driver = pg_driver;
    leaky_driver.open = leaky_open;
    leaky_driver.commit = leaky_commit;
    leaky_driver.rollback = leaky_rollback;
    leaky_driver.usable = leaky_usable;
    leaky_driver.close = leaky_close;
}

#endif
