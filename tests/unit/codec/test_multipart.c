/* multipart/form-data: well-formed, odd, broken, hostile. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"
#include "inlet/codec/body.h"

#include <stdio.h>

#define NAME(name) "Content-Disposition: form-data; name=" name "\r\n"

static struct arena arena;
static struct buffer buffer;

/* The pairs as [name|value]. */
static enum err decode(struct slice body, const char *boundary, const char **ret_what)
{
    struct url_pairs pairs;
    buffer_clear(&buffer);
    enum err error = multipart_decode(&arena, body, slice_from(boundary), &pairs, ret_what);
    for (size_t i = 0; error == ERR_OK && i < pairs.count; i++)
        buffer_print(&buffer, "[%.*s|%.*s]", SLICE_ARG(pairs.pairs[i].name), SLICE_ARG(pairs.pairs[i].value));
    return error;
}

static void set_up(void)
{
    arena_init(&arena, TEST_ARENA_CAP);
    buffer_init(&buffer, TEST_ARENA_CAP);
}

static void tear_down(void)
{
    arena_done(&arena);
    buffer_done(&buffer);
}

START_TEST(bodies_are_taken_apart)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"--b--", ""},
        {"--b--\r\n", ""},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b--\r\n", "[a|1]"},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b\r\n" NAME("c") "\r\n2\r\n--b--", "[a|1][c|2]"},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b\r\n" NAME("\"a\"") "\r\n2\r\n--b--", "[a|1][a|2]"},
        /* Line ends */
        {"--b\nContent-Disposition: form-data; name=\"a\"\n\n1\n--b--\n", "[a|1]"},
        {"--b\r\n" NAME("\"a\"") "\r\nx\ny\r\nz\r\n\r\n--b--", "[a|x\ny\r\nz\r\n]"},
        {"--b\r\n" NAME("\"a\"") "\r\n\r\n--b--", "[a|]"},
        {"--b\r\n" NAME("\"a\"") "\r\n--b--", "[a|]"},
        {"--b\r\n" NAME("\"a\"") "\r\n\r\n\r\n--b--", "[a|\r\n]"},
        /* Around it */
        {"preamble\r\n--b\r\n" NAME("\"a\"") "\r\n1\r\n--b--\r\nepilogue\r\n--b\r\n", "[a|1]"},
        {"\r\n--b\r\n" NAME("\"a\"") "\r\n1\r\n--b--", "[a|1]"},
        {"x--b\r\n--b\r\n" NAME("\"a\"") "\r\n1\r\n--b--", "[a|1]"},
        {"--b  \t\r\n" NAME("\"a\"") "\r\n1\r\n--b--  \r\n", "[a|1]"},
        /* What only looks like a delimiter */
        {"--b\r\n" NAME("\"a\"") "\r\n1--b\r\n--bx\r\n --b\r\n--b-\r\n--b--x\r\n--b--",
         "[a|1--b\r\n--bx\r\n --b\r\n--b-\r\n--b--x]"},
        {"--b\r\n" NAME("\"a\"") "\r\n--b-\r\n--b--", "[a|--b-]"},
        /* Headers */
        {"--b\r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n--b--", "[a|1]"},
        {"--b\r\nContent-Type: text/plain; name=\"no\"\r\n" NAME("\"a\"") "X: y\r\n\r\n1\r\n--b--", "[a|1]"},
        {"--b\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\n1\r\n--b--", "[a|1]"},
        {"--b\r\nContent-Disposition : form-data ; name = \"a\" ; x\r\n\r\n1\r\n--b--", "[a|1]"},
        {"--b\r\n" NAME("\"a\"; filename=\"C:\\dir\\f.txt\"") "Content-Type: text/plain\r\n\r\nfile\r\n--b--",
         "[a|file]"},
        {"--b\r\nContent-Disposition: form-data; filename=\"x\"; name=\"a\"\r\n\r\n1\r\n--b--", "[a|1]"},
        {"--b\r\nodd line\r\n" NAME("\"a\"") "\r\n1\r\n--b--", "[a|1]"},
        /* Names */
        {"--b\r\n" NAME("\"\"") "\r\n1\r\n--b--", "[|1]"},
        {"--b\r\n" NAME("\"a \\\"b\\\" \\\\ c\\d\"") "\r\n1\r\n--b--", "[a \"b\" \\ c\\d|1]"},
        {"--b\r\n" NAME("\"a%22b%0D%0a\"") "\r\n1\r\n--b--", "[a\"b\r\n|1]"},
        {"--b\r\n" NAME("\"100%25 a%20b %\"") "\r\n1\r\n--b--", "[100%25 a%20b %|1]"},
        {"--b\r\n" NAME("\"a; name=b\"") "\r\n1\r\n--b--", "[a; name=b|1]"},
        {"--b\r\n" NAME("x; name*=UTF-8''%e2%82%ac%20rates") "\r\n1\r\n--b--", "[\xE2\x82\xAC rates|1]"},
        {"--b\r\nContent-Disposition: form-data; name*=utf-8'en'a%27b\r\n\r\n1\r\n--b--", "[a'b|1]"},
        {"--b\r\nContent-Disposition: form-data; name*=plain\r\n\r\n1\r\n--b--", "[plain|1]"},
        {"--b\r\n" NAME("\"\xC3\xA9\"") "\r\n\xC3\xA9\r\n--b--", "[\xC3\xA9|\xC3\xA9]"},
        {"--b\r\n" NAME("\"\xFF\"") "\r\n\xFFx\r\n--b--", "[\xEF\xBF\xBD|\xEF\xBF\xBDx]"},
    };
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const char *what = "";
        ck_assert_msg(decode(slice_from(rows[i][0]), "b", &what) == ERR_OK, "%s: %s", rows[i][0], what);
        ck_assert_slice_eq(buffer_slice(&buffer), slice_from(rows[i][1]));
    }
    tear_down();
}
END_TEST

