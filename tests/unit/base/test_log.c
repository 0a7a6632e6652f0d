/* Log lines, read back from a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/log.h"

#include "inlet/base/thread.h"
#include "unit.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64], moved[80];
static char content[1 << 20];

static void open_log(void)
{
    snprintf(path, sizeof(path), P_tmpdir "/inlet-test-log-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(path);
    ck_assert_int_eq(log_to_file(path), ERR_OK);
}

static void close_log(void)
{
    ck_assert_int_eq(log_to_file(NULL), ERR_OK);
    log_configure(LOG_TEXT, LOG_INFO);
    unlink(path);
}

/* All of the file, as a string. */
static const char *read_log(const char *from)
{
    int fd = open(from, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    ssize_t n = read(fd, content, sizeof(content) - 1);
    close(fd);
    ck_assert_int_ge(n, 0);
    content[n] = '\0';
    return content;
}

/* What follows the time stamp, which is checked for its form. */
static const char *after_stamp(const char *line, const char *before)
{
    ck_assert_msg(strncmp(line, before, strlen(before)) == 0, "%s", line);
    line += strlen(before);
    ck_assert_msg(strlen(line) > 20 && line[4] == '-' && line[10] == 'T' && line[13] == ':', "%s", line);
    const char *end = strchr(line, 'Z');
    ck_assert_ptr_nonnull(end);
    return end + 1;
}

START_TEST(lines_of_text_quote_what_needs_it)
{
    open_log();
    log_configure(LOG_TEXT, LOG_INFO);
    LOG(LOG_INFO, "request", LOG_TEXT_FIELD("path", SLICE("/api/leads/")), LOG_INTEGER_FIELD("status", 201),
        LOG_REAL_FIELD("ms", 0.5), LOG_TEXT_FIELD("agent", SLICE("a b=\"c\"\n\xff")),
        LOG_TEXT_FIELD("none", SLICE_NULL));
    ck_assert_str_eq(after_stamp(read_log(path), ""), " info request path=/api/leads/ status=201 ms=0.5 "
                                                      "agent=\"a b=\\\"c\\\"\\u000a\\u00ff\" none=\"\"\n");
    close_log();
}
END_TEST

START_TEST(lines_of_json_are_objects)
{
    open_log();
    log_configure(LOG_JSON, LOG_DEBUG);
    LOG(LOG_ERROR, "cannot open", LOG_TEXT_FIELD("path", SLICE("a\"\\\t\0\x7f")),
        LOG_INTEGER_FIELD("code", -5));
    ck_assert_str_eq(
        after_stamp(read_log(path), "{\"time\":\""),
        "\",\"level\":\"error\",\"event\":\"cannot open\",\"path\":\"a\\\"\\\\\\u0009\\u0000\\u007f\","
        "\"code\":-5}\n");
    close_log();
}
END_TEST

START_TEST(levels_below_the_configured_one_are_dropped)
{
    open_log();
    log_configure(LOG_TEXT, LOG_WARNING);
    ck_assert(!log_wants(LOG_DEBUG));
    ck_assert(!log_wants(LOG_INFO));
    ck_assert(log_wants(LOG_WARNING));
    ck_assert(log_wants(LOG_ERROR));
    log_event(LOG_INFO, "dropped", NULL, 0);
    log_event(LOG_WARNING, "kept", NULL, 0);
    ck_assert_str_eq(after_stamp(read_log(path), ""), " warning kept\n");
    close_log();
}
END_TEST

/* A line that is too long is cut, and is a line and an object all the same. */
START_TEST(long_lines_are_cut_and_closed)
{
    static char text[20000];
    static const char fills[] = {'x', '"', '\x01', ' '};
    for (size_t i = 0; i < sizeof(fills); i++) {
        memset(text, fills[i], sizeof(text));
        for (size_t length = 3900; length < 4100; length++) {
            open_log();
            log_configure(LOG_JSON, LOG_INFO);
            LOG(LOG_INFO, "long", LOG_TEXT_FIELD("text", slice_of(text, length)),
                LOG_TEXT_FIELD("more", slice_of(text, 9)), LOG_INTEGER_FIELD("number", INT64_MIN));
            const char *line = read_log(path);
            size_t n = strlen(line);
            ck_assert_uint_le(n, 4096);
            ck_assert_ptr_eq(strchr(line, '\n'), line + n - 1);
            /* Quotes that are not escaped come in pairs, and the object ends outside of them. */
            bool inside = false;
            for (size_t at = 0; at + 2 < n; at++) {
                if (line[at] == '\\')
                    at++;
                else if (line[at] == '"')
                    inside = !inside;
            }
            ck_assert_msg(!inside && line[n - 2] == '}', "%zu: %s", length, line);
            close_log();
        }
    }
}
END_TEST

START_TEST(reopening_follows_a_rotation)
{
    struct stat status;
    open_log();
    log_configure(LOG_TEXT, LOG_INFO);
    log_event(LOG_INFO, "one", NULL, 0);
    snprintf(moved, sizeof(moved), "%s.1", path);
    ck_assert_int_eq(rename(path, moved), 0);
    log_event(LOG_INFO, "two", NULL, 0);
    ck_assert_int_eq(log_reopen(), ERR_OK);
    log_event(LOG_INFO, "three", NULL, 0);
    ck_assert_ptr_nonnull(strstr(read_log(moved), " two\n"));
    ck_assert_ptr_null(strstr(content, " three\n"));
    ck_assert_str_eq(after_stamp(read_log(path), ""), " info three\n");
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0137u, 0);
    unlink(moved);
    close_log();
    ck_assert_int_eq(log_reopen(), ERR_OK); /* standard error has nothing to reopen */
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_an_error)
{
    char long_path[5000];
    ck_assert_int_eq(log_to_file("/nonexistent/inlet.log"), ERR_SYSTEM);
    memset(long_path, 'x', sizeof(long_path));
    long_path[sizeof(long_path) - 1] = '\0';
    ck_assert_int_eq(log_to_file(long_path), ERR_SYSTEM);
    ck_assert_int_eq(log_to_file(NULL), ERR_OK);
}
END_TEST

