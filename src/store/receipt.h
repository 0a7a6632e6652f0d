/* Receipts: a row that a transaction leaves behind, so that it can be told later whether it was committed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_RECEIPT_H
#define INLET_STORE_RECEIPT_H

#include "inlet/base/random.h"
#include "session.h"

#include <stdbool.h>

/* A UUID of version 7: new ones go to the end of the index. */
struct receipt {
    unsigned char id[UUID_SIZE];
};

NODISCARD enum err receipt_make(struct receipt *ret_receipt);

/* Leaves it, in the running transaction; that fails with the transaction when the receipt is there already. */
NODISCARD enum err receipt_leave(struct session *session, const struct receipt *receipt);

/* Leaves it unless another transaction did: waits for one that is still under way. *RET_THERE: one was committed with it. */
NODISCARD enum err receipt_claim(struct session *session, const struct receipt *receipt, bool *ret_there);

/* Deletes those that nobody can ask for any more, in short transactions of its own. */
NODISCARD enum err receipt_purge(struct session *session);

#endif
