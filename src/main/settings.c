/* The table of settings, and how values get from text into it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "inlet/base/number.h"
#include "inlet/domain/lead.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define AT(member)               .offset = offsetof(struct settings, member)
#define NAMES(file, env, option) .name = (file), .environment = (env), .flag = (option)
#define RANGE(low, high)         .kind = SETTING_NUMBER, .minimum = (low), .maximum = (high)

const struct setting settings_table[] = {
    {NAMES("db", "INLET_DB", "--db"), .metavar = "URL", .standard = "sqlite:inlet.db", .everywhere = true,
     .help = "the database: sqlite:PATH or postgresql://USER@HOST/NAME", .kind = SETTING_TEXT, AT(db)},
    {NAMES("listen", "INLET_LISTEN", "--listen"), .metavar = "HOST:PORT", .standard = "127.0.0.1:8080",
     .help = "addresses to listen on, separated by commas; IPv6 in brackets", .kind = SETTING_LIST,
     AT(listen)},
    {NAMES("threads", "INLET_THREADS", "--threads"), .metavar = "N", .standard = "0",
     .help = "event threads; 0: one per processor", RANGE(0, 256), AT(threads)},
    {NAMES("time_zone", "INLET_TIME_ZONE", "--time-zone"), .metavar = "NAME", .standard = "UTC",
     .help = "the zone date-times are shown in and read in when they name none", .kind = SETTING_TEXT,
     AT(time_zone)},
    {NAMES("phone_region", "INLET_PHONE_REGION", "--phone-region"), .metavar = "REGION", .standard = "US",
     .help = "the country (ISO 3166) in which phone numbers without a country code are read",
     .kind = SETTING_REGION, AT(phone_region)},
    {NAMES("min_reengagement_days", "INLET_MIN_REENGAGEMENT_DAYS", "--min-reengagement-days"),
     .metavar = "DAYS", .standard = "0",
     .help = "days before a duplicate reengages, where nothing nearer says; \"never\"", .kind = SETTING_DAYS,
     AT(min_reengagement_days)},
    {NAMES("calling_rules", "INLET_CALLING_RULES", "--calling-rules"), .metavar = "FILE", .standard = "",
     .help = "calling rules of your own, on top of those that come with Inlet (docs/calling.md)",
     .kind = SETTING_TEXT, AT(calling_rules)},
    {NAMES("durability", "INLET_DURABILITY", "--durability"), .metavar = "LEVEL", .standard = "full",
     .help = "full: what was answered is on disk; relaxed: a power loss may take the last moments",
     .kind = SETTING_WORD, .words = {"full", "relaxed"}, AT(relaxed)},
    {NAMES("trusted_proxies", "INLET_TRUSTED_PROXIES", "--trusted-proxies"), .metavar = "ADDRESSES",
     .standard = "", .help = "proxies whose X-Forwarded-* headers count, separated by commas; * trusts all",
     .kind = SETTING_LIST, AT(trusted_proxies)},
    {NAMES("control_socket", "INLET_CONTROL_SOCKET", "--control-socket"), .metavar = "PATH", .standard = "",
     .everywhere = true,
     .help = "socket for the command line; by default the path of an SQLite database with .sock",
     .kind = SETTING_TEXT, AT(control_socket)},
    {NAMES("log_format", "INLET_LOG_FORMAT", "--log-format"), .metavar = "FORMAT", .standard = "text",
     .help = "text or json", .kind = SETTING_WORD, .words = {"text", "json"}, AT(log_format)},
    {NAMES("log_level", "INLET_LOG_LEVEL", "--log-level"), .metavar = "LEVEL", .standard = "info",
     .help = "debug, info, warning or error", .kind = SETTING_WORD,
     .words = {"debug", "info", "warning", "error"}, AT(log_level)},
    {NAMES("log_file", "INLET_LOG_FILE", "--log-file"), .metavar = "PATH", .standard = "",
     .help = "file to log to instead of standard error; opened again on SIGHUP", .kind = SETTING_TEXT,
     AT(log_file)},
    {NAMES("writers", "INLET_WRITERS", "--writers"), .metavar = "N", .standard = "0",
     .help = "connections that write to PostgreSQL; 0: 16. SQLite has one", RANGE(0, 256), AT(writers)},
    {NAMES("readers", "INLET_READERS", "--readers"), .metavar = "N", .standard = "0",
     .help = "threads that read from the database; 0: 2 with SQLite, 8 with PostgreSQL", RANGE(0, 64),
     AT(readers)},
    {NAMES("queue_max", "INLET_QUEUE_MAX", "--queue-max"), .metavar = "N", .standard = "4096",
     .help = "requests that may wait for the database; over it 503", RANGE(1, 1000000), AT(queue_max)},
    {NAMES("connections_max", "INLET_CONNECTIONS_MAX", "--connections-max"), .metavar = "N",
     .standard = "4096", .help = "connections open at once", RANGE(1, 1000000), AT(connections_max)},
    {NAMES("connections_per_address_max", "INLET_CONNECTIONS_PER_ADDRESS_MAX",
           "--connections-per-address-max"),
     .metavar = "N", .standard = "0", .help = "of them from one address; 0: as many as there may be",
     RANGE(0, 1000000), AT(connections_per_address_max)},
    {NAMES("body_memory_mib", "INLET_BODY_MEMORY_MIB", "--body-memory-mib"), .metavar = "MIB",
     .standard = "64", .help = "memory for request bodies in flight; over it 503", RANGE(16, 65536),
     AT(body_memory_mib)},
    {NAMES("idle_timeout_s", "INLET_IDLE_TIMEOUT_S", "--idle-timeout-s"), .metavar = "SECONDS",
     .standard = "75", .help = "a connection without a byte for so long is closed", RANGE(1, 86400),
     AT(idle_timeout_s)},
    {NAMES("header_timeout_s", "INLET_HEADER_TIMEOUT_S", "--header-timeout-s"), .metavar = "SECONDS",
     .standard = "10", .help = "time for a request's headers to come in", RANGE(1, 3600),
     AT(header_timeout_s)},
    {NAMES("body_timeout_s", "INLET_BODY_TIMEOUT_S", "--body-timeout-s"), .metavar = "SECONDS",
     .standard = "60", .help = "time for a request's body to come in", RANGE(1, 3600), AT(body_timeout_s)},
    {NAMES("shutdown_grace_s", "INLET_SHUTDOWN_GRACE_S", "--shutdown-grace-s"), .metavar = "SECONDS",
     .standard = "8", .help = "time for requests in flight after SIGTERM", RANGE(0, 3600),
     AT(shutdown_grace_s)},
};
const size_t settings_count = ARRAY_LENGTH(settings_table);

/* A file larger than this is none of ours. */
#define FILE_MAX ((size_t)1 << 20)

