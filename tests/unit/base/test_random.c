/* Random bytes and UUIDs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/random.h"

#include "inlet/base/compiler.h"
#include "unit.h"

#include <string.h>

START_TEST(bytes_fill_exactly_the_room)
{
    unsigned char bytes[64 + 8];
    unsigned seen = 0;
    for (int round = 0; round < 64; round++) {
        memset(bytes, 0, sizeof(bytes));
        ck_assert_int_eq(random_bytes(bytes, 64), ERR_OK);
        for (size_t i = 64; i < sizeof(bytes); i++)
            ck_assert_uint_eq(bytes[i], 0);
        seen |= bytes[63];
    }
    ck_assert_uint_eq(seen, 0xFF); /* each bit of the last byte was set once: missed with probability 2^-61 */
    ck_assert_int_eq(random_bytes(bytes, 0), ERR_OK);
}
END_TEST

START_TEST(uuids_are_of_version_four_and_differ)
{
    char texts[200][UUID_LENGTH + 1];
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        char lower[UUID_LENGTH + 1];
        ck_assert_int_eq(random_uuid(texts[i]), ERR_OK);
        ck_assert_uint_eq(strlen(texts[i]), UUID_LENGTH);
        ck_assert_int_eq(texts[i][14], '4');
        ck_assert_ptr_nonnull(strchr("89ab", texts[i][19]));
        ck_assert(uuid_parse(slice_from(texts[i]), lower));
        ck_assert_str_eq(lower, texts[i]);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(texts[i], texts[j]);
    }
}
END_TEST

START_TEST(uuids_are_parsed_in_either_case)
{
    char lower[UUID_LENGTH + 1];
    ck_assert(uuid_parse(SLICE("0123ABCD-ef01-2345-6789-ABCDEFabcdef"), lower));
    ck_assert_str_eq(lower, "0123abcd-ef01-2345-6789-abcdefabcdef");
    ck_assert(uuid_parse(SLICE("00000000-0000-0000-0000-000000000000"), lower));
}
END_TEST

START_TEST(other_texts_are_no_uuids)
{
    static const char *const rows[] = {
        "",
        "0123abcd-ef01-2345-6789-abcdefabcde",
        "0123abcd-ef01-2345-6789-abcdefabcdef0",
        "0123abcdef0123456789abcdefabcdef",
        "{123abcd-ef01-2345-6789-abcdefabcde}",
        "0123abcg-ef01-2345-6789-abcdefabcdef",
        "0123abc-def01-2345-6789-abcdefabcdef",
        "0123abcd-ef01-2345-6789_abcdefabcdef",
        "0123abcd-ef01-2345-67890abcdefabcdef",
        " 123abcd-ef01-2345-6789-abcdefabcdef",
        "0123abcd-ef01-2345-6789-abcdefabcde`",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char lower[UUID_LENGTH + 1];
        ck_assert_msg(!uuid_parse(slice_from(rows[i]), lower), "%s", rows[i]);
    }
}
END_TEST

START_TEST(uuids_of_version_seven_follow_time)
{
    static const int64_t times_us[] = {0,
                                       999,
                                       1000,
                                       INT64_C(1700000000000000),
                                       INT64_C(1700000000001000),
                                       INT64_C(1700000256000000),
                                       INT64_C(9000000000000000)};
    unsigned char uuid[UUID_SIZE], twin[UUID_SIZE], bound[UUID_SIZE], next[UUID_SIZE];
    for (size_t i = 0; i < ARRAY_LENGTH(times_us); i++) {
        ck_assert_int_eq(random_uuid7(times_us[i], uuid), ERR_OK);
        ck_assert_int_eq(random_uuid7(times_us[i], twin), ERR_OK);
        ck_assert_mem_ne(uuid, twin, UUID_SIZE);
        ck_assert_int_eq(uuid[6] >> 4, 7);
        ck_assert_int_eq(uuid[8] >> 6, 2);
        uuid7_bound(times_us[i], bound);
        uuid7_bound(times_us[i] + 1000, next);
        ck_assert_int_gt(memcmp(uuid, bound, UUID_SIZE), 0);
        ck_assert_int_lt(memcmp(uuid, next, UUID_SIZE), 0);
    }
    static const unsigned char expected[UUID_SIZE] = {0x01, 0x8B, 0xCF, 0xE5, 0x68, 0x00};
    uuid7_bound(INT64_C(1700000000000000), bound);
    ck_assert_mem_eq(bound, expected, UUID_SIZE);
    uuid7_bound(-1, bound);
    uuid7_bound(0, next);
    ck_assert_mem_eq(bound, next, UUID_SIZE);
}
END_TEST

UNIT_MAIN("random", bytes_fill_exactly_the_room, uuids_of_version_seven_follow_time,
          uuids_are_of_version_four_and_differ, uuids_are_parsed_in_either_case, other_texts_are_no_uuids)