START_TEST(browser_boundary_and_nul_bytes)
{
    static const char boundary[] = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    struct slice body = SLICE("------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n" NAME(
        "\"a\"") "\r\nx\0y\r\n"
                 "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n");
    const char *what;
    struct url_pairs pairs;
    set_up();
    ck_assert_int_eq(multipart_decode(&arena, body, slice_from(boundary), &pairs, &what), ERR_OK);
    ck_assert_uint_eq(pairs.count, 1);
    ck_assert_slice_eq(pairs.pairs[0].value, SLICE("x\0y"));
    tear_down();
}
END_TEST

START_TEST(broken_bodies_are_refused)
{
    static const char start[] = "The multipart body does not begin with its boundary";
    static const char end[] = "The multipart body ends before its final boundary";
    static const char name[] = "A part of the multipart body has no name";
    static const char invalid[] = "Invalid boundary in multipart";
    static const struct {
        const char *body, *boundary, *what;
    } rows[] = {
        {"x", "b", start},
        {"{}", "b", start},
        {"--c\r\n", "b", start},
        {"--b", "b", start},
        {"--bx\r\n", "b", start},
        {"--b\r\n", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b-", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1\r\n--b\r\n", "b", end},
        {"--b\r\n" NAME("\"a\"") "\r\n1--b--", "b", end},
        {"--b\r\n\r\n1\r\n--b--", "b", name},
        {"--b\r\n--b--", "b", name},
        {"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "b", name},
        {"--b\r\nContent-Disposition: form-data; name\r\n\r\n1\r\n--b--", "b", name},
        {"--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\n1\r\n--b--", "b", name},
        {"--b\r\nContent-Type: text/plain\r\n\r\n" NAME("\"a\"") "\r\n--b--", "b", name},
        {"--b--", "", invalid},
        {"--b--", NULL, invalid},
        {"--b --", "b ", invalid},
        {"--\xC3\xA9--", "\xC3\xA9", invalid},
        {"--b\n--", "b\n", invalid},
    };
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const char *what = "";
        ck_assert_msg(decode(slice_from(rows[i].body), rows[i].boundary, &what) == ERR_INVALID, "%s",
                      rows[i].body);
        ck_assert_str_eq(what, rows[i].what);
    }
    char boundary[202];
    memset(boundary, 'b', sizeof(boundary));
    boundary[201] = '\0';
    const char *what;
    ck_assert_int_eq(decode(SLICE("x"), boundary, &what), ERR_INVALID);
    ck_assert_str_eq(what, invalid);
    boundary[200] = '\0';
    ck_assert_int_eq(decode(SLICE("x"), boundary, &what), ERR_INVALID);
    ck_assert_str_eq(what, start);
    tear_down();
}
END_TEST

START_TEST(number_of_parts_is_limited)
{
    struct buffer body;
    const char *what = "";
    set_up();
    buffer_init(&body, 1 << 20);
    for (int i = 0; i < URL_PAIRS_MAX; i++)
        buffer_append_text(&body, "--b\r\n" NAME("a") "\r\n1\r\n");
    size_t length = body.length;
    buffer_append_text(&body, "--b--");
    ck_assert_int_eq(decode(buffer_slice(&body), "b", &what), ERR_OK);
    body.length = length;
    buffer_append_text(&body, "--b\r\n" NAME("a") "\r\n1\r\n--b--");
    ck_assert_int_eq(decode(buffer_slice(&body), "b", &what), ERR_LIMIT);
    ck_assert_str_eq(what, "The multipart body has too many parts");
    buffer_done(&body);
    tear_down();
}
END_TEST

