/* The rules of RFC 9110 and 9112 that keep a request from having two readings. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include "inlet/base/number.h"
#include "limits.h"

/* Past this, Content-Length is no size but an attack on somebody's arithmetic. */
#define LENGTH_MAX ((uint64_t)1 << 48)

static bool is_tchar(unsigned char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || (c != 0 && strchr(others, c));
}

static bool is_token(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_tchar((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

/* Control characters but for the tab, which is white space in a field's value. */
static bool has_control(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

/* %00, %0a and %0d end or forge lines in whatever reads the decoded path later. */
static bool has_encoded_break(struct slice path)
{
    for (size_t i = 0; i + 2 < path.n; i++) {
        if (path.p[i] != '%' || path.p[i + 1] != '0')
            continue;
        char digit = path.p[i + 2];
        if (digit == '0' || digit == 'a' || digit == 'A' || digit == 'd' || digit == 'D')
            return true;
    }
    return false;
}

static const char *check_target(const struct request_head *head)
{
    struct slice target = head->target;
    if (slice_equal(target, SLICE("*")) && slice_equal(head->method, SLICE("OPTIONS")))
        return NULL;
    if (target.n == 0 || target.p[0] != '/')
        return "The request target must be a path.";
    for (size_t i = 0; i < target.n; i++)
        if ((unsigned char)target.p[i] <= 0x20 || target.p[i] == 0x7F)
            return "The request target has an invalid character.";
    if (has_encoded_break(slice_head(target, slice_find(target, '?'))))
        return "The request target has an invalid character.";
    return NULL;
}

/* What has been met so far on the way through the headers. */
struct seen {
    unsigned lengths, encodings, hosts;
};

static const char *check_header(const struct call_header *header, struct seen *seen, struct framing *framing)
{
    if (!is_token(header->name))
        return "A header name has an invalid character.";
    if (has_control(header->value))
        return "A header value has an invalid character.";
    if (slice_equal_nocase(header->name, SLICE("Content-Length"))) {
        if (seen->lengths++ > 0 ||
            number_parse_unsigned(header->value, LENGTH_MAX, &framing->length) != ERR_OK)
            return "Content-Length must be one number.";
        framing->has_length = true;
    } else if (slice_equal_nocase(header->name, SLICE("Transfer-Encoding"))) {
        if (seen->encodings++ > 0 || !slice_equal_nocase(header->value, SLICE("chunked")))
            return "Transfer-Encoding must be \"chunked\".";
        framing->chunked = true;
    } else if (slice_equal_nocase(header->name, SLICE("Host"))) {
        if (seen->hosts++ > 0)
            return "There must be one Host header.";
    } else if (slice_equal_nocase(header->name, SLICE("Expect"))) {
        framing->expects_continue = (!framing->expects || framing->expects_continue) &&
                                    slice_equal_nocase(header->value, SLICE("100-continue"));
        framing->expects = true;
    }
    return NULL;
}

const char *guard_check(const struct request_head *head, struct framing *ret_framing)
{
    struct framing framing = {0};
    struct seen seen = {0};
    if (head->header_bytes > REQUEST_HEADER_BYTES_MAX || head->header_count > CALL_HEADERS_MAX)
        return "The header block is too large.";
    if (head->has_gaps)
        return "The request has bytes that belong to no header.";
    if (!is_token(head->method))
        return "The method has an invalid character.";
    const char *wrong = check_target(head);
    for (size_t i = 0; i < head->header_count && !wrong; i++)
        wrong = check_header(&head->headers[i], &seen, &framing);
    if (wrong)
        return wrong;
    bool old = slice_equal(head->version, SLICE("HTTP/1.0"));
    if (framing.has_length && framing.chunked)
        return "Content-Length and Transfer-Encoding exclude each other.";
    if (framing.chunked && old)
        return "HTTP/1.0 has no Transfer-Encoding.";
    if (seen.hosts == 0 && !old)
        return "The Host header is missing.";
    *ret_framing = framing;
    return NULL;
}
