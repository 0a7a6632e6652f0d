/* Faults are collected in order, without a cap but memory's. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/schema/field.h"
#include "unit.h"

START_TEST(faults_keep_their_order)
{
    struct arena arena;
    struct faults faults;
    arena_init(&arena, 1 << 20);
    faults_init(&faults, &arena);
    ck_assert_uint_eq(faults.count, 0);
    for (int64_t i = 0; i < 1000; i++)
        ck_assert_int_eq(faults_add(&faults, (struct fault){.kind = FAULT_TOO_LONG, .limit = i}), ERR_OK);
    ck_assert_uint_eq(faults.count, 1000);
    for (size_t i = 0; i < faults.count; i++)
        ck_assert_int_eq(faults.items[i].limit, (int64_t)i);
    arena_done(&arena);
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    struct arena arena;
    struct faults faults;
    enum err error = ERR_OK;
    arena_init(&arena, 16 << 10);
    faults_init(&faults, &arena);
    for (int i = 0; i < 100000 && error == ERR_OK; i++)
        error = faults_add(&faults, (struct fault){.kind = FAULT_NULL});
    ck_assert_int_eq(error, ERR_MEMORY);
    ck_assert_uint_gt(faults.count, 0);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("fault", faults_keep_their_order, no_memory_is_an_error)
