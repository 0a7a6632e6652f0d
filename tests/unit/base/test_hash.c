/* Digests against published vectors. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/hash.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(sha256_has_the_published_digests)
{
    static const struct {
        const char *text, *digest;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        unsigned char digest[SHA256_SIZE];
        char text[2 * SHA256_SIZE + 1];
        hash_sha256(slice_from(rows[i].text), digest);
        hash_hex(digest, sizeof(digest), text);
        ck_assert_str_eq(text, rows[i].digest);
    }
    unsigned char of_null[SHA256_SIZE], of_empty[SHA256_SIZE];
    hash_sha256(SLICE_NULL, of_null);
    hash_sha256(SLICE(""), of_empty);
    ck_assert_mem_eq(of_null, of_empty, SHA256_SIZE);
}
END_TEST

START_TEST(hex_is_lower_case)
{
    static const unsigned char bytes[] = {0x00, 0x01, 0x9A, 0xFF};
    char text[9];
    hash_hex(bytes, sizeof(bytes), text);
    ck_assert_str_eq(text, "00019aff");
    hash_hex(bytes, 0, text);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(equal_looks_at_every_byte)
{
    unsigned char a[40] = {0}, b[40] = {0};
    ck_assert(hash_equal(a, b, sizeof(a)));
    ck_assert(hash_equal(a, b, 0));
    for (size_t i = 0; i < sizeof(a); i++) {
        b[i] = 0x80;
        ck_assert(!hash_equal(a, b, sizeof(a)));
        ck_assert(hash_equal(a, b, i));
        b[i] = 0;
    }
}
END_TEST

START_TEST(table_hash_is_fnv_1a)
{
    ck_assert_uint_eq(hash_table(SLICE("")), UINT64_C(0xcbf29ce484222325));
    ck_assert_uint_eq(hash_table(SLICE("a")), UINT64_C(0xaf63dc4c8601ec8c));
    ck_assert_uint_eq(hash_table(SLICE("foobar")), UINT64_C(0x85944171f73967e8));
    ck_assert_uint_ne(hash_table(SLICE("a\0b")), hash_table(SLICE("a\0c")));
}
END_TEST

UNIT_MAIN("hash", sha256_has_the_published_digests, hex_is_lower_case, equal_looks_at_every_byte,
          table_hash_is_fnv_1a)