static enum err set_list(struct settings *settings, struct slice text, struct setting_list *list,
                         struct buffer *why)
{
    list->count = 0;
    for (struct slice rest = text; !slice_is_null(rest);) {
        struct slice item = slice_trim(slice_cut(rest, ',', &rest)), copy;
        if (item.n == 0)
            continue;
        if (list->count == SETTING_LIST_MAX) {
            buffer_print(why, "at most %d items", SETTING_LIST_MAX);
            return ERR_CONFIG;
        }
        TRY(arena_copy(&settings->arena, item, &copy));
        list->items[list->count++] = copy.p;
    }
    return ERR_OK;
}

static enum err set_word(const struct setting *setting, struct slice text, void *slot, struct buffer *why)
{
    for (size_t i = 0; i < ARRAY_LENGTH(setting->words) && setting->words[i]; i++) {
        if (!slice_equal(slice_from(setting->words[i]), text))
            continue;
        if (setting->offset == offsetof(struct settings, relaxed))
            *(bool *)slot = i == 1;
        else
            *(const char **)slot = setting->words[i];
        return ERR_OK;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(setting->words) && setting->words[i]; i++) {
        bool is_last = i + 1 == ARRAY_LENGTH(setting->words) || !setting->words[i + 1];
        buffer_print(why, "%s%s", i == 0 ? "" : is_last ? " or " : ", ", setting->words[i]);
    }
    buffer_append_text(why, " expected");
    return ERR_CONFIG;
}

static enum err set_number(const struct setting *setting, struct slice text, int64_t *slot,
                           struct buffer *why)
{
    int64_t number;
    if (setting->kind == SETTING_DAYS && slice_equal(text, SLICE("never"))) {
        *slot = REENGAGEMENT_NEVER;
        return ERR_OK;
    }
    int64_t maximum = setting->kind == SETTING_DAYS ? INT64_MAX / 2 : setting->maximum;
    if (number_parse_int64(text, &number) != ERR_OK || number < setting->minimum || number > maximum) {
        if (setting->kind == SETTING_DAYS)
            buffer_print(why, "a number of days or \"never\" expected");
        else
            buffer_print(why, "a number from %lld to %lld expected", (long long)setting->minimum,
                         (long long)maximum);
        return ERR_CONFIG;
    }
    *slot = number;
    return ERR_OK;
}

/* As libphonenumber names regions, in either case. */
static enum err set_region(struct slice text, const struct phone_region **slot, struct buffer *why)
{
    char name[2];
    for (size_t i = 0; i < sizeof(name) && text.n == sizeof(name); i++)
        name[i] = (char)toupper((unsigned char)text.p[i]);
    const struct phone_region *region =
        text.n == sizeof(name) ? phone_region_find(slice_of(name, sizeof(name))) : NULL;
    if (!region) {
        buffer_print(why, "the code of a country expected, as in ISO 3166: US, CA, GB");
        return ERR_CONFIG;
    }
    *slot = region;
    return ERR_OK;
}

