/* Replays files of scenarios against the real binary: requests in order, each with the answer it must get. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: http_scenarios FILE.json…    Every file is played on a fresh server (stage.h). Adding a case needs no C: it is one more
 * object in a file. A file is a list of scenarios, or {"serve": [words for the server's command line], "scenarios": the list}.
 *
 * A step has "method", "path", "headers", "body" (text; a JSON value that is no string is sent as its text) and "expect". An
 * answer is compared by "status"; by "json" (whole: types, values, of a lead the order of its keys), or by "contains" (the
 * members named there); WWW-Authenticate on 401 and Allow on 405; "headers" (null: absent); "text" (what the bytes of the body
 * must hold). compare.h says what is replaced in it first.
 *
 * "save": "NAME" keeps the id of the answer, "save_as": {"NAME": "member"} any of its members, "results.0.id" one further in. {{NAME}} stands for it in later
 * steps, {{token}} for a token of scope full, {{admin_token}} for one of scope admin, {{other_token}} for one of organization 2,
 * {{x*1000}} for a thousand x.
 */
#include "compare.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "stage.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAVED_MAX 32
#define FILE_MAX  ((size_t)64 << 20)

/* What a scenario remembers from step to step. */
struct play {
    const struct stage *stage;
    struct arena *arena;
    struct {
        struct slice name, text;
    } saved[SAVED_MAX];
    size_t saved_count;
    struct names names;
};

static void must(enum err error)
{
    if (error != ERR_OK)
        fail("%s", err_text(error));
}

static struct slice text_of(const struct value *object, const char *key)
{
    const struct value *value = value_get(object, slice_from(key));
    return value && value->kind == VALUE_STRING ? value->text : SLICE_NULL;
}

/* What {{MARK}} stands for, appended; false: nothing. */
static bool fill_mark(const struct play *play, struct slice mark, struct buffer *out)
{
    uint64_t times;
    for (size_t i = 0; i < play->saved_count; i++) {
        if (slice_equal(mark, play->saved[i].name)) {
            buffer_append(out, play->saved[i].text);
            return true;
        }
    }
    if (mark.n < 3 || mark.p[1] != '*' ||
        number_parse_unsigned(slice_skip(mark, 2), FILE_MAX, &times) != ERR_OK)
        return false;
    for (uint64_t i = 0; i < times; i++)
        buffer_append_byte(out, mark.p[0]);
    return true;
}

/* TEXT with every {{mark}} replaced. */
static struct slice fill(const struct play *play, struct slice text)
{
    struct buffer out CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct slice copy;
    while (text.n > 0) {
        const char *end = slice_starts(text, SLICE("{{")) ? memmem(text.p, text.n, "}}", 2) : NULL;
        if (end && fill_mark(play, slice_of(text.p + 2, (size_t)(end - text.p) - 2), &out)) {
            text = slice_skip(text, (size_t)(end - text.p) + 2);
        } else {
            buffer_append_byte(&out, text.p[0]);
            text = slice_skip(text, 1);
        }
    }
    must(arena_copy(play->arena, buffer_slice(&out), &copy));
    return copy;
}

/* A header's text in Latin-1, as HTTP has it; what Latin-1 lacks becomes '?'. */
static struct slice latin1(const struct play *play, struct slice text)
{
    char *bytes = arena_alloc(play->arena, text.n + 1);
    size_t n = 0;
    if (!bytes)
        fail("out of memory");
    while (text.n > 0) {
        unsigned c = slice_next_code_point(&text);
        bytes[n++] = (char)(c < 0x100 ? c : '?');
    }
    return slice_of(bytes, n);
}

static void save(struct play *play, struct slice name, struct slice text)
{
    if (play->saved_count == SAVED_MAX)
        fail("a scenario saves too much");
    play->saved[play->saved_count].name = name;
    play->saved[play->saved_count++].text = text;
}

/* "results.0.lead.id": members of objects and items of arrays on the way down; NULL when there is no such. */
static const struct value *find_member(const struct value *at, struct slice way)
{
    while (at && way.n > 0) {
        struct slice step = slice_cut(way, '.', &way);
        int64_t index;
        if (at->kind == VALUE_OBJECT)
            at = value_get(at, step);
        else if (at->kind == VALUE_ARRAY && number_parse_int64(step, &index) == ERR_OK && index >= 0 &&
                 (size_t)index < at->array.count)
            at = &at->array.items[index];
        else
            at = NULL;
    }
    return at;
}

