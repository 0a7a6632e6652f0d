/* Do not contact: what the owner of a phone number asked for, for all leads with that number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_DNC_H
#define INLET_STORE_DNC_H

#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/store/session.h"

#include <stdbool.h>
#include <stdint.h>

struct dnc {
    bool calls, messages;
};

/* What holds for a number of the organization; both false when nothing was ever said. */
NODISCARD enum err store_dnc_get(struct session *session, int64_t organization_id, struct slice phone_number,
                                 struct dnc *ret_dnc);

/* The same in order to change it: store_dnc_set follows, and until the end of the transaction nobody else's comes between. */
NODISCARD enum err store_dnc_get_locked(struct session *session, int64_t organization_id,
                                        struct slice phone_number, struct dnc *ret_dnc);

/* Remembers it, and writes it to every lead of the organization with that number; calls that are not wanted are not
 * scheduled any more. */
NODISCARD enum err store_dnc_set(struct session *session, int64_t organization_id, struct slice phone_number,
                                 const struct dnc *dnc);

#endif