static enum err set(struct settings *settings, const struct setting *setting, struct slice text,
                    struct buffer *why)
{
    void *slot = (char *)settings + setting->offset;
    struct slice copy;
    switch (setting->kind) {
    case SETTING_TEXT:
        if (slice_find(text, '\0') < text.n)
            return ERR_CONFIG;
        if (text.n == 0)
            text = slice_from(setting->standard);
        TRY(arena_copy(&settings->arena, text, &copy));
        *(const char **)slot = text.n > 0 ? copy.p : NULL;
        return ERR_OK;
    case SETTING_LIST: return set_list(settings, text, slot, why);
    case SETTING_NUMBER:
    case SETTING_DAYS: return set_number(setting, text, slot, why);
    case SETTING_WORD: return set_word(setting, text, slot, why);
    case SETTING_REGION: return set_region(text, slot, why);
    }
    return ERR_INTERNAL;
}

/* Sets, and puts the origin before what is wrong. */
static enum err set_from(struct settings *settings, const struct setting *setting, struct slice text,
                         const char *origin, struct buffer *why)
{
    struct buffer reason CLEANUP(buffer_done) = BUFFER_INIT(1024);
    enum err error = set(settings, setting, text, &reason);
    if (error == ERR_CONFIG &&
        setting->kind == SETTING_TEXT) /* not quoted: one of them can hold a password */
        buffer_print(why, "%s: there is a NUL character in it", origin);
    else if (error == ERR_CONFIG)
        buffer_print(why, "%s: \"%.*s\": %.*s", origin, SLICE_ARG(text), SLICE_ARG(buffer_slice(&reason)));
    return error;
}

static enum err read_file(const char *path, struct buffer *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR_NOT_FOUND;
    ssize_t got = 0;
    do {
        if (buffer_reserve(text, 4096) != ERR_OK)
            break;
        got = read(fd, text->data + text->length, 4096);
        if (got > 0)
            text->length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    close(fd);
    return got < 0 ? ERR_NOT_FOUND : buffer_error(text);
}

static const struct setting *find_name(struct slice name)
{
    for (size_t i = 0; i < settings_count; i++) {
        if (slice_equal(slice_from(settings_table[i].name), name))
            return &settings_table[i];
    }
    return NULL;
}

/* "name = value", '#' begins a comment line. */
static enum err apply_line(struct settings *settings, struct slice line, const char *origin,
                           struct buffer *why)
{
    struct slice value, name;
    line = slice_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return ERR_OK;
    name = slice_trim(slice_cut(line, '=', &value));
    const struct setting *setting = find_name(name);
    if (slice_is_null(value)) {
        buffer_print(why, "%s: \"name = value\" expected", origin);
        return ERR_CONFIG;
    }
    if (!setting) {
        bool is_url = slice_find(name, ':') < name.n; /* "db =" was left out: there may be a password in it */
        buffer_print(why, "%s: there is no setting \"%.*s\"", origin,
                     SLICE_ARG(is_url ? SLICE("...") : name));
        return ERR_CONFIG;
    }
    return set_from(settings, setting, slice_trim(value), origin, why);
}

static enum err load_file(struct settings *settings, const char *path, struct buffer *why)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct slice origin;
    size_t number = 0;
    enum err error = read_file(path, &text);
    if (error != ERR_OK) {
        buffer_print(why, "cannot read the configuration file %s: %s", path,
                     error == ERR_NOT_FOUND ? strerror(errno) : err_text(error));
        return error;
    }
    for (struct slice rest = buffer_slice(&text); !slice_is_null(rest);) {
        struct slice line = slice_cut(rest, '\n', &rest);
        TRY(arena_print(&settings->arena, &origin, "%s line %zu", path, ++number));
        TRY(apply_line(settings, line, origin.p, why));
    }
    return ERR_OK;
}

enum err settings_load(struct settings *settings, const char *file, struct buffer *why)
{
    *settings = (struct settings){0};
    arena_init(&settings->arena, (size_t)8 << 20);
    for (size_t i = 0; i < settings_count; i++)
        TRY(set_from(settings, &settings_table[i], slice_from(settings_table[i].standard), "default", why));
    if (file)
        TRY(load_file(settings, file, why));
    for (size_t i = 0; i < settings_count; i++) {
        const char *value = getenv(settings_table[i].environment);
        if (value && value[0]) /* "INLET_DB=" in a file of environment variables means: not set */
            TRY(set_from(settings, &settings_table[i], slice_from(value), settings_table[i].environment,
                         why));
    }
    return ERR_OK;
}

void settings_done(struct settings *settings)
{
    arena_done(&settings->arena);
}

enum err settings_set_flag(struct settings *settings, struct slice flag, struct slice value,
                           struct buffer *why)
{
    for (size_t i = 0; i < settings_count; i++) {
        if (slice_equal(slice_from(settings_table[i].flag), flag))
            return set_from(settings, &settings_table[i], value, settings_table[i].flag, why);
    }
    return ERR_NOT_FOUND;
}
