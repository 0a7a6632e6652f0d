/* PostgreSQL's driver, but for COMMITs whose answers get lost when a test wants it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_LEAKY_H
#define INLET_TESTS_STORE_LEAKY_H

#include "db.h"
#include "unit.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

enum loss {
    LOSS_NONE,
    LOSS_AFTER,  /* committed, and then the connection broke */
    LOSS_BEFORE, /* the connection broke, and the server rolled back */
    LOSS_SLOW,   /* the connection broke while the server, which has all but COMMIT, was still at it */
    LOSS_LATE /* the connection broke; what was under way, the receipt too, arrives when late_may_arrive says so */
};

static _Atomic(enum loss) next_loss;
static atomic_int losses;
static struct db *_Atomic lost_db; /* the one whose answer got lost, until it is closed */
static struct db_driver leaky_driver;
static sem_t late_may_arrive, arrived;
static _Atomic(enum err)
    arrived_error; /* what the COMMIT whose answer got lost ended with, once it has arrived */

static void arrive(struct db *db)
{
    atomic_store(&arrived_error, pg_driver.commit(db));
    pg_driver.close(db);
    sem_post(&arrived);
}

/* The server's own end of the broken connection. */
static void *finish_slowly(void *argument)
{
    usleep(300000);
    arrive(argument);
    return NULL;
}

static void *finish_late(void *argument)
{
    while (sem_wait(&late_may_arrive) != 0)
        ;
    arrive(argument);
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
    if (own_loss == LOSS_SLOW)
        TRY(pg_driver.execute(db, "SELECT 1")); /* takes along what was put off */
    return ERR_COMMIT_UNKNOWN;
}

/* Whether the server is to go on with a lost connection. */
static bool goes_on(void)
{
    return own_loss == LOSS_SLOW || own_loss == LOSS_LATE;
}

static enum err leaky_rollback(struct db *db)
{
    return atomic_load(&lost_db) == db && goes_on() ? ERR_OK : pg_driver.rollback(db);
}

static bool leaky_usable(const struct db *db)
{
    return atomic_load(&lost_db) != db && pg_driver.usable(db);
}

static void leaky_close(struct db *db)
{
    struct db *lost = db;
    pthread_t thread;
    if (!atomic_compare_exchange_strong(&lost_db, &lost, NULL) || !goes_on()) {
        pg_driver.close(db);
        return;
    }
    void *(*finish)(void *) = own_loss == LOSS_SLOW ? finish_slowly : finish_late;
    ck_assert_int_eq(pthread_create(&thread, NULL, finish, db), 0);
    pthread_detach(thread);
}

static void leaky_init(void)
{
    sem_init(&late_may_arrive, 0, 0);
    sem_init(&arrived, 0, 0);
    leaky_driver = pg_driver;
    leaky_driver.open = leaky_open;
    leaky_driver.commit = leaky_commit;
    leaky_driver.rollback = leaky_rollback;
    leaky_driver.usable = leaky_usable;
    leaky_driver.close = leaky_close;
}

#endif