START_TEST(hostile_bodies_take_no_longer)
{
    static const char *const pieces[] = {"--b",      "\n--b",  "\n--bx", "--",      "\r\n",
                                         "x: y\r\n", " \r\n ", "-",      "\n--b \t"};
    const size_t size = (size_t)1 << 20;
    struct buffer body;
    buffer_init(&body, size + 1024);
    for (size_t i = 0; i < ARRAY_LENGTH(pieces); i++) {
        set_up();
        buffer_clear(&body);
        buffer_append_text(&body, "--b\r\n");
        while (body.length < size)
            buffer_append_text(&body, pieces[i]);
        buffer_append_text(&body, "\r\n--b--");
        const char *what = "";
        enum err error = decode(buffer_slice(&body), "b", &what);
        ck_assert_msg(error == ERR_INVALID, "%s: %s", pieces[i], err_symbol(error));
        tear_down();
    }
    buffer_done(&body);
}
END_TEST

/* Each parameter costs what it is long, not what is left of the header. */
START_TEST(header_of_many_parameters_is_read)
{
    struct buffer body;
    const char *what = "";
    buffer_init(&body, 2 << 20);
    set_up();
    buffer_append_text(&body, "--b\r\nContent-Disposition: form-data");
    for (int i = 0; i < 200000; i++)
        buffer_append_text(&body, ";x=\"\"");
    buffer_append_text(&body, ";name=a\r\n\r\n1\r\n--b--");
    ck_assert_int_eq(decode(buffer_slice(&body), "b", &what), ERR_OK);
    ck_assert_slice_eq(buffer_slice(&buffer), SLICE("[a|1]"));
    ck_assert_uint_lt(arena.used, (size_t)8 << 20);
    tear_down();
    buffer_done(&body);
}
END_TEST

/* Cut anywhere, a body is refused or whole; nothing is read beyond its end. */
START_TEST(every_prefix_is_safe)
{
    static const char whole[] =
        "pre\r\n--b\r\nX: y;\r\n z\r\n" NAME("\"a\\\"%22\"") "\r\n1\r\n--b\r\n" NAME("c") "\r\n\r\n--b--";
    set_up();
    for (size_t length = 1; length < sizeof(whole) - 1; length++) {
        char *copy = mem_alloc(length);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, whole, length);
        const char *what = "";
        ck_assert_int_eq(decode(slice_of(copy, length), "b", &what), ERR_INVALID);
        ck_assert_str_ne(what, "");
        mem_free(copy);
    }
    tear_down();
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct buffer body;
    buffer_init(&body, 1 << 20);
    for (int i = 0; i < 40; i++) {
        buffer_append_text(&body, "--b\r\n" NAME("\"a%22\"") "\r\n");
        for (int k = 0; k < 1000; k++)
            buffer_append_text(&body, "\xFF");
        buffer_append_text(&body, "\r\n--b\r\n" NAME("x; name*=UTF-8''%41") "\r\n1\r\n");
    }
    buffer_append_text(&body, "--b--");
    enum err error = ERR_MEMORY;
    for (long n = 1; error != ERR_OK; n++) {
        struct url_pairs pairs;
        const char *what = "";
        arena_init(&arena, TEST_ARENA_CAP);
        mem_fault_set(n);
        error = multipart_decode(&arena, buffer_slice(&body), SLICE("b"), &pairs, &what);
        ck_assert_int_eq(error, mem_fault_fired() ? ERR_MEMORY : ERR_OK);
        mem_fault_set(-1);
        arena_done(&arena);
    }
    /* However little the arena may take. */
    error = ERR_MEMORY;
    for (size_t cap = 0; error != ERR_OK; cap += 64) {
        struct url_pairs pairs;
        const char *what = "";
        arena_init(&arena, cap);
        error = multipart_decode(&arena, SLICE("--b\r\n" NAME("\"a\"") "\r\n\xFF\r\n--b--"), SLICE("b"),
                                 &pairs, &what);
        ck_assert(error == ERR_OK || error == ERR_MEMORY);
        arena_done(&arena);
        ck_assert_uint_lt(cap, 65536);
    }
    buffer_done(&body);
}
END_TEST

UNIT_MAIN("multipart", bodies_are_taken_apart, browser_boundary_and_nul_bytes, broken_bodies_are_refused,
          number_of_parts_is_limited, hostile_bodies_take_no_longer, header_of_many_parameters_is_read,
          every_prefix_is_safe, every_allocation_may_fail)
