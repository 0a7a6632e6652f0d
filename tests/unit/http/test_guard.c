/* The guard: what has one reading passes, everything else does not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"
#include "unit.h"

#define HOST                                                                                                 \
    {                                                                                                        \
        SLICE_INIT("Host"), SLICE_INIT("a")                                                                  \
    }
#define H(name, value)                                                                                       \
    {                                                                                                        \
        SLICE_INIT(name), SLICE_INIT(value)                                                                  \
    }

static const char *check(struct request_head head, struct framing *ret_framing)
{
    if (slice_is_null(head.method))
        head.method = SLICE("POST");
    if (slice_is_null(head.target))
        head.target = SLICE("/a/?b=c");
    if (slice_is_null(head.version))
        head.version = SLICE("HTTP/1.1");
    return guard_check(&head, ret_framing);
}

START_TEST(headers)
{
    static const struct {
        struct call_header headers[4];
        size_t count;
        bool passes;
    } rows[] = {
        {{HOST}, 1, true},
        {{H("hOST", "")}, 1, true},
        {{HOST, H("Content-Length", "5")}, 2, true},
        {{HOST, H("Content-Length", "0")}, 2, true},
        {{HOST, H("Transfer-Encoding", "chunked")}, 2, true},
        {{HOST, H("Transfer-Encoding", "Chunked")}, 2, true},
        {{HOST, H("X", "tab\tinside")}, 2, true},
        {{HOST, H("X", "\xC3\xA9")}, 2, true},
        {{HOST, H("!#$%&'*+-.^_`|~09azAZ", "x")}, 2, true},
        {{H("X", "y")}, 1, false},
        {{HOST, HOST}, 2, false},
        {{HOST, H("host", "b")}, 2, false},
        {{HOST, H("Content-Length", "5"), H("Content-Length", "5")}, 3, false},
        {{HOST, H("Content-Length", "5"), H("content-length", "6")}, 3, false},
        {{HOST, H("Content-Length", "5"), H("Transfer-Encoding", "chunked")}, 3, false},
        {{HOST, H("Transfer-Encoding", "chunked"), H("Transfer-Encoding", "chunked")}, 3, false},
        {{HOST, H("Transfer-Encoding", "chunked, chunked")}, 2, false},
        {{HOST, H("Transfer-Encoding", "gzip")}, 2, false},
        {{HOST, H("Transfer-Encoding", "chunked ")}, 2, false},
        {{HOST, H("Transfer-Encoding", "\x0B"
                                       "chunked")},
         2,
         false},
        {{HOST, H("Transfer-Encoding", "")}, 2, false},
        {{HOST, H("Content-Length", "")}, 2, false},
        {{HOST, H("Content-Length", "-5")}, 2, false},
        {{HOST, H("Content-Length", "+5")}, 2, false},
        {{HOST, H("Content-Length", "5 ")}, 2, false},
        {{HOST, H("Content-Length", "5,5")}, 2, false},
        {{HOST, H("Content-Length", "0x5")}, 2, false},
        {{HOST, H("Content-Length", "99999999999999999999999")}, 2, false},
        {{HOST, H("Content-Length", "9223372036854775807")}, 2, false},
        {{HOST, H("Content-Length ", "5")}, 2, false},
        {{HOST, H("Content-Length\t", "5")}, 2, false},
        {{HOST, H("", "5")}, 2, false},
        {{HOST, H("X\x80", "5")}, 2, false},
        {{HOST, H("X:Y", "5")}, 2, false},
        {{HOST, H("X", "a\rb")}, 2, false},
        {{HOST, H("X", "a\nb")}, 2, false},
        {{HOST, H("X", "a\x7F"
                       "b")},
         2,
         false},
        {{HOST, H("X", "a\0b")}, 2, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct framing framing;
        const char *wrong =
            check((struct request_head){.headers = rows[i].headers, .header_count = rows[i].count}, &framing);
        ck_assert_msg((wrong == NULL) == rows[i].passes, "row %zu: %s", i, wrong ? wrong : "passes");
    }
}
END_TEST

START_TEST(targets)
{
    static const struct {
        struct slice method, target;
        bool passes;
    } rows[] = {
        {SLICE_INIT("GET"), SLICE_INIT("/"), true},
        {SLICE_INIT("GET"), SLICE_INIT("/a/b%2Fc?d=%00"), true},
        {SLICE_INIT("GET"), SLICE_INIT("/a%0"), true},
        {SLICE_INIT("GET"), SLICE_INIT("/%10%20"), true},
        {SLICE_INIT("OPTIONS"), SLICE_INIT("*"), true},
        {SLICE_INIT("GET"), SLICE_INIT("*"), false},
        {SLICE_INIT("GET"), SLICE_INIT(""), false},
        {SLICE_INIT("GET"), SLICE_INIT("a"), false},
        {SLICE_INIT("GET"), SLICE_INIT("http://a/"), false},
        {SLICE_INIT("CONNECT"), SLICE_INIT("a:80"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/a b"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/a\tb"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/a\0b"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/a%00b"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/a%0A"), false},
        {SLICE_INIT("GET"), SLICE_INIT("/%0d/"), false},
        {SLICE_INIT("G T"), SLICE_INIT("/"), false},
        {SLICE_INIT(""), SLICE_INIT("/"), false},
        {SLICE_INIT("A:B"), SLICE_INIT("/"), false},
    };
    static const struct call_header host = HOST;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct framing framing;
        const char *wrong = check(
            (struct request_head){
                .method = rows[i].method, .target = rows[i].target, .headers = &host, .header_count = 1},
            &framing);
        ck_assert_msg((wrong == NULL) == rows[i].passes, "row %zu: %s", i, wrong ? wrong : "passes");
    }
}
END_TEST

START_TEST(sizes_gaps_and_versions)
{
    static struct call_header many[65] = {HOST};
    struct framing framing;
    for (size_t i = 1; i < ARRAY_LENGTH(many); i++)
        many[i] = (struct call_header)H("X", "y");
    ck_assert_ptr_null(check((struct request_head){.headers = many, .header_count = 64}, &framing));
    ck_assert_ptr_nonnull(check((struct request_head){.headers = many, .header_count = 65}, &framing));
    ck_assert_ptr_null(
        check((struct request_head){.headers = many, .header_count = 1, .header_bytes = 12288}, &framing));
    ck_assert_ptr_nonnull(
        check((struct request_head){.headers = many, .header_count = 1, .header_bytes = 12289}, &framing));
    ck_assert_ptr_nonnull(
        check((struct request_head){.headers = many, .header_count = 1, .has_gaps = true}, &framing));
    static const struct call_header chunked[] = {H("Transfer-Encoding", "chunked")};
    ck_assert_ptr_nonnull(
        check((struct request_head){.version = SLICE("HTTP/1.0"), .headers = chunked, .header_count = 1},
              &framing));
    ck_assert_ptr_null(check((struct request_head){.version = SLICE("HTTP/1.0")}, &framing));
}
END_TEST

START_TEST(framing_is_told)
{
    struct framing framing;
    static const struct call_header length[] = {HOST, H("Content-Length", "281474976710656"),
                                                H("Expect", "100-Continue")};
    ck_assert_ptr_null(check((struct request_head){.headers = length, .header_count = 3}, &framing));
    ck_assert(framing.has_length && !framing.chunked && framing.expects && framing.expects_continue);
    ck_assert_uint_eq(framing.length, (uint64_t)1 << 48);
    static const struct call_header chunked[] = {HOST, H("Transfer-Encoding", "chunked"),
                                                 H("Expect", "100-continue"), H("Expect", "tea")};
    ck_assert_ptr_null(check((struct request_head){.headers = chunked, .header_count = 4}, &framing));
    ck_assert(!framing.has_length && framing.chunked && framing.expects && !framing.expects_continue);
}
END_TEST

UNIT_MAIN("guard", headers, targets, sizes_gaps_and_versions, framing_is_told)
