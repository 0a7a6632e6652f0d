/* Writes log lines: escapes, stamps, one write(2) each. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/log.h"

#include "inlet/base/clock.h"
#include "inlet/base/datetime.h"
#include "inlet/base/number.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A line is cut here; nothing that belongs into the log comes near it. */
#define LINE_MAX_BYTES 4096

static enum log_format log_format = LOG_TEXT;
static enum log_level log_level = LOG_INFO;
static atomic_int log_fd = STDERR_FILENO;
static char log_path[4096];

static const char *const level_names[] = {"debug", "info", "warning", "error"};

/* A line under construction on the caller's stack: logging must work when there is no memory. */
struct line {
    char text[LINE_MAX_BYTES];
    size_t length;
};

static size_t room(const struct line *line)
{
    return LINE_MAX_BYTES - 8 - line->length; /* 8: what closes a line always fits */
}

static void put(struct line *line, const char *text, size_t n)
{
    if (n > room(line))
        n = room(line);
    memcpy(line->text + line->length, text, n);
    line->length += n;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* As a JSON string: control and non-ASCII bytes come out escaped, so no line can be forged and every line is
 * UTF-8. Where the line is full it is cut between two characters, and closed. */
static void put_quoted(struct line *line, struct slice s)
{
    put(line, "\"", 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        char escaped[8] = {(char)c};
        size_t length = 1;
        if (c == '"' || c == '\\') {
            escaped[0] = '\\';
            escaped[length++] = (char)c;
        } else if (c < 0x20 || c >= 0x7F) {
            length = (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", c);
        }
        if (room(line) < length + 1)
            break;
        put(line, escaped, length);
    }
    put(line, "\"", 1);
}

/* Bare where a bare word is unambiguous, otherwise quoted. */
static void put_word(struct line *line, struct slice s)
{
    bool bare = s.n > 0;
    for (size_t i = 0; i < s.n && bare; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bare = c > 0x20 && c < 0x7F && c != '"' && c != '=' && c != '\\';
    }
    if (bare)
        put(line, s.p, s.n);
    else
        put_quoted(line, s);
}

void log_configure(enum log_format format, enum log_level level)
{
    log_format = format;
    log_level = level;
}

static int open_path(void)
{
    return open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

enum err log_to_file(const char *path)
{
    if (!path) {
        int old = atomic_exchange(&log_fd, STDERR_FILENO);
        if (old != STDERR_FILENO)
            close(old);
        log_path[0] = '\0';
        return ERR_OK;
    }
    if (strlen(path) >= sizeof(log_path))
        return ERR_SYSTEM;
    snprintf(log_path, sizeof(log_path), "%s", path);
    int fd = open_path();
    if (fd < 0)
        return ERR_SYSTEM;
    atomic_store(&log_fd, fd);
    return ERR_OK;
}

enum err log_reopen(void)
{
    if (!log_path[0])
        return ERR_OK;
    int fd = open_path();
    if (fd < 0)
        return ERR_SYSTEM;
    /* The number stays the same, so that a thread in the middle of a write never meets a closed descriptor. */
    int failed = dup3(fd, atomic_load(&log_fd), O_CLOEXEC);
    close(fd);
    return failed < 0 ? ERR_SYSTEM : ERR_OK;
}

_Bool log_wants(enum log_level level)
{
    return level >= log_level;
}

static void put_value(struct line *line, const struct log_field *field)
{
    char number[NUMBER_TEXT_MAX];
    switch (field->kind) {
    case LOG_FIELD_INTEGER: put(line, number, number_format_int64(field->integer, number)); break;
    case LOG_FIELD_REAL: put(line, number, number_format_real(field->real, number)); break;
    case LOG_FIELD_TEXT:
        if (log_format == LOG_JSON)
            put_quoted(line, field->text);
        else
            put_word(line, field->text);
        break;
    }
}

void log_event(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    if (!log_wants(level))
        return;
    struct line line;
    line.length = 0;
    char stamp[DATETIME_MAX];
    datetime_format(clock_now_us(), 0, stamp);
    bool json = log_format == LOG_JSON;
    put_text(&line, json ? "{\"time\":\"" : "");
    put_text(&line, stamp);
    put_text(&line, json ? "\",\"level\":\"" : " ");
    put_text(&line, level_names[level]);
    put_text(&line, json ? "\",\"event\":" : " ");
    if (json)
        put_quoted(&line, slice_from(event));
    else
        put_text(&line, event);
    for (size_t i = 0; i < count; i++) {
        if (room(&line) < strlen(fields[i].key) + NUMBER_TEXT_MAX)
            break; /* a field that is begun must be closed */
        put_text(&line, json ? ",\"" : " ");
        put_text(&line, fields[i].key);
        put_text(&line, json ? "\":" : "=");
        put_value(&line, &fields[i]);
    }
    if (json)
        line.text[line.length++] = '}';
    line.text[line.length++] = '\n';
    ssize_t ignored = write(atomic_load(&log_fd), line.text, line.length);
    (void)ignored; /* there is nowhere left to say it */
}
