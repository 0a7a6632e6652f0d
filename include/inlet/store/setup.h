/* What operators set up: organizations, tokens, lead types, representatives, ingestion configs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_STORE_SETUP_H
#define INLET_STORE_SETUP_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/hash.h"
#include "inlet/base/random.h"
#include "inlet/base/slice.h"
#include "inlet/store/session.h"

#include <stddef.h>
#include <stdint.h>

struct organization {
    int64_t id;
    struct slice name;
    int64_t created_us;
};

struct token {
    int64_t id, organization_id;
    struct slice name;
    unsigned char key_hash[SHA256_SIZE]; /* SHA-256 of the key; the key itself is kept nowhere */
    struct slice key_hint;               /* its first 4 digits, for people who must tell tokens apart */
    struct slice scope;                  /* "read", "ingest", "full" or "admin" */
    int64_t created_us;
    int64_t revoked_us; /* TIME_NONE: in force */
};

struct lead_type {
    int64_t id, organization_id;
    struct slice name;
    struct slice metadata_fields;  /* JSON array, as the API shows it */
    int64_t min_reengagement_days; /* REENGAGEMENT_UNSET, REENGAGEMENT_NEVER or a number */
    struct slice calling;          /* JSON object: when its leads are called; null: they are not */
    int64_t created_us, modified_us;
};

struct representative {
    int64_t id, organization_id;
    struct slice name;
    int64_t created_us;
};

struct ingestion_config {
    int64_t id, organization_id;
    char uuid[UUID_LENGTH + 1];
    struct slice document; /* the config file as JSON text; name, lead type and so on are read from it */
    int64_t version;       /* 1, 2, ...: every change makes one, and earlier ones stay */
    int64_t created_us, modified_us;
};

/* Everything at once, for the in-memory directory: all organizations' rows, ordered by id; revoked tokens left out. */
struct setup {
    struct organization *organizations;
    struct token *tokens;
    struct lead_type *lead_types;
    struct representative *representatives;
    struct ingestion_config *ingestion_configs;
    size_t organization_count, token_count, lead_type_count, representative_count, ingestion_config_count;
    int64_t version; /* grows with every change by any process */
};
NODISCARD enum err store_setup_load(struct session *session, struct arena *arena, struct setup *ret_setup);

/* setup.version alone: one row. */
NODISCARD enum err store_setup_version(struct session *session, int64_t *ret_version);

/*
 * Creating: an id of 0 takes the next free one, another one fixes it. Times are the session's. On success the row has its
 * id and times. ERR_CONFLICT: the id is taken, or the organization or lead type does not exist. Every change raises
 * setup.version in the same transaction.
 */
NODISCARD enum err store_organization_insert(struct session *session, struct organization *organization);
NODISCARD enum err store_token_insert(struct session *session, struct token *token);
NODISCARD enum err store_lead_type_insert(struct session *session, struct lead_type *lead_type);
NODISCARD enum err store_representative_insert(struct session *session,
                                               struct representative *representative);
NODISCARD enum err store_ingestion_config_insert(struct session *session, struct ingestion_config *config);

/* Changing: by id and organization. ERR_NOT_FOUND. Revoking twice keeps the first time. */
NODISCARD enum err store_token_revoke(struct session *session, int64_t organization_id, int64_t id);
NODISCARD enum err store_lead_type_update(struct session *session, struct lead_type *lead_type);
/* Writes DOCUMENT as the next version; *config gets version and times. */
NODISCARD enum err store_ingestion_config_update(struct session *session, struct ingestion_config *config);

/* All tokens of an organization with the revoked ones, by id. */
NODISCARD enum err store_token_list(struct session *session, struct arena *arena, int64_t organization_id,
                                    struct token **ret_tokens, size_t *ret_count);

#endif
