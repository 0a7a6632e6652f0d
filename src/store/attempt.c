/* Runs a job again until it is known what became of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attempt.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"
#include "receipt.h"

/*
 * DESIGN. Before COMMIT is sent, a lost connection means that nothing happened: the job is run again on a new one. Once it was
 * sent, the transaction may have been committed, be under way still, or be lost. Its receipt tells. Another transaction
 * claims the same one: the server makes it wait for the first, if that is under way, and then says whether the receipt is
 * there. If it is not, the job is run again within the transaction that now has the receipt, so that the first can never be
 * committed any more, even if the server has yet to hear of it. If it is, one more commit proves that it is as safe as
 * COMMIT would have made it: a server that waits for its standby, or is told to stop waiting, shows what only it has.
 */
#define CLASHES_MAX    8 /* after each, the job is run again */
#define CLASH_PAUSE_US 20000
#define CLASHING_US    INT64_C(10000000) /* one that waited for a lock in vain is not worth as many runs */

struct attempt {
    struct link *link;
    struct job *job;
    struct receipt receipt;
    int clashes;
    int64_t no_more_us; /* monotonic: after it no clash is worth another run */
    bool reconnected;
    bool doubt;       /* the answer to a COMMIT was lost */
    bool results;     /* in doubt: what the job holds is of the one run that may have been committed */
    enum err verdict; /* in doubt: of the job, run once more; only the receipt keeps it from being answered */
    int64_t give_up_us; /* in doubt: monotonic */
};

/* The job itself. In doubt, an error of its own is the answer, but not before the receipt is ours: see the design. */
static enum err run_job(struct attempt *attempt)
{
    struct session *session = attempt->link->session;
    if (!attempt->job)
        return ERR_OK;
    attempt->results = false;
    enum err error = attempt->job->run(session, attempt->job);
    if (attempt->doubt && error != ERR_OK && err_kind(error) != ERR_KIND_RETRY)
        attempt->verdict = error;
    return error;
}

/* Commits something that comes after what is there already: when that is safe, so is all before it. What merely reads
 * would not be waited for. */
static enum err confirm(struct session *session)
{
    struct receipt another;
    TRY(receipt_make(&another));
    TRY(receipt_leave(session, &another));
    return session_commit(session);
}

/* *RET_THERE: an earlier transaction was committed, and this one did nothing but confirm it. */
static enum err run_transaction(struct attempt *attempt, bool *ret_there)
{
    struct session *session = attempt->link->session;
    session_start_job(session);
    TRY(db_begin(session->db));
    if (attempt->doubt) {
        TRY(receipt_claim(session, &attempt->receipt, ret_there));
        if (*ret_there)
            return confirm(session);
    }
    if (attempt->verdict == ERR_OK)
        TRY(run_job(attempt));
    if (!attempt->doubt)
        TRY(receipt_leave(session, &attempt->receipt));
    return session_commit(session);
}

/* A second COMMIT in doubt leaves the results as they are: none, if there was a second run, for it may be the first that is
 * there in the end. */
static void begin_doubt(struct attempt *attempt)
{
    attempt->doubt = attempt->results = true;
    attempt->give_up_us = clock_monotonic_us() + attempt->link->links->doubt_us;
    LOG(LOG_WARNING, "the answer to a COMMIT was lost: looking for its receipt",
        LOG_TEXT_FIELD("engine", slice_from(attempt->link->words)));
}

/* A COMMIT whose answer was lost is worth waiting for; a lost connection is worth one more; a clash is worth some. */
static bool is_worth_more(struct attempt *attempt, enum err error)
{
    bool lost = attempt->link->session == NULL;
    if (error == ERR_COMMIT_UNKNOWN && !attempt->doubt)
        begin_doubt(attempt);
    if (attempt->doubt && (lost || error == ERR_COMMIT_UNKNOWN))
        return clock_monotonic_us() < attempt->give_up_us;
    if (lost) {
        bool first = !attempt->reconnected;
        attempt->reconnected = true;
        return first;
    }
    if (error != ERR_BUSY && error != attempt->verdict)
        return false;
    if (++attempt->clashes > CLASHES_MAX || clock_monotonic_us() > attempt->no_more_us)
        return false;
    if (error == ERR_BUSY)
        link_sleep(link_jitter(CLASH_PAUSE_US));
    return true;
}

/* What a client is told when there is no point in going on. */
static enum err last_word(const struct attempt *attempt, enum err error)
{
    if (attempt->doubt) {
        LOG(LOG_ERROR, "a COMMIT stays in doubt", LOG_TEXT_FIELD("error", slice_from(err_text(error))));
        return ERR_COMMIT_UNKNOWN;
    }
    return attempt->link->session ? error : ERR_CONNECTION;
}

enum err attempt_job(struct link *link, struct job *job)
{
    struct attempt attempt = {.link = link, .job = job, .no_more_us = clock_monotonic_us() + CLASHING_US};
    TRY(receipt_make(&attempt.receipt));
    for (;;) {
        bool there = false;
        enum err error = link_ready(link, attempt.doubt);
        if (error == ERR_OK) {
            error = run_transaction(&attempt, &there);
            if (err_kind(error) == ERR_KIND_OURS)
                session_log_failure(link->session, "a write failed", error);
            if (error != ERR_OK)
                link_recover(link);
            if (link->session)
                link_prove(link);
            if (error == ERR_OK && there)
                return attempt.results ? ERR_OK : last_word(&attempt, ERR_COMMIT_UNKNOWN);
            if (error == ERR_OK)
                return attempt.verdict;
        } else if (!attempt.doubt) {
            return error;
        }
        if (!is_worth_more(&attempt, error))
            return last_word(&attempt, error);
    }
}
