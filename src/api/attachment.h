/* What the application hangs on each call. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_ATTACHMENT_H
#define INLET_API_ATTACHMENT_H

#include "inlet/app/app.h"
#include "inlet/app/dial.h"
#include "inlet/http/call.h"

struct attachment {
    struct directory *directory;   /* pinned when the call began */
    struct dial dial;              /* the rules of calling, and the plans of that directory */
    struct directory *unpublished; /* built by a change of the setup; published once it is committed */
};

/* The directory of the call; only after authentication has made sure there is one. */
const struct directory *call_directory(const struct call *call);

/* What the schedules of leads rest on, in this call; likewise. */
const struct dial *call_dial(const struct call *call);

struct app *call_app(const struct call *call);

#endif
