/* The command line of the real binary: every command, with and without a server, and how a server lives with its log. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "inlet/base/arena.h"
#include "inlet/codec/jin.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static size_t passed, failed;

bool cli_check(bool good, const char *file, int line, const char *what, const struct program *program)
{
    passed += good;
    failed += !good;
    if (!good)
        printf("FAIL %s:%d: %s\n     exit status %d\n     output %s\n     errors %s\n", file, line, what,
               program->status, program->out.data ? program->out.data : "",
               program->err.data ? program->err.data : "");
    return good;
}

int cli_run(struct program *program, const char *line, const char *input, const char *setting)
{
    static char copy[4096]; /* the words live as long as the run */
    const char *words[PROGRAM_WORDS_MAX + 1] = {NULL};
    size_t count = 0;
    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = copy; *word && count < PROGRAM_WORDS_MAX;) {
        size_t length = strcspn(word, " ");
        bool is_last = word[length] == '\0';
        word[length] = '\0';
        words[count++] = strcmp(word, "''") == 0 ? "" : word;
        word += length + !is_last;
    }
    program_run(program, words, slice_from(input), setting);
    return program->status;
}

int cli_run_on(struct cli *cli, const char *line, const char *input)
{
    char words[2048];
    snprintf(words, sizeof(words), "%s --db %s", line, cli->harness.db);
    return cli_run(&cli->program, words, input, NULL);
}

bool cli_says(const char *text, const char *part)
{
    return part[0] == '\0' ? text[0] == '\0' : strstr(text, part) != NULL;
}

size_t cli_json_rows(const struct program *program, const char *key, const char *text, int64_t *ret_id)
{
    struct arena arena;
    struct value rows;
    struct jin_fault fault;
    size_t found = 0;
    arena_init(&arena, (size_t)64 << 20);
    bool is_list = jin_decode(&arena, buffer_slice(&program->out), NULL, &rows, &fault) == ERR_OK &&
                   rows.kind == VALUE_ARRAY;
    for (size_t i = 0; is_list && i < rows.array.count; i++) {
        const struct value *value = value_get(&rows.array.items[i], slice_from(key));
        const struct value *id = value_get(&rows.array.items[i], SLICE("id"));
        if (!value || value->kind != VALUE_STRING || !slice_equal(value->text, slice_from(text)))
            continue;
        found++;
        if (ret_id && id && id->kind == VALUE_INTEGER)
            *ret_id = id->integer;
    }
    arena_done(&arena);
    return found;
}

unsigned cli_ask(const struct harness *harness, const char *method, const char *path, const char *token,
                 const char *body)
{
    struct arena arena;
    struct http_answer answer = {0};
    char authorization[128];
    snprintf(authorization, sizeof(authorization), "Token %s", token);
    struct http_header headers[] = {{SLICE("Authorization"), slice_from(authorization)},
                                    {SLICE("Content-Type"), SLICE("application/json")}};
    arena_init(&arena, (size_t)16 << 20);
    int fd = http_connect(harness->port);
    if (fd < 0 || !http_ask(fd, &arena, method, slice_from(path), headers, ARRAY_LENGTH(headers),
                            slice_from(body), body != NULL, &answer))
        fail("%s %s: no answer", method, path);
    close(fd);
    arena_done(&arena);
    return answer.status;
}

void cli_pause_50_ms(void)
{
    struct timespec time = {.tv_nsec = 50000000};
    nanosleep(&time, NULL);
}

bool cli_comes_to(const struct harness *harness, const char *token, unsigned status)
{
    int tries = database_on_postgresql() ? CLI_WAIT_TRIES : 1;
    for (int i = 0; i < tries; i++) {
        if (i > 0)
            cli_pause_50_ms();
        if (cli_ask(harness, "GET", "/api/leads/", token, NULL) == status)
            return true;
    }
    return false;
}

int main(void)
{
    struct cli cli = {0};
    program_init(&cli.program);
    cli_words(&cli);
    harness_open(&cli.harness);
    cli_settings(&cli);
    if (!database_on_postgresql()) /* no database, no difference */
        cli_calling(&cli);
    cli_refusals(&cli);
    cli_commands(&cli, "alone");
    cli_copy(&cli);
    cli_shared(&cli);
    cli_server(&cli);
    harness_close(&cli.harness);
    program_done(&cli.program);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
