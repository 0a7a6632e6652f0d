/* The inside of a session: its connection, its prepared statements, its clock, what it still has to count. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SESSION_PRIVATE_H
#define INLET_STORE_SESSION_PRIVATE_H

#include "db.h"
#include "inlet/base/arena.h"
#include "inlet/store/session.h"
#include "lead_counter.h"
#include "query.h"

/* THREADS: one at a time. OWNERSHIP: of its connection and statements. */
struct session {
    struct db *db;
    int64_t now_us;
    int64_t
        shard; /* of the counters it adds to; a shared engine's sessions have different ones, so as not to wait for
                      each other */
    struct lead_counter counter;
    struct db_statement *statements[QUERY_COUNT]; /* prepared at first use, then kept */
};

/* Opens a connection to TARGET. On failure *WHY has a sentence. */
NODISCARD enum err session_open(struct db_target *target, enum db_mode mode, struct session **ret_session,
                                struct buffer *why);
struct session *session_close(struct session *session);

/* The statement of a query, without parameters yet. Give it back with db_reset before the job ends. */
NODISCARD enum err session_query(struct session *session, enum query_id id,
                                 struct db_statement **ret_statement);

/* Runs a bound statement that returns no row, or one whose first column is wanted: to its end in any case.
 * *RET_FOUND: there was one. Both outputs may be NULL. */
NODISCARD enum err session_run(struct db_statement *statement, bool *ret_found, int64_t *ret_number);

/*
 * What a client can make fail (a constraint) and survive: between the two calls, a failed statement takes back what they
 * enclose and leaves the rest of the transaction usable, on every engine. ERROR is what was enclosed; it is returned. On
 * engines where a failed statement takes back itself only, they cost nothing.
 */
NODISCARD enum err session_guard(struct session *session);
NODISCARD enum err session_unguard(struct session *session, enum err error);

/* A job is about to run: the clock is read. */
void session_start_job(struct session *session);

/* COMMIT, with all that was counted. */
NODISCARD enum err session_commit(struct session *session);

/* Gives up the transaction, whatever state it is in; the session can be used again. */
NODISCARD enum err session_abandon(struct session *session);

/* The engine has words for ERROR that an operator should read: log them now, before the next call replaces them. */
void session_log_failure(const struct session *session, const char *event, enum err error);

#endif
