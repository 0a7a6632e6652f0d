/* Opens lost connections again, with pauses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "inlet/base/random.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define PAUSE_FIRST_US 50000
#define PAUSE_MAX_US   5000000
/* A client can wait for so long, and so can the end of the process; and so often a pause looks for its early end. */
#define PATIENCE_US 100000

void links_init(struct links *links, struct db_target *target, enum db_mode mode, const char *name,
                size_t count)
{
    *links = (struct links){.target = target, .mode = mode, .name = name, .count = count};
}

static void adopt(struct link *link, struct session *session)
{
    if (session->now_us < link->now_us)
        session->now_us = link->now_us;
    link->session = session;
    atomic_fetch_add(&link->links->connected, 1);
}

void link_init(struct link *link, struct links *links, struct session *session)
{
    *link = (struct link){.links = links, .now_us = TIME_NONE};
    link->recoveries = atomic_load(&links->target->recoveries);
    if (session)
        adopt(link, session);
}

void link_done(struct link *link)
{
    if (!link->session)
        return;
    link->now_us = link->session->now_us;
    link->session = session_close(link->session);
    atomic_fetch_sub(&link->links->connected, 1);
}

int64_t link_jitter(int64_t max_us)
{
    uint32_t number;
    if (random_bytes(&number, sizeof(number)) != ERR_OK)
        return max_us;
    return max_us / 2 + (int64_t)(number % (uint64_t)(max_us / 2 + 1));
}

void link_sleep(int64_t duration_us)
{
    struct timespec left = {.tv_sec = duration_us / 1000000, .tv_nsec = duration_us % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static int64_t pause_left(const struct link *link)
{
    if (atomic_load(&link->links->target->recoveries) != link->recoveries)
        return 0;
    int64_t left_us = link->next_us - clock_monotonic_us();
    return left_us > 0 ? left_us : 0;
}

/* One of a lane's threads says it for all of them. */
static void note_failure(struct links *links, struct slice why)
{
    if (atomic_exchange(&links->lacking, true))
        return;
    LOG(LOG_ERROR, "cannot connect to the database", LOG_TEXT_FIELD("lane", slice_from(links->name)),
        LOG_INTEGER_FIELD("connected", (int64_t)atomic_load(&links->connected)),
        LOG_TEXT_FIELD("reason", why));
}

static void note_success(struct links *links)
{
    if (atomic_load(&links->connected) == links->count && atomic_exchange(&links->lacking, false))
        LOG(LOG_INFO, "connected to the database again", LOG_TEXT_FIELD("lane", slice_from(links->name)));
}

static enum err connect(struct link *link)
{
    struct session *session;
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(2048);
    unsigned recoveries = atomic_load(&link->links->target->recoveries);
    enum err error = session_open(link->links->target, link->links->mode, &session, &why);
    if (recoveries != link->recoveries)
        link->pause_us = 0;
    link->recoveries = recoveries;
    link->pause_us = link->pause_us == 0 ? PAUSE_FIRST_US : link->pause_us * 2;
    if (link->pause_us > PAUSE_MAX_US)
        link->pause_us = PAUSE_MAX_US;
    link->next_us = clock_monotonic_us() + link_jitter(link->pause_us);
    if (error != ERR_OK) {
        struct slice reason = buffer_slice(&why);
        link->failing = true;
        note_failure(link->links, reason.n > 0 ? reason : slice_from(err_text(error)));
        return ERR_CONNECTION;
    }
    adopt(link, session);
    note_success(link->links);
    return ERR_OK;
}

enum err link_ready(struct link *link, bool patient)
{
    if (link->session)
        return ERR_OK;
    bool others = atomic_load(&link->links->connected) > 0;
    int64_t left_us = others ? 0 : pause_left(link);
    if (left_us > PATIENCE_US && !patient)
        return ERR_CONNECTION;
    for (; left_us > 0; left_us = pause_left(link))
        link_sleep(left_us < PATIENCE_US ? left_us : PATIENCE_US);
    return connect(link);
}

void link_idle(struct link *link)
{
    if (!link->session && pause_left(link) == 0)
        (void)connect(link);
}

void link_check(struct link *link)
{
    if (link->session && !db_usable(link->session->db))
        link_done(link);
}

void link_recover(struct link *link)
{
    snprintf(link->words, sizeof(link->words), "%s", db_error_text(link->session->db));
    if (session_abandon(link->session) != ERR_OK)
        link_done(link);
    else
        link_check(link);
}

void link_prove(struct link *link)
{
    if (link->failing)
        atomic_fetch_add(&link->links->target->recoveries, 1);
    link->failing = false;
    link->pause_us = 0;
    link->next_us = 0;
}

struct job *link_take(struct link *link, struct queue *queue, int idle_ms, bool *ret_closed)
{
    size_t count;
    int timeout_ms = idle_ms;
    if (!link->session) {
        int64_t left_us = pause_left(link);
        if (atomic_load(&link->links->connected) > 0) {
            link_sleep(left_us < PATIENCE_US ? left_us : PATIENCE_US);
            *ret_closed = atomic_load(&link->links->closing);
            return NULL;
        }
        /* A recovery that another link finds out wakes nobody. */
        if (left_us > PATIENCE_US)
            left_us = PATIENCE_US;
        if (left_us / 1000 < idle_ms)
            timeout_ms = (int)(left_us / 1000);
    }
    return queue_take_timed(queue, 1, timeout_ms, &count, ret_closed);
}
