/* The server as such: the connection string, taken apart and completed with what it does not say. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "inlet/base/mem.h"
#include "inlet/base/number.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char library_version[32];

static void find_version(void)
{
    int version = PQlibVersion();
    snprintf(library_version, sizeof(library_version), "%d.%d", version / 10000, version % 10000);
}

const char *pg_version(const char **ret_warning)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_version);
    *ret_warning = NULL;
    return library_version;
}

int64_t pg_log_bytes(const struct db_target *target)
{
    (void)target;
    return 0; /* the server's log is the server's business */
}

/* What is used unless the connection string or the environment says something else. Readers go to the primary, too: from
 * a standby, a client would not see what it has just written. */
static const struct {
    const char *keyword, *value;
} defaults[] = {
    {"fallback_application_name", "inlet"},
    {"target_session_attrs", "read-write"},
    {"connect_timeout", "5"},
    {"tcp_user_timeout", "30000"},
    {"keepalives_idle", "30"},
    {"keepalives_interval", "10"},
    {"keepalives_count", "3"},
};

/* libpq would wait for ever. */
static bool is_endless(const PQconninfoOption *option)
{
    int64_t seconds;
    if (strcmp(option->keyword, "connect_timeout") != 0)
        return false;
    return number_parse_int64(slice_from(option->val), &seconds) == ERR_OK && seconds <= 0;
}

static bool is_forced(const char *keyword)
{
    return strcmp(keyword, "client_encoding") == 0;
}

static void add_option(struct pg_target *target, size_t *count, const char *keyword, const char *value)
{
    target->keywords[*count] = keyword;
    target->values[*count] = value;
    (*count)++;
}

/* Whether the string or the environment has a word on KEYWORD. */
static bool is_said(const struct pg_target *target, const char *keyword)
{
    for (const PQconninfoOption *option = target->given; option->keyword; option++) {
        if (strcmp(option->keyword, keyword) != 0)
            continue;
        return (option->val && !is_endless(option)) || (option->envvar && getenv(option->envvar));
    }
    return false;
}

static enum err complete(struct pg_target *target, struct buffer *why)
{
    size_t count = 0;
    for (const PQconninfoOption *option = target->given; option->keyword; option++) {
        if (!option->val || is_endless(option) || is_forced(option->keyword))
            continue;
        if (count == CONNECT_OPTIONS - ARRAY_LENGTH(defaults) - 1) {
            buffer_append_text(why, "the connection string has too many options");
            return ERR_CONFIG;
        }
        add_option(target, &count, option->keyword, option->val);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(defaults); i++) {
        if (!is_said(target, defaults[i].keyword))
            add_option(target, &count, defaults[i].keyword, defaults[i].value);
    }
    add_option(target, &count, "client_encoding", "UTF8");
    return ERR_OK;
}

/* libpq quotes what it does not understand, which may be a piece of the password; only names of options are harmless. */
static void explain(struct buffer *why, const char *reason)
{
    static const struct slice harmless[] = {SLICE_INIT("invalid connection option"),
                                            SLICE_INIT("invalid URI query parameter")};
    struct slice rest = slice_trim(slice_from(reason));
    bool shown = slice_starts(rest, harmless[0]) || slice_starts(rest, harmless[1]);
    buffer_append_text(why, "the connection string cannot be read: ");
    for (bool quoted = false; !slice_is_null(rest); quoted = !quoted) {
        struct slice part = slice_cut(rest, '"', &rest);
        buffer_append(why, quoted && !shown ? SLICE("***") : part);
        if (!slice_is_null(rest))
            buffer_append_byte(why, '"');
    }
}

static enum err parse(struct pg_target *target, const char *text, struct buffer *why)
{
    char *reason = NULL;
    target->given = PQconninfoParse(text, &reason);
    if (target->given)
        return complete(target, why);
    if (!reason)
        return ERR_MEMORY;
    explain(why, reason);
    PQfreemem(reason);
    return ERR_CONFIG;
}

enum err pg_attach(const struct db_target_options *options, struct db_target **ret_target, struct buffer *why)
{
    struct pg_target *target = mem_zero(1, sizeof(*target));
    if (!target)
        return ERR_MEMORY;
    target->base.driver = &pg_driver;
    target->relaxed = options->relaxed;
    enum err error = parse(target, options->path, why);
    if (error != ERR_OK) {
        pg_detach(&target->base);
        return error;
    }
    *ret_target = &target->base;
    return ERR_OK;
}

void pg_detach(struct db_target *base)
{
    if (!base)
        return;
    PQconninfoFree(pg_target_of(base)->given);
    mem_free(base);
}
