/* Judges e-mail addresses as Django 3.2 does, and makes the key by which duplicates are found. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/email.h"

#include "inlet/codec/regex.h"

#include <arpa/inet.h>
#include <idn2.h>

/*
 * DESIGN: the patterns are those of django.core.validators.EmailValidator. Nearly every address is plain
 * ASCII of the usual form, and is_usual() says yes to exactly those addresses of that form that the patterns
 * match; all others are left to them.
 *
 * Python's IGNORECASE takes four more letters for [A-Z]: U+017F and U+212A, as PCRE2 does, and U+0130 and
 * U+0131, which the classes here name.
 *
 * Django tries a domain again in the form Python's codec "idna" gives it, which is IDNA 2003. libidn2 speaks
 * IDNA 2008 with the mapping of UTS 46; in its transitional form that mapping is closest to IDNA 2003 (ß is
 * ss), and symbols pass. What is left between the two are labels that no registry sells: international ones
 * with a combining mark in front or a hyphen at an end are refused here only; right-to-left ones with digits
 * or Latin letters at an end are refused there only.
 *
 * THREADS: the patterns are set once by email_module_init and only read afterwards.
 */
#define ADDRESS_MAX 320 /* characters */
#define LABEL_MAX   63
/* Django refuses longer IPv6 addresses unseen, and no IPv4 address is as long. */
#define IP_ADDRESS_MAX 39
/* A domain in A-labels is cut off here; DNS ends at 253. */
#define ASCII_DOMAIN_MAX 1024

#define TURKISH          "\\x{130}\\x{131}"
#define ATOM             "[-!#$%&'*+/=?^_`{}|~0-9A-Z" TURKISH "]+"
#define ALPHANUMERIC     "A-Z0-9" TURKISH

static const char local_pattern[] = ATOM "(\\." ATOM ")*"
                                         "|\"([\\001-\\010\\013\\014\\016-\\037!#-\\[\\]-\\177" TURKISH "]"
                                         "|\\\\[\\001-\\011\\013\\014\\016-\\177" TURKISH "])*\"";

static const char domain_pattern[] =
    "(?:[" ALPHANUMERIC "](?:[" ALPHANUMERIC "-]{0,61}[" ALPHANUMERIC "])?\\.)+"
    "[" ALPHANUMERIC "-]{2,63}(?<!-)";

static struct regex *local_regex, *domain_regex;

enum err email_module_init(void)
{
    const unsigned flags = REGEX_CASELESS | REGEX_FULL;
    struct {
        const char *pattern;
        struct regex **regex;
    } rows[] = {{local_pattern, &local_regex}, {domain_pattern, &domain_regex}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        enum err error = regex_compile(slice_from(rows[i].pattern), flags, rows[i].regex, NULL);
        if (error != ERR_OK) {
            email_module_done();
            return error == ERR_MEMORY ? error : ERR_INTERNAL;
        }
    }
    return ERR_OK;
}

void email_module_done(void)
{
    local_regex = regex_free(local_regex);
    domain_regex = regex_free(domain_regex);
}

static bool matches(const struct regex *regex, struct slice text)
{
    return regex_match(regex, text, NULL) == ERR_OK;
}

/* Splits at the last '@'. False when there is none. */
static bool split(struct slice address, struct slice *ret_local, struct slice *ret_domain)
{
    const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
    if (!at)
        return false;
    size_t n = (size_t)(at - address.p);
    *ret_local = slice_head(address, n);
    *ret_domain = slice_skip(address, n + 1);
    return true;
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool is_atom(char c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("-!#$%&'*+/=?^_`{}|~", c) != NULL);
}

static bool is_dot_atom(struct slice local)
{
    char before = '.';
    for (size_t i = 0; i < local.n; i++) {
        char c = local.p[i];
        if (c == '.' ? before == '.' : !is_atom(c))
            return false;
        before = c;
    }
    return before != '.';
}

/* Labels of letters, digits and hyphens, of 1 to 63 characters, the last one of at least 2, and at least two
 * of them. Hyphens do not stand at the ends of one; only the last one may start with one, by an oversight of
 * the pattern. */
static bool is_host_name(struct slice domain)
{
    size_t start = 0, dots = 0;
    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.p[i];
        if (c != '.' && c != '-' && !is_alphanumeric(c))
            return false;
        if (c == '.') {
            if (i == start || i - start > LABEL_MAX || domain.p[start] == '-' || domain.p[i - 1] == '-')
                return false;
            start = i + 1;
            dots++;
        }
    }
    size_t last = domain.n - start;
    return dots > 0 && last >= 2 && last <= LABEL_MAX && domain.p[domain.n - 1] != '-';
}

static bool is_usual(struct slice address)
{
    struct slice local, domain;
    return address.n <= ADDRESS_MAX && split(address, &local, &domain) && is_dot_atom(local) &&
           is_host_name(domain);
}

