/* call-window: the cases of tests/cases/call_window.jsonl, wrong words, batches, rules of one's own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CASES_MAX 200
#define TEXT_MAX  ((size_t)4 << 20)

/* Decodes a text of the test, which is JSON. */
static struct value decode(struct arena *arena, struct slice text)
{
    struct value value;
    struct jin_fault fault;
    if (jin_decode(arena, text, NULL, &value, &fault) != ERR_OK)
        fail("not JSON: %s: %.*s", fault.what, SLICE_ARG(text));
    return value;
}

static struct buffer read_cases(void)
{
    struct buffer text = BUFFER_INIT(TEXT_MAX);
    FILE *file = fopen(INLET_CASES "/call_window.jsonl", "r");
    if (!file)
        fail("cannot read call_window.jsonl");
    for (int c; (c = fgetc(file)) != EOF;)
        buffer_append_byte(&text, (char)c);
    fclose(file);
    return text;
}

static struct slice text_of(const struct value *object, const char *key)
{
    const struct value *value = value_get(object, slice_from(key));
    return value && value->kind == VALUE_STRING ? value->text : SLICE_NULL;
}

static bool holds(const struct value *list, struct slice text)
{
    for (size_t i = 0; i < list->array.count; i++) {
        if (slice_equal(list->array.items[i].text, text))
            return true;
    }
    return false;
}

/* Whether exactly the rules that EXPECTED names say no. */
static bool same_rules(const struct value *rules, const struct value *expected)
{
    size_t closed = 0, named = 0;
    for (size_t i = 0; i < rules->array.count; i++) {
        const struct value *rule = &rules->array.items[i];
        const struct value *allowed = value_get(rule, SLICE("allowed"));
        if (slice_is_null(text_of(rule, "source")) || slice_is_null(text_of(rule, "grade")) ||
            !value_get(rule, SLICE("effective_date")) || !value_get(rule, SLICE("zone")))
            return false;
        closed += allowed->kind == VALUE_FALSE;
        named += allowed->kind == VALUE_FALSE && expected && holds(expected, text_of(rule, "id"));
    }
    for (size_t i = 0; expected && i < expected->array.count; i++) {
        size_t k = 0;
        while (k < rules->array.count &&
               !slice_equal(text_of(&rules->array.items[k], "id"), expected->array.items[i].text))
            k++;
        if (k == rules->array.count)
            return false;
    }
    return closed == named;
}

static bool is_as_expected(struct arena *arena, const struct value *row, struct slice answer_text)
{
    struct value answer = decode(arena, answer_text);
    const struct value *allowed = value_get(&answer, SLICE("allowed"));
    const struct value *next = value_get(&answer, SLICE("next_call_time"));
    const struct value *zones = value_get(&answer, SLICE("zones"));
    const struct value *rules = value_get(&answer, SLICE("rules"));
    const struct value *expected_zones = value_get(row, SLICE("zones"));
    return allowed && next && zones && rules &&
           slice_starts(text_of(&answer, "data_version"), SLICE("rules ")) &&
           value_equal(allowed, value_get(row, SLICE("allowed"))) &&
           value_equal(next, value_get(row, SLICE("next"))) &&
           (!expected_zones || value_equal(zones, expected_zones)) &&
           same_rules(rules, value_get(row, SLICE("closed_by")));
}

/* "--state", "TX", …: what is asked, as words; the values are in ARENA. */
static void words_of(struct arena *arena, const struct value *ask, const char *words[PROGRAM_WORDS_MAX + 1])
{
    size_t count = 0;
    struct slice flag, value;
    words[count++] = "call-window";
    VALUE_FOREACH (member, ask) {
        if (arena_print(arena, &flag, "--%.*s", SLICE_ARG(member->key)) != ERR_OK ||
            arena_copy(arena, member->value.text, &value) != ERR_OK)
            fail("out of memory");
        words[count++] = flag.p;
        words[count++] = value.p;
    }
    words[count] = NULL;
}

