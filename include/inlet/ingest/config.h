/* An ingestion config: how a provider's payload becomes a lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_INGEST_CONFIG_H
#define INLET_INGEST_CONFIG_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/codec/value.h"
#include "inlet/jsonpath/path.h"
#include "inlet/schema/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one target takes its value from: the first path that yields something, else `value`, else `fallback`. */
struct ingest_target {
    struct slice name;         /* "email", "metadata.first_name", "metadata" */
    bool is_metadata;          /* a key of metadata, or metadata itself */
    struct slice metadata_key; /* null for "metadata" itself */
    bool is_off;               /* null: not even the top-level key of its name */
    const struct path **paths;
    size_t path_count;
    const struct value *value;    /* a constant, or NULL */
    const struct value *fallback; /* "default", or NULL */
    bool required;
};

struct ingest_config {
    struct slice name;
    int64_t lead_type_id; /* 0: none */
    bool open;            /* no token is asked for */
    bool drop_unmapped;
    int64_t min_reengagement_days; /* a number, INGEST_DAYS_UNSET or INGEST_DAYS_NEVER */
    struct ingest_target *targets;
    size_t target_count;
};

/* As in domain/lead.h, which this floor does not know. */
#define INGEST_DAYS_UNSET INT64_C(-1)
#define INGEST_DAYS_NEVER INT64_MAX

/* Caps of a config file. */
#define INGEST_TARGETS_MAX 500
#define INGEST_NAME_MAX    255

/*
 * Compiles and checks a config file (docs/behaviour.md section 9). What is wrong is added to FAULTS, each under the key that is
 * wrong ("fields.email") in whole sentences with the column in an expression; then ERR_INVALID. ERR_MEMORY. The result lives in
 * ARENA and points into DOCUMENT.
 */
NODISCARD enum err ingest_config_compile(struct arena *arena, const struct value *document,
                                         const struct ingest_config **ret_config, struct faults *faults);

/* The keys of a lead that a payload or a config can set, in the order of the lead API. */
extern const struct slice ingest_lead_fields[];
extern const size_t ingest_lead_field_count;

#endif
