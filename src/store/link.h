/* Links: the threads of a lane, each with a session of its own that is opened again when its connection is lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_LINK_H
#define INLET_STORE_LINK_H

#include "inlet/base/job.h"
#include "inlet/base/queue.h"
#include "session.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DESIGN. A connection that was good is opened again at once; between attempts after that there are pauses that grow from 50 ms
 * to 5 s, until one proves good. When one that could not be opened proves good again, on whichever lane, the pauses of all
 * others of the same database are over. As long as some links of a lane are connected, those that are not leave the jobs to them: who
 * only fails is always the first to be free, and would get most of them.
 */

/* All links of a lane. THREADS: everybody's. */
struct links {
    struct db_target *target;
    enum db_mode mode;
    const char *name; /* in the log */
    int64_t doubt_us; /* where there is writing: how long a COMMIT whose answer was lost is looked for */
    size_t count;
    atomic_size_t connected;
    atomic_bool closing;
    atomic_bool lacking; /* the log says that not all could connect */
};

/* One. THREADS: its owner's. */
struct link {
    struct links *links;
    struct session *session; /* NULL: not connected */
    int64_t now_us;          /* the clock of the sessions before: it does not go back */
    int64_t pause_us;        /* after the next attempt that comes to nothing; 0: the connection proved good */
    int64_t next_us;         /* monotonic: no attempt before */
    unsigned recoveries;     /* the target's, at the last attempt: once there is another, the pause is over */
    bool failing;            /* the last attempt came to nothing, and none has proved good since */
    char words[256];         /* the engine's, about the last failure */
};

/* OWNERSHIP: TARGET and NAME are borrowed. */
void links_init(struct links *links, struct db_target *target, enum db_mode mode, const char *name,
                size_t count);

/* Takes SESSION over, which may be NULL. */
void link_init(struct link *link, struct links *links, struct session *session);
void link_done(struct link *link);

/* For a job: connects if need be; at once when others of the lane are connected. ERR_CONNECTION: there is none to be had; or
 * the pause is not over, and longer than a client should wait. PATIENT waits for its end in any case. */
NODISCARD enum err link_ready(struct link *link, bool patient);

/* Without a job: connects if need be, when the pause is over. */
void link_idle(struct link *link);

/* After an error: keeps the engine's words, gives up the transaction, and the connection, too, if it is good for nothing. */
void link_recover(struct link *link);

/* Closes the session if it cannot be used any more. */
void link_check(struct link *link);

/* The connection did what it is for. */
void link_prove(struct link *link);

/* The next job for this link; NULL after IDLE_MS, or sooner when it should try to connect. *RET_CLOSED with NULL: it was
 * the last. */
struct job *link_take(struct link *link, struct queue *queue, int idle_ms, bool *ret_closed);

/* Microseconds to wait, at random: between half of MAX_US and all of it. */
int64_t link_jitter(int64_t max_us);
void link_sleep(int64_t duration_us);

#endif
