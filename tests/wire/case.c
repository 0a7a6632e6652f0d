/* Reads and runs wire test cases. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include "client.h"
#include "inlet/base/number.h"

#include <stdio.h>
#include <unistd.h>

#define CASE_FILE_MAX  ((size_t)1 << 20)
#define PENDING_MAX    ((size_t)16 << 20)
#define CLOSED_WAIT_MS 3000

struct run {
    const char *path;
    const struct ports *ports;
    struct buffer *why;
    unsigned line;
    struct slice name; /* of the case */
    bool connected, tight, failed;
    struct client client;
    struct buffer pending; /* to be sent with the next flush */
    struct buffer last;    /* head of the last answer */
    size_t cases;
};

static void fail(struct run *run, const char *what, struct slice detail)
{
    if (run->failed)
        return; /* what follows a failure says nothing new */
    run->failed = true;
    buffer_print(run->why, "%s:%u: case %.*s: %s %.*s\n", run->path, run->line, SLICE_ARG(run->name), what,
                 SLICE_ARG(detail));
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static void unescape(struct slice text, struct buffer *ret_bytes)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' && i + 1 < text.n) {
            c = text.p[++i];
            if (c == 'x' && i + 2 < text.n) {
                c = (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2]));
                i += 2;
            } else {
                c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
        }
        buffer_append_byte(ret_bytes, c);
    }
}

static unsigned take_number(struct run *run, struct slice *text)
{
    uint64_t number = 0;
    struct slice rest;
    struct slice word = slice_cut(*text, ' ', &rest);
    if (number_parse_unsigned(word, 100000000, &number) != ERR_OK)
        fail(run, "not a number:", word);
    *text = slice_is_null(rest) ? SLICE("") : rest;
    return (unsigned)number;
}

/* Connects at the first bytes, so that `on` may come before. */
static void flush(struct run *run)
{
    if (run->failed || run->name.n == 0)
        return;
    if (!run->connected) {
        run->connected = client_open(&run->client, run->tight ? run->ports->tight : run->ports->normal);
        if (!run->connected)
            fail(run, "cannot connect", SLICE(""));
    }
    if (run->connected && run->pending.length > 0)
        (void)!client_send(&run->client, buffer_slice(&run->pending)); /* what comes back tells */
    buffer_clear(&run->pending);
}

static void end_case(struct run *run)
{
    flush(run);
    if (run->connected)
        client_close(&run->client);
    run->connected = run->tight = run->failed = false;
    run->name = SLICE_NULL;
    buffer_clear(&run->last);
}

static void do_case(struct run *run, struct slice text)
{
    end_case(run);
    run->name = text;
    run->cases++;
}

static void do_on(struct run *run, struct slice text)
{
    run->tight = slice_equal(text, SLICE("tight"));
}

static void do_send(struct run *run, struct slice text)
{
    unescape(text, &run->pending);
}

static void do_repeat(struct run *run, struct slice text)
{
    unsigned count = take_number(run, &text);
    for (unsigned i = 0; i < count; i++)
        unescape(text, &run->pending);
}

static void do_half(struct run *run, struct slice text)
{
    (void)text;
    client_half_close(&run->client);
}

static void do_pause(struct run *run, struct slice text)
{
    usleep(take_number(run, &text) * 1000);
}

static void do_drip(struct run *run, struct slice text)
{
    unsigned count = take_number(run, &text), pause_ms = take_number(run, &text);
    struct buffer bytes;
    buffer_init(&bytes, PENDING_MAX);
    unescape(text, &bytes);
    for (unsigned i = 0; i < count && client_send(&run->client, buffer_slice(&bytes)); i++)
        usleep(pause_ms * 1000);
    buffer_done(&bytes);
}

static void expect(struct run *run, struct slice text, bool without_body)
{
    unsigned status = take_number(run, &text);
    struct answer answer;
    if (!client_read(&run->client, without_body, &answer)) {
        fail(run, "no answer, but", buffer_slice(&run->client.received));
        return;
    }
    if (answer.status != status)
        fail(run, "another answer:", slice_of(run->client.received.data, answer.length));
    struct buffer body;
    buffer_init(&body, PENDING_MAX);
    unescape(text, &body);
    if (text.n > 0 && !slice_equal(answer.body, buffer_slice(&body)))
        fail(run, "another body:", answer.body);
    buffer_done(&body);
    buffer_clear(&run->last);
    buffer_append(&run->last, answer.head);
    client_take(&run->client, answer.length);
}

static void do_expect(struct run *run, struct slice text)
{
    expect(run, text, false);
}

static void do_head(struct run *run, struct slice text)
{
    expect(run, text, true);
}

