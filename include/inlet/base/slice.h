/* Text as a pointer and a length: borrowed, never NUL-terminated by contract, possibly with NUL bytes inside. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_SLICE_H
#define INLET_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A null slice (p == NULL) means "no value"; an empty one (n == 0, p != NULL) is the empty text. */
struct slice {
    const char *p;
    size_t n;
};

#define SLICE(literal)                                                                                       \
    (struct slice)                                                                                           \
    {                                                                                                        \
        .p = "" literal, .n = sizeof(literal) - 1                                                            \
    }
/* For static tables, where a compound literal is no constant. */
#define SLICE_INIT(literal)                                                                                  \
    {                                                                                                        \
        .p = "" literal, .n = sizeof(literal) - 1                                                            \
    }
#define SLICE_NULL ((struct slice){.p = NULL, .n = 0})
/* For printf: "%.*s", SLICE_ARG(slice). */
#define SLICE_ARG(slice) (int)(slice).n, ((slice).p ? (slice).p : "")

static inline struct slice slice_of(const char *p, size_t n)
{
    return (struct slice){.p = p, .n = n};
}

/* Of a C string; a null slice for NULL. */
static inline struct slice slice_from(const char *text)
{
    return (struct slice){.p = text, .n = text ? strlen(text) : 0};
}

static inline bool slice_is_null(struct slice s)
{
    return s.p == NULL;
}

/* Equal bytes; a null slice equals an empty one. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* The slice without its first N bytes (all of them when it is shorter). */
static inline struct slice slice_skip(struct slice s, size_t n)
{
    if (n > s.n)
        n = s.n;
    return (struct slice){.p = n ? s.p + n : s.p, .n = s.n - n}; /* nothing is added to NULL */
}

static inline struct slice slice_head(struct slice s, size_t n)
{
    return (struct slice){.p = s.p, .n = n < s.n ? n : s.n};
}

/* Equal but for the case of ASCII letters. */
bool slice_equal_nocase(struct slice a, struct slice b);

/* Bytewise order, as memcmp; shorter first. */
int slice_compare(struct slice a, struct slice b);

/* Without the blanks (space, \t, \n, \v, \f, \r) at both ends. */
struct slice slice_trim(struct slice s);

/* Without Unicode white space at both ends, as Python's str.strip() takes it off. */
struct slice slice_trim_unicode(struct slice s);

/* Index of the first BYTE, or s.n. */
size_t slice_find(struct slice s, char byte);

/* Splits S at the first SEPARATOR: what stands before it is returned, *REST becomes what follows (null when there is
 * no separator). Walking a list: for (rest = s; !slice_is_null(rest);) item = slice_cut(rest, ',', &rest); */
struct slice slice_cut(struct slice s, char separator, struct slice *rest);

/* Whether the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool slice_is_utf8(struct slice s);

/* Number of code points of UTF-8 text. */
size_t slice_code_points(struct slice s);

/* Decodes one code point (0xD800-0xDFFF included, as WTF-8 has them) and moves *S past it. An invalid byte comes back
 * as 0xFFFD and is skipped alone. *S must not be empty. */
unsigned slice_next_code_point(struct slice *s);

#endif
