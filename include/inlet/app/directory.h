/* The directory: all that operators set up, in memory, immutable, replaced as a whole. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_DIRECTORY_H
#define INLET_APP_DIRECTORY_H

#include "inlet/base/err.h"
#include "inlet/domain/calling.h"
#include "inlet/ingest/config.h"
#include "inlet/store/session.h"
#include "inlet/store/setup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DESIGN: tokens, lead types, representatives and ingestion configs are few, asked for by every request and seldom changed. So
 * each change builds a new directory inside its own transaction and publishes it once that is committed; requests pin the
 * one they began with. No request waits for the database to be let in.
 * OWNERSHIP: reference counted; THREADS: any may read a pinned one.
 */
struct directory;

/* Reads the setup as this transaction sees it. ERR_MEMORY and what the store says. The caller holds one reference. */
NODISCARD enum err directory_build(struct session *session, struct directory **ret_directory);

struct directory *directory_ref(struct directory *directory);
struct directory *directory_unref(struct directory *directory);

/* Grows with every change. */
int64_t directory_version(const struct directory *directory);

/* Everything, in order of ids. */
const struct setup *directory_setup(const struct directory *directory);

/* NULL when there is none. Tokens are found by the SHA-256 of their key. What belongs to another organization is not found. */
const struct token *directory_token(const struct directory *directory,
                                    const unsigned char key_hash[SHA256_SIZE]);
const struct organization *directory_organization(const struct directory *directory, int64_t id);
const struct lead_type *directory_lead_type(const struct directory *directory, int64_t organization_id,
                                            int64_t id);
const struct representative *directory_representative(const struct directory *directory,
                                                      int64_t organization_id, int64_t id);

/* When leads of that type are called; NULL: they are not, or the organization has no such lead type. */
const struct calling_plan *directory_calling_plan(const struct directory *directory, int64_t organization_id,
                                                  int64_t lead_type_id);

/* An ingestion config, compiled. */
struct directory_config {
    const struct ingestion_config *row;
    const struct ingest_config *compiled; /* NULL: a stored file that this version cannot read */
};
const struct directory_config *directory_config(const struct directory *directory, struct slice uuid);
const struct directory_config *directory_config_at(const struct directory *directory, size_t index);

#endif
