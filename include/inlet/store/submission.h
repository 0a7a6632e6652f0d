/* Submissions: what was sent, kept as it was sent, with what became of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SUBMISSION_H
#define INLET_STORE_SUBMISSION_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/store/session.h"

#include <stddef.h>
#include <stdint.h>

struct submission {
    int64_t id, organization_id;
    int64_t ingestion_config_id; /* 0: it came over the lead API */
    int64_t config_version;      /* the version that judged it; 0 without a config */
    struct slice endpoint;       /* "POST /api/leads/" */
    int64_t received_us;
    struct slice content_type, remote_address, request_id;
    struct slice body; /* raw bytes */
    struct slice
        outcome; /* "created", "reengaged", "updated", "duplicate", "rejected", "test", "noted", "error" */
    int64_t lead_id;      /* 0: none */
    struct slice message; /* why it was refused; null otherwise */
};

/* Keeps one; its id is ignored. Bytes that no text can have (headers may) become U+FFFD, but for those of the body.
 * ERR_CONFLICT: an organization or config that does not exist; perhaps not before the end of the transaction. */
NODISCARD enum err store_submission_insert(struct session *session, const struct submission *submission);

/* The newest LIMIT of an organization, newest first; CONFIG_ID 0: all. */
NODISCARD enum err store_submission_list(struct session *session, struct arena *arena,
                                         int64_t organization_id, int64_t config_id, int64_t limit,
                                         struct submission **ret_submissions, size_t *ret_count);

#endif
