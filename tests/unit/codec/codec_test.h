/* What the tests of the codec share: decoding and writing in one call each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_CODEC_TEST_H
#define INLET_TESTS_CODEC_TEST_H

#include "inlet/base/mem.h"
#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "unit.h"

#define TEST_ARENA_CAP ((size_t)256 << 20)

#define ck_assert_slice_eq(actual, expected)                                                                 \
    do {                                                                                                     \
        struct slice actual_ = (actual), expected_ = (expected);                                             \
        ck_assert_msg(slice_equal(actual_, expected_), "line %d: '%.*s' instead of '%.*s'", __LINE__,        \
                      SLICE_ARG(actual_), SLICE_ARG(expected_));                                             \
    } while (0)

/* The value of a text that must be JSON. */
static inline struct value test_decode(struct arena *arena, const char *json)
{
    struct value value;
    struct jin_fault fault;
    enum err error = jin_decode(arena, slice_from(json), NULL, &value, &fault);
    ck_assert_msg(error == ERR_OK, "%s: %s", json, error == ERR_OK ? "" : fault.what);
    return value;
}

/* VALUE as JSON text, in BUFFER. */
static inline struct slice test_write(struct buffer *buffer, const struct value *value)
{
    struct jout jout;
    buffer_clear(buffer);
    jout_init(&jout, buffer);
    jout_value(&jout, value);
    ck_assert_int_eq(buffer_error(buffer), ERR_OK);
    return buffer_slice(buffer);
}

/* A small generator with a fixed seed: the same numbers in every run. */
static inline unsigned test_random(unsigned long long *state, unsigned below)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*state >> 33) % below;
}

#endif
