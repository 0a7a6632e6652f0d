/* Answers without what differs from run to run, and whether they are the ones that were wanted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_COMPARE_H
#define INLET_TESTS_HTTP_COMPARE_H

#include "inlet/codec/value.h"

#include <stdbool.h>

#define IDS_MAX 4096

/* What a scenario has seen so far. */
struct names {
    struct arena *arena;
    int64_t ids[IDS_MAX]; /* in order of first appearance */
    size_t id_count;
    unsigned metadata_depth; /* inside of a lead's metadata */
    char base[64];           /* "http://127.0.0.1:8080" */
};

/*
 * A copy of VALUE, which stands under KEY: times become "<time>", ids (but for those in metadata) "<id:K>" in order of first appearance, the UUIDs, keys and
 * hints of what operators set up "<uuid>", "<key>" and "<hint>", the server's address "<base>", the details of a JSON parse
 * error "<detail>".
 */
struct value without_noise(struct names *names, const struct value *value, struct slice key);

/* Equal in value and JSON type; a lead's keys also in order. */
bool same(const struct value *want, const struct value *got);

/* Whether GOT is an object that has every member of WANT. */
bool has_all(const struct value *want, const struct value *got);

#endif
