/* Hides the passwords in connection strings. When in doubt, it hides more. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/shown.h"

#define MASK SLICE("***")

bool pg_is_uri(const char *url)
{
    struct slice text = slice_from(url);
    return slice_starts(text, SLICE("postgresql://")) || slice_starts(text, SLICE("postgres://"));
}

/* password, sslpassword; and whatever is spelled with percent signs or comes to be. */
static bool is_secret(struct slice keyword)
{
    static const struct slice word = SLICE_INIT("password");
    if (slice_find(keyword, '%') < keyword.n)
        return true;
    return keyword.n >= word.n && slice_equal_nocase(slice_skip(keyword, keyword.n - word.n), word);
}

/* user:password@host…: the password ends with the last @, for whoever forgets to escape one means that. */
static void show_authority(struct slice authority, struct buffer *text)
{
    size_t colon = slice_find(authority, ':'), at = authority.n;
    while (at > 0 && authority.p[at - 1] != '@')
        at--;
    if (at == 0 || colon >= at) {
        buffer_append(text, authority);
        return;
    }
    buffer_append(text, slice_head(authority, colon + 1));
    buffer_append(text, MASK);
    buffer_append(text, slice_skip(authority, at - 1));
}

static void show_query(struct slice query, struct buffer *text)
{
    while (!slice_is_null(query)) {
        struct slice value, item = slice_cut(query, '&', &query);
        struct slice keyword = slice_cut(item, '=', &value);
        buffer_append(text, keyword);
        if (!slice_is_null(value)) {
            buffer_append_byte(text, '=');
            buffer_append(text, is_secret(keyword) ? MASK : value);
        }
        if (!slice_is_null(query))
            buffer_append_byte(text, '&');
    }
}

static void show_uri(struct slice url, struct buffer *text)
{
    size_t start = slice_find(url, '/') + 2;
    struct slice query, authority = slice_cut(slice_skip(url, start), '?', &query);
    /* A password may have an unescaped question mark as well. */
    struct slice rest;
    (void)slice_cut(query, '@', &rest);
    bool odd = !slice_is_null(rest) && slice_find(authority, ':') < authority.n &&
               slice_find(authority, '@') == authority.n;
    buffer_append(text, slice_head(url, start));
    if (odd) {
        show_authority(slice_skip(url, start), text);
        return;
    }
    show_authority(authority, text);
    if (slice_is_null(query))
        return;
    buffer_append_byte(text, '?');
    show_query(query, text);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t skip_blanks(struct slice s, size_t at)
{
    while (at < s.n && is_blank(s.p[at]))
        at++;
    return at;
}

/* The end of a value as libpq finds it: quoted, or up to a blank; a backslash takes away the meaning of what follows. */
static size_t end_of_value(struct slice s, size_t at)
{
    bool quoted = at < s.n && s.p[at] == '\'';
    for (at += quoted; at < s.n; at++) {
        if (s.p[at] == '\\' && at + 1 < s.n)
            at++;
        else if (quoted && s.p[at] == '\'')
            return at + 1;
        else if (!quoted && is_blank(s.p[at]))
            return at;
    }
    return at;
}

static void show_pairs(struct slice url, struct buffer *text)
{
    for (size_t at = skip_blanks(url, 0); at < url.n; at = skip_blanks(url, at)) {
        size_t start = at;
        while (at < url.n && url.p[at] != '=' && !is_blank(url.p[at]))
            at++;
        struct slice keyword = slice_of(url.p + start, at - start);
        at = skip_blanks(url, at);
        if (text->length > 0)
            buffer_append_byte(text, ' ');
        if (at == url.n || url.p[at] != '=') {
            /* No connection string: this may be the rest of a password with a blank in it. */
            buffer_append(text, MASK);
            return;
        }
        size_t value = skip_blanks(url, at + 1);
        at = end_of_value(url, value);
        buffer_append(text, keyword);
        buffer_append_byte(text, '=');
        buffer_append(text, is_secret(keyword) ? MASK : slice_of(url.p + value, at - value));
    }
}

enum err pg_shown(const char *url, struct buffer *text)
{
    if (pg_is_uri(url)) {
        show_uri(slice_from(url), text);
        return buffer_error(text);
    }
    struct buffer pairs CLEANUP(buffer_done) = BUFFER_INIT(text->max);
    show_pairs(slice_from(url), &pairs);
    TRY(buffer_error(&pairs));
    return buffer_append(text, buffer_slice(&pairs));
}