static void do_header(struct run *run, struct slice text)
{
    struct answer last = {.head = buffer_slice(&run->last)};
    struct slice value, name = slice_cut(text, ':', &value);
    struct slice found = answer_header(&last, name);
    if (slice_is_null(found) || !slice_equal(found, slice_trim(value)))
        fail(run, "another header:", found);
}

static void do_absent(struct run *run, struct slice text)
{
    struct answer last = {.head = buffer_slice(&run->last)};
    if (!slice_is_null(answer_header(&last, text)))
        fail(run, "should not be there:", text);
}

static void do_raw(struct run *run, struct slice text)
{
    struct buffer bytes;
    buffer_init(&bytes, PENDING_MAX);
    unescape(text, &bytes);
    if (!client_read_bytes(&run->client, bytes.length) ||
        memcmp(run->client.received.data, bytes.data, bytes.length) != 0)
        fail(run, "other bytes:", buffer_slice(&run->client.received));
    else
        client_take(&run->client, bytes.length);
    buffer_done(&bytes);
}

/* The library's own refusals: their text is its business, sometimes it writes their head twice. */
static void do_refused(struct run *run, struct slice text)
{
    (void)text;
    struct buffer *received = &run->client.received;
    if (!client_read_to_end(&run->client))
        fail(run, "still open", buffer_slice(received));
    for (struct slice rest = buffer_slice(received); rest.n > 0;) {
        struct slice line = slice_cut(rest, '\n', &rest);
        const char *head = memmem(line.p, line.n, "HTTP/1.", 7);
        if (head && head[9] != '4')
            fail(run, "something was let through:", buffer_slice(received));
    }
    buffer_clear(received);
}

static void do_open(struct run *run, struct slice text)
{
    (void)text;
    if (!client_is_open(&run->client))
        fail(run, run->client.ended ? "closed" : "more came:", buffer_slice(&run->client.received));
}

static void do_closed(struct run *run, struct slice text)
{
    int limit_ms = text.n > 0 ? (int)take_number(run, &text) : CLOSED_WAIT_MS;
    if (!client_is_closed(&run->client, limit_ms))
        fail(run, run->client.received.length > 0 ? "more came:" : "still open",
             buffer_slice(&run->client.received));
}

static const struct {
    struct slice word;
    void (*act)(struct run *run, struct slice text);
    bool flushes; /* what is pending goes out before */
} directives[] = {
    {SLICE_INIT("case"), do_case, false},      {SLICE_INIT("on"), do_on, false},
    {SLICE_INIT("send"), do_send, false},      {SLICE_INIT("repeat"), do_repeat, false},
    {SLICE_INIT("half"), do_half, true},       {SLICE_INIT("pause"), do_pause, true},
    {SLICE_INIT("drip"), do_drip, true},       {SLICE_INIT("expect"), do_expect, true},
    {SLICE_INIT("head"), do_head, true},       {SLICE_INIT("header"), do_header, true},
    {SLICE_INIT("absent"), do_absent, true},   {SLICE_INIT("raw"), do_raw, true},
    {SLICE_INIT("refused"), do_refused, true}, {SLICE_INIT("open"), do_open, true},
    {SLICE_INIT("closed"), do_closed, true},
};

static void run_line(struct run *run, struct slice line)
{
    struct slice text, word = slice_cut(line, ' ', &text);
    if (word.n == 0 || word.p[0] == '#')
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(directives); i++) {
        if (!slice_equal(word, directives[i].word))
            continue;
        if (directives[i].flushes)
            flush(run);
        if (!run->failed || directives[i].act == do_case)
            directives[i].act(run, slice_is_null(text) ? SLICE("") : text);
        return;
    }
    fail(run, "unknown directive", word);
}

size_t case_run_file(const char *path, const struct ports *ports, struct buffer *why)
{
    struct run run = {.path = path, .ports = ports, .why = why};
    FILE *file = fopen(path, "r");
    if (!file) {
        buffer_print(why, "cannot read %s\n", path);
        return 0;
    }
    struct buffer content;
    buffer_init(&content, CASE_FILE_MAX);
    buffer_init(&run.pending, PENDING_MAX);
    buffer_init(&run.last, CASE_FILE_MAX);
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buffer_append(&content, slice_of(chunk, got));
    fclose(file);
    for (struct slice rest = buffer_slice(&content); !slice_is_null(rest);) {
        run.line++;
        run_line(&run, slice_cut(rest, '\n', &rest));
    }
    end_case(&run);
    buffer_done(&run.last);
    buffer_done(&run.pending);
    buffer_done(&content);
    return run.cases;
}
