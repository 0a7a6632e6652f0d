/* What the tests of ingestion share: JSON in and out, faults as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_INGEST_TEST_H
#define INLET_TESTS_INGEST_TEST_H

#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "inlet/ingest/map.h"
#include "unit.h"

#include <string.h>

static inline struct value *test_json(struct arena *arena, const char *text)
{
    struct value *value = ARENA_NEW(arena, struct value);
    struct jin_fault fault;
    ck_assert_ptr_nonnull(value);
    ck_assert_msg(jin_decode(arena, slice_from(text), NULL, value, &fault) == ERR_OK, "%s", text);
    return value;
}

/* "field: sentence | field: REQUIRED | …" */
static inline void test_print_faults(struct buffer *text, const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        buffer_print(text, "%s%.*s: ", i ? " | " : "", SLICE_ARG(fault->field));
        if (fault->kind == FAULT_OTHER)
            buffer_append(text, fault->input);
        else if (fault->kind == FAULT_NOT_OBJECT)
            buffer_print(text, "NOT_OBJECT(%.*s)", SLICE_ARG(fault->input));
        else
            buffer_append_text(text, fault->kind == FAULT_REQUIRED ? "REQUIRED" : "?");
    }
}

#endif
