/* The watcher: sees what other processes set up in a shared database, and publishes it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_WATCH_H
#define INLET_APP_WATCH_H

#include "inlet/app/app.h"
#include "inlet/base/err.h"
#include "inlet/base/job.h"

/*
 * DESIGN: every change of the setup raises its version in the same transaction, so one number tells whether the directory is
 * out of date. A thread asks for it four times a second and builds the directory anew when it is another one: a token that
 * was revoked on one machine is refused by all of them within a second. A number that went down is taken over as well, once
 * two questions in a row agree: a standby took over that had not got the last changes. One question alone may have been
 * put just before this process published a change of its own.
 * While the database cannot be asked, what is known stays in force; afterwards it is read in any case.
 */
struct watch;

/* Runs a read job and waits for it: store_read, or what a test puts in its place. */
typedef enum err watch_read(void *context, struct job *job);

/* Starts the thread. APP outlives it. ERR_MEMORY, ERR_SYSTEM. */
NODISCARD enum err watch_start(struct app *app, watch_read *read, void *context, struct watch **ret_watch);

/* Ends the thread and waits for it. NULL is fine. */
struct watch *watch_stop(struct watch *watch);

#endif
