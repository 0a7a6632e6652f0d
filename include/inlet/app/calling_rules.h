/* The calling rules in force: those that come with the program, and the operator's own file on top. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_CALLING_RULES_H
#define INLET_APP_CALLING_RULES_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/domain/calling.h"
#include "inlet/schema/field.h"

/* Where everything comes from. NULL paths stand for the usual places. */
struct calling_sources {
    const char *zone_tab;  /* PLACE_ZONE_TAB */
    const char *tzdata_zi; /* PLACE_TZDATA_ZI; it may be missing */
    const char *own_rules; /* the operator's file; NULL: none */
};

/* Rules, and the places they speak of. Immutable; all threads share it. */
struct calling_rulebook;

/*
 * Reads it all. What is wrong is written to FAULTS, a line for each fault, with file, key and place in it: ERR_CONFIG.
 * Otherwise ERR_MEMORY, ERR_IO. The caller owns *RET_RULEBOOK: calling_rulebook_free.
 */
NODISCARD enum err calling_rulebook_open(const struct calling_sources *sources, struct buffer *faults,
                                         struct calling_rulebook **ret_rulebook);
struct calling_rulebook *calling_rulebook_free(struct calling_rulebook *rulebook);
void calling_rulebook_free_pointer(struct calling_rulebook **rulebook);

const struct calling_rules *calling_rulebook_rules(const struct calling_rulebook *rulebook);

/*
 * The part that needs no files: decodes the documents BUILT_IN and OWN (NULL: none) by data/calling-rules.schema.json.
 * TZDATA_VERSION may be null. ERR_INVALID: *FAULTS has something for each fault, its field is the path of the key
 * ("rules[3].hours.mon"), after "own: " when it is in the operator's document. ERR_MEMORY. All is in the arena.
 */
NODISCARD enum err calling_rules_decode(struct arena *arena, const struct places *places,
                                        const struct value *built_in, const struct value *own,
                                        struct slice tzdata_version, const struct calling_rules **ret_rules,
                                        struct faults *faults);

#endif
