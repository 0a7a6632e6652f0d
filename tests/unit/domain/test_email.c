/* Valid addresses, and the keys of equal ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/email.h"

#include "inlet/base/compiler.h"
#include "inlet/base/mem.h"

#include "cases.h"

/* Django's opinion of some hundred addresses. */
START_TEST(cases_file_is_judged_as_django_does)
{
    struct cases cases;
    struct slice columns[CASES_COLUMNS_MAX];
    unsigned count = 0;
    ck_assert_int_eq(email_module_init(), ERR_OK);
    cases_open(&cases, "email.tsv");
    while (cases_next(&cases, 2, columns)) {
        bool expected = slice_equal(columns[0], SLICE("valid"));
        ck_assert(expected || slice_equal(columns[0], SLICE("invalid")));
        ck_assert_msg(email_is_valid(columns[1]) == expected, "line %u", cases.number);
        count++;
    }
    ck_assert_uint_ge(count, 250);
    email_module_done();
}
END_TEST

START_TEST(addresses_are_limited_by_characters)
{
    char text[4 * 330];
    ck_assert_int_eq(email_module_init(), ERR_OK);
    memset(text, 'a', sizeof(text));
    memcpy(text + 308, "@example.com", 12);
    ck_assert(email_is_valid(slice_of(text, 320)));
    memcpy(text + 309, "@example.com", 12);
    ck_assert(!email_is_valid(slice_of(text, 321)));
    /* 15 characters of three bytes in an address of 320: a label of that many has an A-label. */
    memset(text, 'a', sizeof(text));
    text[300] = '@';
    for (size_t i = 0; i < 15; i++)
        memcpy(text + 301 + 3 * i, "\xe4\xb8\xad", 3);
    memcpy(text + 346, ".com", 4);
    ck_assert(email_is_valid(slice_of(text, 350)));
    ck_assert(!email_is_valid(SLICE_NULL));
    email_module_done();
}
END_TEST

/* A-labels are longer than what they stand for: at some number of labels the domain has no room any more. */
START_TEST(domains_of_many_labels_are_survived)
{
    char text[2 + 3 * 150 + 2] = "a@";
    ck_assert_int_eq(email_module_init(), ERR_OK);
    for (size_t labels = 1; labels <= 150; labels++) {
        char *end = text + 2 + 3 * labels;
        memcpy(end - 3, "\xc3\xbc.", 3);
        memcpy(end, "de", 2);
        bool fits = labels * strlen("xn--tda.") + 2 <= 1024;
        ck_assert_msg(email_is_valid(slice_of(text, (size_t)(end - text) + 2)) == fits, "%zu", labels);
    }
    email_module_done();
}
END_TEST

START_TEST(keys_are_what_equal_addresses_share)
{
    static const struct {
        const char *address, *key;
    } rows[] = {
        {"user@example.com", "user@example.com"},
        {"USER@EXAMPLE.COM", "user@example.com"},
        {"  User@Example.Com\t\n", "user@example.com"},
        {"\xc2\xa0user@example.com\xe3\x80\x80", "user@example.com"},
        {"", ""},
        {"   ", ""},
        {"\xc2\xa0\n", ""},
        {"No Address", "no address"},
        {"@", "@"},
        {"a@", "a@"},
        {"@B", "@b"},
        {"A@B@C", "a@b@c"},
        {"User@B\xc3\xbc"
         "cher.DE",
         "user@xn--bcher-kva.de"},
        {"user@b\xc3\xbc"
         "cher.de",
         "user@xn--bcher-kva.de"},
        {"user@B\xc3\x9c"
         "CHER.de",
         "user@xn--bcher-kva.de"},
        {"user@XN--BCHER-KVA.de", "user@xn--bcher-kva.de"},
        {"user@bu\xcc\x88"
         "cher.de",
         "user@xn--bcher-kva.de"},
        {"user@example\xe3\x80\x82"
         "com",
         "user@example.com"},
        {"user@\xef\xbd\x85xample.com", "user@example.com"},
        {"user@fa\xc3\x9f.de", "user@xn--fa-hia.de"},
        {"user@fass.de", "user@fass.de"},
        {"\xc3\x9cser@EXAMPLE.com", "\xc3\x9cser@example.com"}, /* ASCII lower case only before the '@' */
        {"\"A b\"@Example.com", "\"a b\"@example.com"},
        {"user@\xe2\x98\x83.NET", "user@\xe2\x98\x83.net"}, /* IDNA 2008 has no snowman */
        {"User@\xff\xfe.COM", "user@\xff\xfe.com"},
        {"user@\xed\xa0\x80.COM", "user@\xed\xa0\x80.com"},
        {"user@-\xc3\xbc.COM", "user@-\xc3\xbc.com"},
        {"user@[::FFFF:1.2.3.4]", "user@[::ffff:1.2.3.4]"},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice key = SLICE_NULL;
        ck_assert_int_eq(email_key(&arena, slice_from(rows[i].address), &key), ERR_OK);
        ck_assert_msg(slice_equal(key, slice_from(rows[i].key)), "%s: %.*s", rows[i].address, SLICE_ARG(key));
        ck_assert(!slice_is_null(key));
    }
    arena_done(&arena);
}
END_TEST

START_TEST(null_has_the_empty_key)
{
    struct arena arena;
    struct slice key = SLICE_NULL;
    arena_init(&arena, 0);
    ck_assert_int_eq(email_key(&arena, SLICE_NULL, &key), ERR_OK);
    ck_assert(!slice_is_null(key));
    ck_assert_uint_eq(key.n, 0);
    arena_done(&arena);
}
END_TEST

START_TEST(nul_bytes_stay_in_keys)
{
    struct arena arena;
    struct slice key = SLICE_NULL;
    arena_init(&arena, 1 << 16);
    ck_assert_int_eq(email_key(&arena, SLICE("A\0B@\xc3\xbc\0.DE"), &key), ERR_OK);
    ck_assert(slice_equal(key, SLICE("a\0b@\xc3\xbc\0.de")));
    ck_assert_int_eq(email_key(&arena, SLICE("A\0B@\xc3\xbc.DE"), &key), ERR_OK);
    ck_assert(slice_equal(key, SLICE("a\0b@xn--tda.de")));
    arena_done(&arena);
}
END_TEST

START_TEST(memory_may_run_out)
{
    struct arena arena;
    struct slice key = SLICE("before");
    arena_init(&arena, 8);
    ck_assert_int_eq(email_key(&arena, SLICE("user@example.com"), &key), ERR_MEMORY);
    ck_assert(slice_equal(key, SLICE("before")));
    arena_done(&arena);
    for (long countdown = 1; countdown < 100; countdown++) {
        mem_fault_set(countdown);
        enum err error = email_module_init();
        bool fired = mem_fault_fired();
        mem_fault_set(-1);
        ck_assert_int_eq(error, fired && error != ERR_OK ? ERR_MEMORY : ERR_OK);
        if (error == ERR_OK)
            email_module_done();
        if (!fired)
            return;
    }
    ck_abort_msg("no end of allocations");
}
END_TEST

UNIT_MAIN("email", cases_file_is_judged_as_django_does, addresses_are_limited_by_characters,
          domains_of_many_labels_are_survived, keys_are_what_equal_addresses_share, null_has_the_empty_key,
          nul_bytes_stay_in_keys, memory_may_run_out)