/* "[192.0.2.1]", "[2001:db8::1]" */
static bool is_address_literal(struct slice domain)
{
    char text[IP_ADDRESS_MAX + 1];
    unsigned char binary[sizeof(struct in6_addr)];
    if (domain.n < 2 || domain.p[0] != '[' || domain.p[domain.n - 1] != ']')
        return false;
    size_t n = domain.n - 2;
    if (n >= sizeof(text) || memchr(domain.p, '\0', domain.n) != NULL)
        return false;
    memcpy(text, domain.p + 1, n);
    text[n] = '\0';
    return inet_pton(AF_INET, text, binary) == 1 || inet_pton(AF_INET6, text, binary) == 1;
}

static bool is_domain(struct slice domain)
{
    return matches(domain_regex, domain) || is_address_literal(domain);
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    }
    return true;
}

static void encoded_free(uint8_t **text)
{
    idn2_free(*text);
}

/* Takes the first label and its dot off *DOMAIN; IDNA knows four dots. False when nothing is left. */
static bool take_label(struct slice *domain, struct slice *ret_label)
{
    if (slice_is_null(*domain))
        return false;
    struct slice rest = *domain;
    while (rest.n > 0) {
        size_t at = domain->n - rest.n;
        unsigned c = slice_next_code_point(&rest);
        if (c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61) {
            *ret_label = slice_head(*domain, at);
            *domain = rest;
            return true;
        }
    }
    *ret_label = *domain;
    *domain = SLICE_NULL;
    return true;
}

/* One label as ASCII, appended to TEXT, which has *LENGTH bytes of ASCII_DOMAIN_MAX. False when it has no
 * such form. */
static bool append_label(struct slice label, char *text, size_t *length)
{
    CLEANUP(encoded_free) uint8_t *encoded = NULL;
    if (!is_ascii(label)) {
        char input[4 * ADDRESS_MAX + 1]; /* the address is no longer than that */
        if (label.n >= sizeof(input) || memchr(label.p, '\0', label.n) != NULL)
            return false;
        memcpy(input, label.p, label.n);
        input[label.n] = '\0';
        if (idn2_lookup_u8((const uint8_t *)input, &encoded, IDN2_TRANSITIONAL) != IDN2_OK)
            return false;
        label = slice_from((const char *)encoded);
    }
    if (label.n == 0 || label.n > ASCII_DOMAIN_MAX - *length)
        return false;
    memcpy(text + *length, label.p, label.n);
    *length += label.n;
    return true;
}

/* Whether the domain is one in its IDNA form. */
static bool is_international_domain(struct slice domain)
{
    char text[ASCII_DOMAIN_MAX];
    size_t length = 0;
    struct slice label;
    if (is_ascii(domain))
        return false; /* has no other form */
    while (take_label(&domain, &label)) {
        if (!append_label(label, text, &length))
            return false;
        if (!slice_is_null(domain) && !append_label(SLICE("."), text, &length))
            return false;
    }
    return is_domain(slice_of(text, length));
}

bool email_is_valid(struct slice address)
{
    struct slice local, domain;
    if (is_usual(address))
        return true;
    if (slice_code_points(address) > ADDRESS_MAX || !split(address, &local, &domain) ||
        !matches(local_regex, local))
        return false;
    return is_domain(domain) || slice_equal(domain, SLICE("localhost")) || is_international_domain(domain);
}

/*
 * Appends the A-label form of DOMAIN, which ends with a NUL, to LOCAL and '@'. *RET_KEY stays as it is when
 * there is no such form. Not transitional: domains that differ in ß and ss are two domains today, and their
 * mail goes to different people. Otherwise the mapping is that of IDNA 2003: lower case, NFKC.
 */
NODISCARD static enum err encode_domain(struct arena *arena, struct slice local, struct slice domain,
                                        struct slice *ret_key)
{
    CLEANUP(encoded_free) uint8_t *encoded = NULL;
    if (memchr(domain.p, '\0', domain.n) != NULL)
        return ERR_OK;
    int code = idn2_lookup_u8((const uint8_t *)domain.p, &encoded, IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK)
        return code == IDN2_MALLOC ? ERR_MEMORY : ERR_OK;
    struct slice ascii = slice_from((const char *)encoded);
    char *text = arena_alloc(arena, local.n + 1 + ascii.n);
    if (!text)
        return ERR_MEMORY;
    memcpy(text, local.p, local.n);
    text[local.n] = '@';
    memcpy(text + local.n + 1, ascii.p, ascii.n);
    *ret_key = slice_of(text, local.n + 1 + ascii.n);
    return ERR_OK;
}

enum err email_key(struct arena *arena, struct slice address, struct slice *ret_key)
{
    struct slice trimmed = slice_trim_unicode(address), local, domain;
    if (trimmed.n == 0) {
        *ret_key = SLICE("");
        return ERR_OK;
    }
    char *text = arena_alloc(arena, trimmed.n + 1);
    if (!text)
        return ERR_MEMORY;
    for (size_t i = 0; i < trimmed.n; i++) {
        char c = trimmed.p[i];
        text[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    text[trimmed.n] = '\0';
    struct slice key = slice_of(text, trimmed.n);
    if (split(key, &local, &domain) && !is_ascii(domain))
        TRY(encode_domain(arena, local, domain, &key));
    *ret_key = key;
    return ERR_OK;
}
