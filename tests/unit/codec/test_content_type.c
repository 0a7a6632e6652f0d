/* Content-Type headers, well-formed and odd. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"
#include "inlet/codec/body.h"

START_TEST(headers_are_taken_apart)
{
    static const struct {
        const char *header, *media, *charset, *boundary; /* NULL: not given */
    } rows[] = {
        {"application/json", "application/json", NULL, NULL},
        {"Application/JSON; Charset=UTF-8", "application/json", "UTF-8", NULL},
        {" text/plain ;charset = \"utf-8\" ", "text/plain", "utf-8", NULL},
        {"multipart/form-data; boundary=----WebKitFormBoundaryAbC", "multipart/form-data", NULL,
         "----WebKitFormBoundaryAbC"},
        {"multipart/form-data; boundary=\"a;b \\\"c\\\"\"; charset=x", "multipart/form-data", "x",
         "a;b \"c\""},
        {"multipart/form-data;BOUNDARY=x", "multipart/form-data", NULL, "x"},
        {"a/b; charset=1; charset=2", "a/b", "2", NULL},
        {"a/b; charset", "a/b", NULL, NULL},
        {"a/b; charset=", "a/b", "", NULL},
        {"a/b; =x; charset=y", "a/b", "y", NULL},
        {"a/b;;;charset=y;", "a/b", "y", NULL},
        {"a/b; charset=\"unclosed", "a/b", "unclosed", NULL},
        {"a/b; charset=\"x\"y; boundary=z", "a/b", "x", "z"},
        {"a/b; charset=\"a\\b\\\\c\"", "a/b", "a\\b\\c", NULL},
        {"a/b; charset=\"", "a/b", "", NULL},
        {"", NULL, NULL, NULL},
        {";charset=x", NULL, "x", NULL},
        {"  ", NULL, NULL, NULL},
        {"a/b\t;\tcharset\t=\tx\t", "a/b", "x", NULL},
        {"garbage", "garbage", NULL, NULL},
    };
    struct arena arena;
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct content_type type;
        ck_assert_int_eq(content_type_parse(&arena, slice_from(rows[i].header), &type), ERR_OK);
        ck_assert_slice_eq(type.media, slice_from(rows[i].media));
        ck_assert_slice_eq(type.charset, slice_from(rows[i].charset));
        ck_assert_slice_eq(type.boundary, slice_from(rows[i].boundary));
        ck_assert_int_eq(slice_is_null(type.media), rows[i].media == NULL);
        ck_assert_int_eq(slice_is_null(type.charset), rows[i].charset == NULL);
        ck_assert_int_eq(slice_is_null(type.boundary), rows[i].boundary == NULL);
    }
    struct content_type type;
    ck_assert_int_eq(content_type_parse(&arena, SLICE_NULL, &type), ERR_OK);
    ck_assert(slice_is_null(type.media));
    /* An empty value needs no memory, and must not be taken for a lack of it. */
    arena_reset(&arena);
    ck_assert_int_eq(content_type_parse(&arena, SLICE(";charset=\"\""), &type), ERR_OK);
    ck_assert_int_eq(content_type_parse(&arena, SLICE(";charset="), &type), ERR_OK);
    arena_done(&arena);
    arena_init(&arena, 0);
    ck_assert_int_eq(content_type_parse(&arena, SLICE("a/b"), &type), ERR_MEMORY);
    ck_assert_int_eq(content_type_parse(&arena, SLICE(";charset=\"x\""), &type), ERR_MEMORY);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("content_type", headers_are_taken_apart)