/* Each case alone, and all of them as a batch: the same answers to the letter. */
static void check_cases(struct cli *cli)
{
    struct arena arena;
    struct buffer cases CLEANUP(buffer_done) = read_cases(),
                        batch CLEANUP(buffer_done) = BUFFER_INIT(TEXT_MAX),
                        alone CLEANUP(buffer_done) = BUFFER_INIT(TEXT_MAX);
    size_t count = 0;
    arena_init(&arena, (size_t)64 << 20);
    for (struct slice rest = buffer_slice(&cases); rest.n > 0; count++) {
        const char *words[PROGRAM_WORDS_MAX + 1];
        struct slice line = slice_cut(rest, '\n', &rest);
        struct value row = decode(&arena, line);
        const struct value *ask = value_get(&row, SLICE("ask"));
        struct jout jout;
        jout_init(&jout, &batch);
        jout_value(&jout, ask);
        buffer_append_byte(&batch, '\n');
        words_of(&arena, ask, words);
        program_run(&cli->program, words, SLICE_NULL, NULL);
        if (!CHECK(cli, cli->program.status == 0 &&
                            is_as_expected(&arena, &row, slice_from(cli->program.out.data))))
            printf("     %.*s\n", SLICE_ARG(line));
        buffer_append(&alone, buffer_slice(&cli->program.out));
    }
    CHECK(cli, count > 70);
    buffer_append_byte(&batch, '\0');
    CHECK(cli, cli_run(&cli->program, "call-window --batch", batch.data, NULL) == 0);
    CHECK(cli, slice_equal(buffer_slice(&cli->program.out), buffer_slice(&alone)));
    arena_done(&arena);
}

static void check_wrong_words(struct cli *cli)
{
    static const struct {
        const char *line, *error;
    } cases[] = {
        {"--state Cal", "--state: \"Cal\": the code of a state expected"},
        {"--phone 123", "--phone: \"123\": a valid phone number expected"},
        {"--at noon", "--at: \"noon\": a time with its offset expected"},
        {"--at 2026-07-15T12:00:00", "--at: \"2026-07-15T12:00:00\": a time with its offset expected"},
        {"--at 2026-02-30T12:00:00Z", "--at: \"2026-02-30T12:00:00Z\": a time with its offset expected"},
        {"--at ''", "--at: \"\": a time with its offset expected"},
        {"--at 1969-12-31T23:00:00Z", "in the years 1970 to 9998"},
        {"--at 9999-01-01T00:00:00Z", "in the years 1970 to 9998"},
        {"--kind fax", "--kind: \"fax\": live, automated, recorded or text expected"},
        {"--kind ''", "--kind: \"\": live, automated, recorded or text expected"},
        {"--consent live,fax", "--consent: \"live,fax\": live, automated, recorded and text expected"},
        {"--phone-region UK", "--phone-region: \"UK\": the code of a country expected"},
        {"--batch --kind fax", "--kind: \"fax\""},
        {"--zone America/Chicago", "unknown option --zone"},
        {"TX", "unexpected word \"TX\""},
    };
    char line[256];
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(line, sizeof(line), "call-window %s", cases[i].line);
        int status = cli_run(&cli->program, line, NULL, NULL);
        if (!CHECK(cli, status == 2 && cli_says(cli->program.err.data, cases[i].error)))
            printf("     line %s\n", line);
        CHECK(cli, cli_says(cli->program.out.data, ""));
    }
}

/* Words that are good, though not as the cases write them. */
static void check_good_words(struct cli *cli)
{
    struct program *program = &cli->program;
    CHECK(cli, cli_run(program, "call-window", NULL, NULL) == 0); /* now, anywhere in the US */
    CHECK(cli, cli_says(program->out.data, "\"Pacific/Honolulu\"") && cli_says(program->err.data, ""));
    CHECK(cli, cli_run(program, "call-window --state=texas --phone (713)555-0123", NULL, NULL) == 0);
    CHECK(cli, cli_says(program->out.data, "\"zones\":[\"America/Chicago\"]"));
    CHECK(cli, cli_run(program, "call-window --phone 02079460018 --phone-region GB", NULL, NULL) == 0);
    CHECK(cli, cli_says(program->out.data, "\"zones\":[\"Europe/London\"]"));
    CHECK(cli, cli_run(program, "call-window --state OH --timezone Mars/Utopia", NULL, NULL) == 0);
    CHECK(cli, cli_says(program->out.data, "\"zones\":[\"America/New_York\"]"));
    CHECK(cli, cli_says(program->err.data,
                        "--timezone: \"Mars/Utopia\" is not in the system's time zone data: ignored"));
    CHECK(cli, cli_run(program, "call-window --state OH --at 2026-07-15T12:00:00Z", NULL,
                       "INLET_TIME_ZONE=America/Los_Angeles") == 0);
    CHECK(cli, cli_says(program->out.data, "\"next_call_time\":\"2026-07-15T05:00:00-07:00\""));
    CHECK(cli, cli_run(program, "call-window", NULL, "INLET_TIME_ZONE=Mars/Utopia") == 1);
}