#define LINES 2000

static void write_lines(void *argument)
{
    const char *name = argument;
    for (int i = 0; i < LINES; i++)
        LOG(LOG_INFO, "line", LOG_TEXT_FIELD("thread", slice_from(name)), LOG_INTEGER_FIELD("number", i));
}

START_TEST(lines_of_several_threads_do_not_mix)
{
    static char names[3][4] = {"aaa", "bbb", "ccc"};
    pthread_t threads[3];
    int next[3] = {0};
    open_log();
    log_configure(LOG_TEXT, LOG_INFO);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(thread_start(&threads[i], "writer", write_lines, names[i]), ERR_OK);
    for (size_t i = 0; i < 3; i++)
        thread_join(threads[i]);
    struct slice rest = slice_from(read_log(path));
    while (rest.n > 0) {
        struct slice line = slice_cut(rest, '\n', &rest);
        const char *end = memchr(line.p, 'Z', line.n);
        ck_assert_ptr_nonnull(end);
        size_t thread = 3;
        for (size_t i = 0; i < 3; i++) {
            char expected[64];
            snprintf(expected, sizeof(expected), "Z info line thread=%s number=%d", names[i], next[i]);
            if (slice_equal(slice_skip(line, (size_t)(end - line.p)), slice_from(expected)))
                thread = i;
        }
        ck_assert_msg(thread < 3, "%.*s", SLICE_ARG(line));
        next[thread]++;
    }
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(next[i], LINES);
    close_log();
}
END_TEST

UNIT_MAIN("log", lines_of_text_quote_what_needs_it, lines_of_json_are_objects,
          levels_below_the_configured_one_are_dropped, long_lines_are_cut_and_closed,
          reopening_follows_a_rotation, a_file_that_cannot_be_opened_is_an_error,
          lines_of_several_threads_do_not_mix)