/* A string or a number of the answer; "0" for anything else. */
static void save_member(struct play *play, struct slice name, const struct value *answer, struct slice way)
{
    const struct value *member = find_member(answer, way);
    struct slice text = SLICE("0");
    if (member && member->kind == VALUE_STRING)
        text = member->text;
    else if (member && member->kind == VALUE_INTEGER)
        must(arena_print(play->arena, &text, "%lld", (long long)member->integer));
    save(play, name, text);
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The methods of Allow, sorted, without OPTIONS and HEAD. */
static struct value allowed(struct play *play, const struct http_answer *answer)
{
    struct slice methods[16], rest = http_header_of(answer, "Allow");
    struct value_builder builder;
    size_t count = 0;
    while (!slice_is_null(rest) && count < ARRAY_LENGTH(methods)) {
        struct slice method = slice_trim(slice_cut(rest, ',', &rest));
        if (!slice_equal(method, SLICE("OPTIONS")) && !slice_equal(method, SLICE("HEAD")))
            methods[count++] = method;
    }
    qsort(methods, count, sizeof(*methods), compare_slices);
    value_build(&builder, play->arena);
    for (size_t i = 0; i < count; i++)
        must(value_build_item(&builder, value_string(methods[i])));
    return value_built_array(&builder);
}

static struct value string_or_null(struct slice text)
{
    return slice_is_null(text) ? (struct value){.kind = VALUE_NULL} : value_string(text);
}

/* The headers that WANT names, as they came. */
static struct value headers_seen(struct play *play, const struct value *want,
                                 const struct http_answer *answer)
{
    struct value_builder builder;
    char name[128];
    value_build(&builder, play->arena);
    VALUE_FOREACH (member, want) {
        snprintf(name, sizeof(name), "%.*s", SLICE_ARG(member->key));
        must(value_build_member(&builder, member->key, string_or_null(http_header_of(answer, name))));
    }
    return value_built_object(&builder);
}

/* The answer in the form of a step's "expect", but for "contains" and "text". */
static struct value seen(struct play *play, const struct value *want, const struct http_answer *answer,
                         const struct value *body)
{
    struct value_builder builder;
    const struct value *headers = value_get(want, SLICE("headers"));
    value_build(&builder, play->arena);
    must(value_build_member(&builder, SLICE("status"),
                            (struct value){.kind = VALUE_INTEGER, .integer = answer->status}));
    if (value_get(want, SLICE("json")))
        must(value_build_member(&builder, SLICE("json"), *body));
    if (answer->status == 401)
        must(value_build_member(&builder, SLICE("www_authenticate"),
                                string_or_null(http_header_of(answer, "WWW-Authenticate"))));
    if (answer->status == 405)
        must(value_build_member(&builder, SLICE("allow"), allowed(play, answer)));
    if (headers)
        must(value_build_member(&builder, SLICE("headers"), headers_seen(play, headers, answer)));
    return value_built_object(&builder);
}

/* WANT without what seen() has no part of. */
static struct value comparable(struct play *play, const struct value *want)
{
    struct value_builder builder;
    value_build(&builder, play->arena);
    VALUE_FOREACH (member, want) {
        if (!slice_equal(member->key, SLICE("contains")) && !slice_equal(member->key, SLICE("text")))
            must(value_build_member(&builder, member->key, member->value));
    }
    return value_built_object(&builder);
}

static bool is_wanted(struct play *play, const struct value *want, const struct value *got,
                      const struct http_answer *answer, const struct value *body)
{
    const struct value *contains = value_get(want, SLICE("contains"));
    struct value whole = comparable(play, want);
    struct slice text = fill(play, text_of(want, "text"));
    return same(&whole, got) && (!contains || has_all(contains, body)) &&
           memmem(answer->body.p ? answer->body.p : "", answer->body.n, text.p ? text.p : "", text.n);
}

/* The answer's body as a value; null when it is empty. */
static struct value parse_body(struct play *play, const struct http_answer *answer)
{
    struct value value = {.kind = VALUE_NULL};
    struct jin_fault fault;
    struct jin_options options = {.depth_max = 200, .values_max = 10000000};
    if (answer->body.n == 0)
        return value;
    if (jin_decode(play->arena, answer->body, &options, &value, &fault) != ERR_OK)
        value = value_string(SLICE("<not json>"));
    return value;
}

static size_t headers_of(const struct play *play, const struct value *step, struct http_header *headers,
                         size_t max)
{
    const struct value *given = value_get(step, SLICE("headers"));
    size_t count = 1;
    headers[0] = (struct http_header){SLICE("Host"), slice_from(play->names.base + strlen("http://"))};
    if (!given)
        return count;
    VALUE_FOREACH (member, given) {
        if (count == max)
            fail("too many headers");
        headers[count++] = (struct http_header){member->key, latin1(play, fill(play, member->value.text))};
    }
    return count;
}

static struct slice json_text(struct play *play, const struct value *value)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct slice copy;
    struct jout jout;
    jout_init(&jout, &text);
    jout_value(&jout, value);
    must(arena_copy(play->arena, buffer_slice(&text), &copy));
    return copy;
}

static struct slice body_of(struct play *play, const struct value *step)
{
    const struct value *body = value_get(step, SLICE("body"));
    if (!body)
        return SLICE_NULL;
    return fill(play, body->kind == VALUE_STRING ? body->text : json_text(play, body));
}

