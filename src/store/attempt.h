/* One job, one transaction, on an engine where connections get lost and transactions clash. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_ATTEMPT_H
#define INLET_STORE_ATTEMPT_H

#include "link.h"

/*
 * Runs JOB and commits what it did, once: not at all when that fails, and never twice. NULL commits nothing but a receipt, to
 * find out whether writing works. Its done is not called.
 * ERR_CONNECTION: nothing happened. ERR_COMMIT_UNKNOWN: the answer to a COMMIT was lost, and for as long as links.doubt_us
 * nobody could be asked whether it came to pass. Otherwise the error of the job or of its transaction, of which nothing happened either.
 */
NODISCARD enum err attempt_job(struct link *link, struct job *job);

#endif
