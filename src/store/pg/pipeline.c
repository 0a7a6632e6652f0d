/* The pipeline of a connection: what is queued, sent in one go, and how the answers are read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

/* Where TLS is used, bytes may wait inside the TLS library that poll() knows nothing of, and libpq (15) does not always
 * fetch them all at once: look again after so long. */
#define TLS_LOOK_MS 10

enum err pg_lose(struct pg_db *db, const char *text)
{
    if (text)
        pg_keep_text(db, text);
    if (db->error_text[0] == '\0')
        pg_keep_text(db, "the connection to the server was lost");
    db->lost = true;
    db->transaction = db->savepoint = PHASE_NONE;
    db->failed = ERR_OK;
    /* What libpq or the kernel still holds must not leave when the connection is closed: there may be a COMMIT in it,
     * and by then somebody may have looked whether it has happened. */
    int fd = PQsocket(db->handle);
    if (fd >= 0) {
        struct linger at_once = {.l_onoff = 1, .l_linger = 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        shutdown(fd, SHUT_RDWR);
    }
    return ERR_CONNECTION;
}

enum err pg_ready(struct pg_db *db)
{
    if (db->lost)
        return ERR_CONNECTION;
    return db->failed;
}

enum err pg_sent(struct pg_db *db, int code, enum pg_item item)
{
    assert(db->queued < QUEUE_MAX);
    if (code != 1)
        return pg_lose(db, PQerrorMessage(db->handle)); /* half a message may be in the buffer */
    db->queue[db->queued++] = item;
    return ERR_OK;
}

const char *const pg_control_names[CONTROL_COUNT] = {"begin",     "commit",  "rollback",
                                                     "savepoint", "release", "rollback_to"};

enum err pg_send_control(struct pg_db *db, enum pg_control control)
{
    int code = PQsendQueryPrepared(db->handle, pg_control_names[control], 0, NULL, NULL, NULL, 1);
    return pg_sent(db, code, (enum pg_item)control);
}

enum err pg_send_wanted(struct pg_db *db)
{
    if (db->transaction == PHASE_WANTED) {
        TRY(pg_send_control(db, CONTROL_BEGIN));
        db->transaction = PHASE_OPEN;
    }
    if (db->savepoint == PHASE_WANTED) {
        TRY(pg_send_control(db, CONTROL_SAVEPOINT));
        db->savepoint = PHASE_OPEN;
    }
    return ERR_OK;
}

bool pg_unsynced(const struct pg_db *db)
{
    return db->queued > 0 && db->queue[db->queued - 1] != ITEM_SYNC;
}

static int wait_ms(const struct pg_db *db, int64_t until_us)
{
    int64_t left_ms = (until_us - clock_monotonic_us() + 999) / 1000;
    if (left_ms <= 0)
        return 0;
    return PQsslInUse(db->handle) && left_ms > TLS_LOOK_MS ? TLS_LOOK_MS : (int)left_ms;
}

/* Sends and receives what can be, after waiting until there is something. False: the connection is lost. */
static bool exchange(struct pg_db *db, int64_t until_us)
{
    int unsent = PQflush(db->handle);
    struct pollfd socket = {.fd = PQsocket(db->handle), .events = POLLIN};
    if (unsent == 1)
        socket.events |= POLLOUT;
    int ready = poll(&socket, 1, wait_ms(db, until_us));
    if (ready < 0 && errno != EINTR) {
        pg_lose(db, "the connection cannot be waited for");
        return false;
    }
    if (ready <= 0 && clock_monotonic_us() >= until_us) {
        pg_lose(db, "the server does not answer");
        return false;
    }
    if (ready == 0 && !PQsslInUse(db->handle))
        return true;
    /* A broken connection may have left whole answers behind: they are still read. */
    if (PQconsumeInput(db->handle) != 1 && PQstatus(db->handle) == CONNECTION_OK) {
        pg_lose(db, PQerrorMessage(db->handle));
        return false;
    }
    return true;
}

static int64_t deadline_us(const struct pg_db *db)
{
    return clock_monotonic_us() + INT64_C(1000) * (db->deadline_ms + GRACE_MS);
}

PGresult *pg_take(struct pg_db *db)
{
    if (PQisBusy(db->handle)) {
        int64_t until_us = deadline_us(db);
        do {
            if (!exchange(db, until_us))
                return NULL;
        } while (PQisBusy(db->handle));
    }
    return PQgetResult(db->handle);
}

static enum err judge_control(struct pg_db *db, enum pg_item item, PGresult *result)
{
    if (item != ITEM_COMMIT)
        return ERR_OK;
    db->transaction = db->savepoint = PHASE_NONE;
    /* As when it did not wait for the standby. Whether it is there, and safe, is found out over another connection. */
    if (db->warned)
        return pg_lose(db, "the server gave a warning with its answer to COMMIT");
    /* COMMIT of a transaction that has failed "works", and rolls it back. */
    if (slice_equal(slice_from(PQcmdStatus(result)), SLICE("COMMIT")))
        return ERR_OK;
    return pg_refuse(db, "the transaction had failed and was rolled back instead of committed");
}

/* One error ends all until the next Sync, so what is PGRES_PIPELINE_ABORTED is told by the error before it. */
static enum err judge(struct pg_db *db, enum pg_item item, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    enum err error = ERR_INTERNAL;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return judge_control(db, item, result);
    if (status == PGRES_FATAL_ERROR)
        error = pg_judge(db, result);
    else if (status != PGRES_PIPELINE_ABORTED && status != PGRES_EMPTY_QUERY)
        return pg_lose(db, "the server's answer is not to what was asked");
    if (item == ITEM_COMMIT && status == PGRES_FATAL_ERROR)
        db->transaction = db->savepoint = PHASE_NONE;
    else if (item == ITEM_ROLLBACK && !db->lost)
        return pg_lose(db, NULL);
    else if (item < ITEM_PLAIN)
        db->doomed = true;
    return error;
}

static const char out_of_step[] = "the server's answers are out of step";

static enum err receive_one(struct pg_db *db, enum pg_item item, PGresult **answer)
{
    PGresult *result CLEANUP(pg_clear_result) = pg_take(db);
    if (db->lost)
        return ERR_CONNECTION;
    if (!result)
        return pg_lose(db, PQstatus(db->handle) == CONNECTION_OK ? out_of_step : PQerrorMessage(db->handle));
    bool sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    if (sync != (item == ITEM_SYNC))
        return pg_lose(db, out_of_step);
    if (sync)
        return ERR_OK;
    enum err error = judge(db, item, result);
    if (db->lost)
        return error;
    PGresult *end CLEANUP(pg_clear_result) = pg_take(db);
    if (end)
        return pg_lose(db, "the server answers more than was asked");
    if (item == ITEM_ANSWER && error == ERR_OK) {
        PQclear(*answer);
        *answer = TAKE(result);
    }
    return error;
}

/* Lost at the answer to queue[AT]. A COMMIT that is still unanswered may have been executed, unless one of the statements
 * before it is known to have failed; and one that was answered stays done. */
static enum err loss(const struct pg_db *db, size_t at, enum err before)
{
    if (before != ERR_OK)
        return before;
    for (size_t i = 0; i < db->queued; i++) {
        if (db->queue[i] == ITEM_COMMIT)
            return i < at ? ERR_OK : ERR_COMMIT_UNKNOWN;
    }
    return ERR_CONNECTION;
}

enum err pg_receive(struct pg_db *db, PGresult **ret_answer)
{
    PGresult *answer CLEANUP(pg_clear_result) = NULL;
    enum err first = ERR_OK;
    for (size_t i = 0; i < db->queued; i++) {
        enum err error = receive_one(db, db->queue[i], &answer);
        if (db->lost)
            return loss(db, i, first);
        if (first == ERR_OK)
            first = error;
    }
    db->queued = 0;
    if (first != ERR_OK && db->transaction == PHASE_OPEN) {
        db->failed = first;
        db->doomed = db->doomed || db->savepoint != PHASE_OPEN;
    }
    if (first == ERR_OK && ret_answer)
        *ret_answer = TAKE(answer);
    return first;
}

enum err pg_push(struct pg_db *db)
{
    TRY(pg_sent(db, PQpipelineSync(db->handle), ITEM_SYNC));
    int64_t until_us = 0;
    while (PQflush(db->handle) == 1) {
        if (until_us == 0)
            until_us = deadline_us(db);
        if (!exchange(db, until_us))
            return ERR_CONNECTION;
    }
    return ERR_OK;
}

enum err pg_trip(struct pg_db *db, PGresult **ret_answer)
{
    /* What the socket does not take at once is sent while answers are waited for. */
    if (pg_sent(db, PQpipelineSync(db->handle), ITEM_SYNC) != ERR_OK)
        return loss(db, 0, ERR_OK);
    return pg_receive(db, ret_answer);
}

bool pg_hung_up(const struct pg_db *db)
{
    struct pollfd socket = {.fd = PQsocket(db->handle), .events = POLLRDHUP};
    return poll(&socket, 1, 0) != 0 && (socket.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}