static void print_value(struct play *play, const char *label, const struct value *value)
{
    struct slice text = slice_head(json_text(play, value), 2000);
    printf("     %s %.*s\n", label, SLICE_ARG(text));
}

static bool play_step(struct play *play, const struct value *step)
{
    struct http_header headers[32];
    struct http_answer answer;
    struct slice method = text_of(step, "method"), target = fill(play, text_of(step, "path"));
    struct slice body = body_of(play, step), name = text_of(step, "save");
    const struct value *save_as = value_get(step, SLICE("save_as")), *want = value_get(step, SLICE("expect"));
    char verb[32];
    snprintf(verb, sizeof(verb), "%.*s", SLICE_ARG(method));
    bool writes = strcmp(verb, "POST") == 0 || strcmp(verb, "PUT") == 0 || strcmp(verb, "PATCH") == 0;
    size_t count = headers_of(play, step, headers, ARRAY_LENGTH(headers));
    int fd = http_connect(play->stage->harness.port);
    if (fd < 0 || !http_ask(fd, play->arena, verb, target, headers, count, body, writes, &answer))
        fail("%s %.*s: no answer", verb, SLICE_ARG(target));
    close(fd);
    struct value parsed = parse_body(play, &answer), plain = without_noise(&play->names, &parsed, SLICE(""));
    if (!slice_is_null(name))
        save_member(play, name, &parsed, SLICE("id"));
    if (save_as) {
        VALUE_FOREACH (member, save_as) {
            save_member(play, member->key, &parsed, member->value.text);
        }
    }
    if (!want)
        fail("%s %.*s: the step expects nothing", verb, SLICE_ARG(target));
    struct value got = seen(play, want, &answer, &plain);
    if (is_wanted(play, want, &got, &answer, &plain))
        return true;
    printf("   %s %.*s\n", verb, SLICE_ARG(target));
    print_value(play, "want", want);
    print_value(play, "got ", &got);
    print_value(play, "body", &plain);
    return false;
}

static bool play_scenario(const struct stage *stage, const struct value *scenario)
{
    struct arena arena;
    struct play *play;
    bool passed = true;
    arena_init(&arena, (size_t)1 << 30);
    play = ARENA_NEW(&arena, struct play);
    if (!play)
        fail("out of memory");
    play->stage = stage;
    play->arena = &arena;
    play->names.arena = &arena;
    snprintf(play->names.base, sizeof(play->names.base), "http://127.0.0.1:%u", stage->harness.port);
    save(play, SLICE("token"), slice_from(stage->harness.token));
    save(play, SLICE("admin_token"), slice_from(stage->harness.admin_token));
    save(play, SLICE("other_token"), slice_from(stage->other_token));
    const struct value *steps = value_get(scenario, SLICE("steps"));
    if (!steps || steps->array.count == 0)
        fail("a scenario has no steps");
    for (size_t i = 0; i < steps->array.count; i++)
        passed = play_step(play, &steps->array.items[i]) && passed;
    if (!passed)
        printf("FAIL %.*s\n", SLICE_ARG(text_of(scenario, "name")));
    arena_done(&arena);
    return passed;
}

static void load(struct arena *arena, const char *path, struct value *ret_file)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct jin_options options = {.depth_max = 200, .values_max = 10000000};
    struct jin_fault fault;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail("cannot open %s", path);
    for (ssize_t got = 1; got > 0;) {
        must(buffer_reserve(&text, 65536));
        got = read(fd, text.data + text.length, 65536);
        if (got > 0)
            text.length += (size_t)got;
    }
    close(fd);
    if (jin_decode(arena, buffer_slice(&text), &options, ret_file, &fault) != ERR_OK)
        fail("%s line %zu: %s", path, fault.line, fault.what);
}

/* Plays the scenarios of one file on a server of its own. */
static void play_file(const char *path, size_t *passed, size_t *failed)
{
    struct arena arena;
    struct stage stage;
    struct value file;
    arena_init(&arena, (size_t)1 << 30);
    load(&arena, path, &file);
    const struct value *listed = value_get(&file, SLICE("scenarios")), *scenarios = listed ? listed : &file;
    if (scenarios->kind != VALUE_ARRAY || scenarios->array.count == 0)
        fail("%s holds no scenarios", path);
    stage_set(&stage, value_get(&file, SLICE("serve")), path);
    for (size_t i = 0; i < scenarios->array.count; i++) {
        if (play_scenario(&stage, &scenarios->array.items[i]))
            (*passed)++;
        else
            (*failed)++;
    }
    if (harness_stop(&stage.harness) != 0) {
        printf("FAIL %s: the server did not end well\n", path);
        (*failed)++;
    }
    harness_close(&stage.harness);
    arena_done(&arena);
}

int main(int argc, char **argv)
{
    size_t passed = 0, failed = 0;
    for (int i = 1; i < argc; i++)
        play_file(argv[i], &passed, &failed);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
