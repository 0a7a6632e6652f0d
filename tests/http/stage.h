/* The server that scenarios are played on, and what is set up there. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_STAGE_H
#define INLET_TESTS_HTTP_STAGE_H

#include "harness.h"
#include "inlet/codec/value.h"

struct stage {
    struct harness harness; /* organization 1, with its tokens */
    char other_token[64];   /* scope admin, of organization 2 */
};

/* A fresh server: time zone America/Los_Angeles, lead types 1 and 123 ("Campaign N"), representatives 1 and 456, organization 2.
 * SERVE: further words for its command line, an array of strings; NULL: none. A word that begins with "./" names a file
 * beside the one at PATH. */
void stage_set(struct stage *stage, const struct value *serve, const char *path);

#endif
