/* Why a text is not JSON: the place, and that the strict walk and the parser always agree. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "jin_fault.h"

#include "codec_test.h"

static struct arena arena;

START_TEST(place_of_a_fault_has_line_and_column)
{
    static const struct {
        const char *text;
        size_t line, column, position;
    } rows[] = {
        {"", 1, 1, 0},
        {"x", 1, 1, 0},
        {"\nx", 2, 1, 1},
        {"[1,\n 2,\n  x]", 3, 3, 10},
        {"[1,\r\n x]", 2, 2, 6},
        {"[\"\xC3\xA9\", x]", 1, 8, 7},
        {"[\"\\u0000\",\n\"\\ud800\",\n1e999 1]", 3, 7, 27},
        {"\n\n", 3, 1, 2},
    };
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value value;
        struct jin_fault fault;
        ck_assert_int_eq(jin_decode(&arena, slice_from(rows[i].text), NULL, &value, &fault), ERR_INVALID);
        ck_assert_uint_eq(fault.line, rows[i].line);
        ck_assert_uint_eq(fault.column, rows[i].column);
        ck_assert_uint_eq(fault.position, rows[i].position);
    }
    arena_done(&arena);
}
END_TEST

/* Pieces that make short texts of which some are JSON and most are nearly so. */
static const struct slice pieces[] = {
    SLICE_INIT("{"),
    SLICE_INIT("}"),
    SLICE_INIT("["),
    SLICE_INIT("]"),
    SLICE_INIT(","),
    SLICE_INIT(":"),
    SLICE_INIT("\"a\""),
    SLICE_INIT("\"\\u0000\""),
    SLICE_INIT("\"\\ud800"),
    SLICE_INIT("\""),
    SLICE_INIT("\\"),
    SLICE_INIT("\\udc00"),
    SLICE_INIT("1"),
    SLICE_INIT("-0"),
    SLICE_INIT("0"),
    SLICE_INIT("."),
    SLICE_INIT("1e999"),
    SLICE_INIT("e5"),
    SLICE_INIT("99999999999999999999"),
    SLICE_INIT("true"),
    SLICE_INIT("nul"),
    SLICE_INIT("l"),
    SLICE_INIT("\0"),
    SLICE_INIT(" "),
    SLICE_INIT("\n"),
    SLICE_INIT("\xEF\xB7\x90"),
    SLICE_INIT("\x80"),
    SLICE_INIT("\"i1\""),
    SLICE_INIT("\xED\xA0\x80"),
    SLICE_INIT("\x1f"),
    SLICE_INIT("\"a\":"),
    SLICE_INIT("\\u00"),
};

/* jansson gives the verdict on the mended text, the strict walk on the original: they must always agree. */
START_TEST(parser_and_strict_walk_agree)
{
    unsigned long long state = 42;
    size_t taken = 0;
    arena_init(&arena, TEST_ARENA_CAP);
    for (int round = 0; round < 300000; round++) {
        char text[512];
        size_t length = 0;
        for (unsigned count = test_random(&state, 10); count > 0; count--) {
            struct slice piece = pieces[test_random(&state, ARRAY_LENGTH(pieces))];
            memcpy(text + length, piece.p, piece.n);
            length += piece.n;
        }
        struct slice all = slice_of(text, length);
        struct jin_options options = {.repair_newlines = round % 2 == 1};
        struct value value;
        struct jin_fault fault, again;
        enum err error = jin_decode(&arena, all, &options, &value, &fault);
        bool walk_refuses = jin_fault_find(all, options.repair_newlines, &again);
        ck_assert_msg(walk_refuses == (error == ERR_INVALID), "'%.*s': %s", SLICE_ARG(all),
                      err_symbol(error));
        ck_assert_uint_le(error == ERR_OK ? 0 : fault.position, length);
        taken += error == ERR_OK;
        arena_reset(&arena);
    }
    ck_assert_uint_gt(taken, 10000);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("jin_fault", place_of_a_fault_has_line_and_column, parser_and_strict_walk_agree)