/* A bad line is answered in its place. */
static void check_batch(struct cli *cli)
{
    static const char expected[] =
        "{\"error\":\"Expecting value: column 1\",\"line\":2}\n"
        "{\"error\":\"state: the code of a state expected, as TX\",\"line\":3}\n"
        "{\"error\":\"there is no \\\"zone\\\"\",\"line\":4}\n"
        "{\"error\":\"an object expected\",\"line\":5}\n"
        "{\"error\":\"phone: a valid phone number expected, as +13055550123\",\"line\":6}\n"
        "{\"error\":\"the line is too long\",\"line\":7}\n";
    struct buffer input CLEANUP(buffer_done) = BUFFER_INIT(TEXT_MAX);
    struct program *program = &cli->program;
    buffer_append_text(
        &input, "{\"state\": \"AE\"}\r\n\n{\"state\": \"Cal\"}\n{\"zone\": \"UTC\"}\n[]\n{\"phone\": 1}\n");
    buffer_append_text(&input, "{\"timezone\": \"");
    for (int i = 0; i < 300000; i++)
        buffer_append_byte(&input, 'x');
    buffer_append_text(&input, "\"}\n{\"phone\": null, \"consent\": [\"live\", \"text\"]}");
    buffer_append_byte(&input, '\0');
    CHECK(cli, cli_run(program, "call-window --batch", input.data, NULL) == 1);
    CHECK(cli, cli_says(program->err.data, "6 of 8 lines could not be answered"));
    const char *second = strchr(program->out.data, '\n');
    if (CHECK(cli, second && strncmp(second + 1, expected, strlen(expected)) == 0))
        CHECK(cli,
              strstr(second + 1 + strlen(expected), "{\"allowed\":false,") == second + 1 + strlen(expected));
    CHECK(cli, cli_run(program, "call-window --batch", "", NULL) == 0 && cli_says(program->out.data, ""));
    /* Options hold for lines that do not say otherwise. */
    CHECK(cli, cli_run(program, "call-window --batch --state OH --at 2026-07-15T12:00:00Z",
                       "{\"state\":null}\n{\"at\":\"2026-07-15T11:00:00Z\"}\n", NULL) == 0);
    CHECK(cli, strncmp(program->out.data, "{\"allowed\":true", 15) == 0 &&
                   cli_says(program->out.data, "\n{\"allowed\":false"));
    CHECK(cli, cli_run(program, "call-window --batch", "{\"timezone\":\"Mars\"}\n{\"timezone\":\"Mars\"}\n",
                       NULL) == 0);
    CHECK(cli, cli_says(program->err.data, "line 1: timezone: not in") &&
                   cli_says(program->err.data, "2 lines name time zones"));
}

static const char *write_rules(const struct cli *cli, const char *text)
{
    static char path[300];
    snprintf(path, sizeof(path), "%s/rules.json", cli->harness.directory);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        fail("cannot write %s", path);
    return path;
}

