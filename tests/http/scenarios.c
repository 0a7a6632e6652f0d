/* Replays files of scenarios against the real binary: requests in order, each with the answer it must get. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: http_scenarios FILE.json…    Every file is played on a fresh server: time zone America/Los_Angeles, lead types 1
 * and 123 ("Campaign N"), representatives 1 and 456. Adding a case needs no C: it is one more object in a file.
 *
 * An answer is compared by status, JSON body (types, values, and of a lead the order of its keys), WWW-Authenticate on 401
 * and Allow on 405. Times become <time>, ids <id:K> in order of first appearance in the scenario, the server's address
 * <base>; {{name}} stands for what a step saved, {{token}} for a token of scope full.
 */
#include "harness.h"
#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAVED_MAX 16
#define IDS_MAX   4096
#define FILE_MAX  ((size_t)64 << 20)

/* What a scenario remembers from step to step. */
struct play {
    struct harness *harness;
    struct arena *arena;
    struct {
        struct slice name, text;
    } saved[SAVED_MAX];
    size_t saved_count;
    int64_t ids[IDS_MAX];
    size_t id_count;
    char base[64];
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

/* TEXT with every {{name}} replaced. */
static struct slice fill(const struct play *play, struct slice text)
{
    struct buffer out CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct slice copy;
    while (text.n > 0) {
        bool replaced = false;
        for (size_t i = 0; i < play->saved_count && !replaced; i++) {
            char mark[64];
            snprintf(mark, sizeof(mark), "{{%.*s}}", SLICE_ARG(play->saved[i].name));
            if (slice_starts(text, slice_from(mark))) {
                buffer_append(&out, play->saved[i].text);
                text = slice_skip(text, strlen(mark));
                replaced = true;
            }
        }
        if (!replaced) {
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

static bool is_volatile(struct slice key)
{
    static const char *const keys[] = {"modified_time",          "created_time",   "received_time",
                                       "last_reengagement_time", "next_call_time", "next_call_time_reason"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        if (slice_equal(slice_from(keys[i]), key))
            return true;
    }
    return false;
}

static struct slice name_id(struct play *play, int64_t id)
{
    struct slice text;
    size_t at = 0;
    while (at < play->id_count && play->ids[at] != id)
        at++;
    if (at == IDS_MAX)
        fail("a scenario has too many ids");
    if (at == play->id_count)
        play->ids[play->id_count++] = id;
    must(arena_print(play->arena, &text, "<id:%zu>", at));
    return text;
}

static struct value normal(struct play *play, const struct value *value, struct slice key);

static struct value normal_container(struct play *play, const struct value *value)
{
    struct value_builder builder;
    value_build(&builder, play->arena);
    if (value->kind == VALUE_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            must(value_build_item(&builder, normal(play, &value->array.items[i], SLICE(""))));
        return value_built_array(&builder);
    }
    VALUE_FOREACH (member, value) {
        must(value_build_member(&builder, member->key, normal(play, &member->value, member->key)));
    }
    return value_built_object(&builder);
}

/* VALUE with what differs from run to run replaced. */
static struct value normal(struct play *play, const struct value *value, struct slice key)
{
    struct slice parse_error = SLICE("JSON parse error - "), base = slice_from(play->base), text;
    if (value->kind == VALUE_ARRAY || value->kind == VALUE_OBJECT)
        return normal_container(play, value);
    if (is_volatile(key))
        return value->kind == VALUE_NULL && slice_equal(key, SLICE("last_reengagement_time"))
                   ? *value
                   : value_string(SLICE("<time>"));
    if (slice_equal(key, SLICE("id")) && value->kind == VALUE_INTEGER)
        return value_string(name_id(play, value->integer));
    if (value->kind != VALUE_STRING)
        return *value;
    if (slice_starts(value->text, base)) {
        struct slice rest = slice_skip(value->text, base.n);
        must(arena_print(play->arena, &text, "<base>%.*s", SLICE_ARG(rest)));
        return value_string(text);
    }
    return slice_starts(value->text, parse_error) ? value_string(SLICE("JSON parse error - <detail>"))
                                                  : *value;
}

/* Equal in value and JSON type; a lead's keys also in order. */
static bool same(const struct value *want, const struct value *got)
{
    if (want->kind != got->kind)
        return false;
    if (want->kind == VALUE_ARRAY) {
        if (want->array.count != got->array.count)
            return false;
        for (size_t i = 0; i < want->array.count; i++) {
            if (!same(&want->array.items[i], &got->array.items[i]))
                return false;
        }
        return true;
    }
    if (want->kind != VALUE_OBJECT)
        return value_equal(want, got);
    bool ordered = value_get(want, SLICE("phone_number")) && value_get(want, SLICE("id"));
    if (want->object.count != got->object.count)
        return false;
    for (size_t i = 0; i < want->object.count; i++) {
        const struct value_member *member = &want->object.members[i];
        const struct value *other = value_get(got, member->key);
        if (!other || !same(&member->value, other))
            return false;
        if (ordered && !slice_equal(member->key, got->object.members[i].key))
            return false;
    }
    return true;
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

/* The answer in the form of a step's "expect". */
static struct value seen(struct play *play, const char *method, const struct http_answer *answer,
                         const struct value *body)
{
    struct value_builder builder;
    struct slice authenticate = http_header_of(answer, "WWW-Authenticate");
    value_build(&builder, play->arena);
    must(value_build_member(&builder, SLICE("status"),
                            (struct value){.kind = VALUE_INTEGER, .integer = answer->status}));
    if (strcmp(method, "HEAD") != 0)
        must(value_build_member(&builder, SLICE("json"), normal(play, body, SLICE(""))));
    if (answer->status == 401)
        must(value_build_member(&builder, SLICE("www_authenticate"),
                                slice_is_null(authenticate) ? (struct value){.kind = VALUE_NULL}
                                                            : value_string(authenticate)));
    if (answer->status == 405)
        must(value_build_member(&builder, SLICE("allow"), allowed(play, answer)));
    return value_built_object(&builder);
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
    headers[0] = (struct http_header){SLICE("Host"), slice_from(play->base + strlen("http://"))};
    if (!given)
        return count;
    VALUE_FOREACH (member, given) {
        if (count == max)
            fail("too many headers");
        headers[count++] = (struct http_header){member->key, latin1(play, fill(play, member->value.text))};
    }
    return count;
}

static void print_value(const char *label, const struct value *value)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct jout jout;
    jout_init(&jout, &text);
    jout_value(&jout, value);
    printf("     %s %.*s\n", label, (int)(text.length < 900 ? text.length : 900), text.data);
}

static bool play_step(struct play *play, const struct value *step)
{
    struct http_header headers[32];
    struct http_answer answer;
    struct slice method = text_of(step, "method"), target = fill(play, text_of(step, "path"));
    struct slice body = text_of(step, "body"), name = text_of(step, "save");
    char verb[32];
    snprintf(verb, sizeof(verb), "%.*s", SLICE_ARG(method));
    bool writes = strcmp(verb, "POST") == 0 || strcmp(verb, "PUT") == 0 || strcmp(verb, "PATCH") == 0;
    size_t count = headers_of(play, step, headers, ARRAY_LENGTH(headers));
    int fd = http_connect(play->harness->port);
    if (fd < 0 || !http_ask(fd, play->arena, verb, target, headers, count,
                            slice_is_null(body) ? body : fill(play, body), writes, &answer))
        fail("%s %.*s: no answer", verb, SLICE_ARG(target));
    close(fd);
    struct value parsed = parse_body(play, &answer);
    const struct value *id = value_get(&parsed, SLICE("id"));
    if (!slice_is_null(name)) {
        struct slice text;
        must(arena_print(play->arena, &text, "%lld",
                         id && id->kind == VALUE_INTEGER ? (long long)id->integer : 0));
        save(play, name, text);
    }
    struct value got = seen(play, verb, &answer, &parsed);
    const struct value *want = value_get(step, SLICE("expect"));
    if (want && same(want, &got))
        return true;
    printf("   %s %.*s\n", verb, SLICE_ARG(target));
    if (want)
        print_value("want", want);
    print_value("got ", &got);
    return false;
}

static bool play_scenario(struct harness *harness, const struct value *scenario)
{
    struct arena arena;
    struct play *play;
    bool passed = true;
    arena_init(&arena, (size_t)1 << 30);
    play = ARENA_NEW(&arena, struct play);
    if (!play)
        fail("out of memory");
    play->harness = harness;
    play->arena = &arena;
    snprintf(play->base, sizeof(play->base), "http://127.0.0.1:%u", harness->port);
    save(play, SLICE("token"), slice_from(harness->token));
    const struct value *steps = value_get(scenario, SLICE("steps"));
    for (size_t i = 0; steps && i < steps->array.count; i++)
        passed = play_step(play, &steps->array.items[i]) && passed;
    if (!passed)
        printf("FAIL %.*s\n", SLICE_ARG(text_of(scenario, "name")));
    arena_done(&arena);
    return passed;
}

static void load(struct arena *arena, const char *path, struct value *ret_scenarios)
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
    if (jin_decode(arena, buffer_slice(&text), &options, ret_scenarios, &fault) != ERR_OK)
        fail("%s line %zu: %s", path, fault.line, fault.what);
    if (ret_scenarios->kind != VALUE_ARRAY || ret_scenarios->array.count == 0)
        fail("%s holds no scenarios", path);
}

static void prepare(struct harness *harness)
{
    static const char *const options[] = {"--time-zone", "America/Los_Angeles", "--log-level", "warning",
                                          NULL};
    static const char *const setup[][7] = {
        {"lead-type", "create", "--id", "1", "--name", "Campaign 1", NULL},
        {"lead-type", "create", "--id", "123", "--name", "Campaign 123", NULL},
        {"representative", "create", "--id", "1", "--name", "Representative 1", NULL},
        {"representative", "create", "--id", "456", "--name", "Representative 456", NULL},
    };
    harness_open(harness);
    for (size_t i = 0; i < ARRAY_LENGTH(setup); i++)
        harness_setup(harness, setup[i]);
    harness_start(harness, options);
}

int main(int argc, char **argv)
{
    size_t passed = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        struct arena arena;
        struct harness harness;
        struct value scenarios;
        arena_init(&arena, (size_t)1 << 30);
        load(&arena, argv[i], &scenarios);
        prepare(&harness);
        for (size_t k = 0; k < scenarios.array.count; k++) {
            if (play_scenario(&harness, &scenarios.array.items[k]))
                passed++;
            else
                failed++;
        }
        if (harness_stop(&harness) != 0) {
            printf("FAIL %s: the server did not end well\n", argv[i]);
            failed++;
        }
        harness_close(&harness);
        arena_done(&arena);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