/* Stricter rules are added, looser ones need a reason, which shows; a closed state has no next time. */
static void check_own_rules(struct cli *cli)
{
    const char *path =
        write_rules(cli, "{\"version\": \"house-7\","
                         " \"rules\": [{\"id\": \"house\", \"jurisdiction\": \"US\", \"source\": \"house "
                         "rule\", \"grade\": \"A\","
                         "              \"hours\": {\"daily\": [\"10:00-22:00\"]}},"
                         "             {\"override\": \"ri-hours\", \"reason\": \"counsel said so\","
                         "              \"hours\": {\"daily\": [\"09:00-20:00\"]}}],"
                         " \"suspensions\": [{\"id\": \"storm\", \"jurisdiction\": \"LA\", \"source\": "
                         "\"notice\", \"grade\": \"A\","
                         "                    \"from\": \"2026-08-29T06:00:00-05:00\"}]}");
    struct program *program = &cli->program;
    char line[512], setting[400];
    snprintf(line, sizeof(line), "call-window --calling-rules %s --state RI --at 2026-07-19T09:30:00-04:00",
             path);
    CHECK(cli, cli_run(program, line, NULL, NULL) == 0);
    CHECK(cli, cli_says(program->out.data, "\"next_call_time\":\"2026-07-19T14:00:00Z\"")); /* a Sunday */
    CHECK(cli, cli_says(program->out.data, "\"override_reason\":\"counsel said so\""));
    CHECK(cli, cli_says(program->out.data, "house-7"));
    snprintf(setting, sizeof(setting), "INLET_CALLING_RULES=%s", path);
    CHECK(cli, cli_run(program, "call-window --state OH --at 2026-07-15T21:30:00-04:00", NULL, setting) == 0);
    CHECK(cli, cli_says(program->out.data, "{\"allowed\":false,\"next_call_time\":\"2026-07-16T14:00:00Z\""));
    CHECK(cli, cli_run(program, "call-window --state LA --at 2026-08-28T20:00:00-05:00", NULL, setting) == 0);
    CHECK(cli, cli_says(program->out.data,
                        "{\"allowed\":false,\"next_call_time\":null,\"zones\":[\"America/Chicago\"]"));
    unlink(path);
}

/* Every fault is told, before anything is done. */
static void check_bad_rules(struct cli *cli)
{
    static const char *const commands[] = {"call-window", "token list --db",
                                           "serve --listen 127.0.0.1:0 --db"};
    static const char *const said[] = {"rules.json: rules[0].hours.mon[0]: This must be a window",
                                       "\ninlet: ", "rules.json: rules[1].jurisdiction: "};
    struct program *program = &cli->program;
    char line[512], setting[400], database[320];
    const char *path =
        write_rules(cli, "{\"version\": \"1\", \"rules\": ["
                         "{\"id\": \"a\", \"jurisdiction\": \"TX\", \"source\": \"s\", \"grade\": \"A\", "
                         "\"hours\": {\"mon\": [\"20-9\"]}},"
                         "{\"id\": \"b\", \"jurisdiction\": \"ZZ\", \"source\": \"s\", \"grade\": \"A\"}]}");
    snprintf(setting, sizeof(setting), "INLET_CALLING_RULES=%s", path);
    snprintf(database, sizeof(database), "%s/none.db", cli->harness.directory);
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        bool opens = i > 0;
        snprintf(line, sizeof(line), "%s %s%s", commands[i], opens ? "sqlite:" : "", opens ? database : "");
        CHECK(cli, cli_run(program, line, NULL, setting) == 1 && cli_says(program->out.data, ""));
        for (size_t k = 0; k < sizeof(said) / sizeof(*said); k++)
            CHECK(cli, cli_says(program->err.data, said[k]));
        CHECK(cli, access(database, F_OK) != 0);
    }
    write_rules(cli, "{\n \"version\"\n");
    CHECK(cli, cli_run(program, "call-window", NULL, setting) == 1);
    CHECK(cli, cli_says(program->err.data, "rules.json: line 3, column 1: Expecting ':' delimiter"));
    unlink(path);
    CHECK(cli, cli_run(program, "call-window", NULL, setting) == 1);
    CHECK(cli, cli_says(program->err.data, "rules.json: cannot be read: not found"));
    snprintf(line, sizeof(line), "call-window --calling-rules %s", cli->harness.directory);
    CHECK(cli, cli_run(program, line, NULL, NULL) == 1);
    CHECK(cli, cli_says(program->err.data, "cannot be read: Is a directory"));
}

void cli_calling(struct cli *cli)
{
    check_cases(cli);
    check_wrong_words(cli);
    check_good_words(cli);
    check_batch(cli);
    check_own_rules(cli);
    check_bad_rules(cli);
}
