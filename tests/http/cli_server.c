/* The command line beside a running server, the server's log, its signals. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "inlet/base/arena.h"
#include "inlet/codec/jin.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void check_changes_show_at_once(struct cli *cli)
{
    char key[64], line[128];
    int64_t id = 0;
    CHECK(cli, cli_run_on(cli, "token create --name live --scope full", NULL) == 0);
    snprintf(key, sizeof(key), "%.40s", cli->program.out.data);
    CHECK(cli, cli_comes_to(&cli->harness, key, 200));
    CHECK(cli, cli_run_on(cli, "token list --json", NULL) == 0);
    CHECK(cli, cli_json_rows(&cli->program, "name", "live", &id) == 1);
    snprintf(line, sizeof(line), "token revoke %lld", (long long)id);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    CHECK(cli, cli_comes_to(&cli->harness, key, 401));
    CHECK(cli, cli_run_on(cli, "representative create --id 900 --name New", NULL) == 0);
    CHECK(cli, cli_run_on(cli, "token create --name later --scope full", NULL) == 0);
    snprintf(key, sizeof(key), "%.40s", cli->program.out.data);
    CHECK(cli, cli_comes_to(&cli->harness, key, 200)); /* so the representative is known, too */
    CHECK(cli, cli_ask(&cli->harness, "POST", "/api/leads/", cli->harness.token,
                       "{\"phone_number\":\"8042221119\",\"representative\":900}") == 201);
}

/* A second server, and one whose database another process holds. */
static void check_one_server_only(struct cli *cli)
{
    CHECK(cli, cli_run_on(cli, "serve --listen 127.0.0.1:0", NULL) == 1 &&
                   strncmp(cli->program.err.data, "inlet: ", 7) == 0);
    CHECK(cli, cli_run_on(cli, "migrate", NULL) == 0 && cli_says(cli->program.out.data, "is served"));
    char line[2 * DATABASE_URL_MAX + 64];
    snprintf(line, sizeof(line), "copy --from %s --to %s-copy", cli->harness.db, cli->harness.db);
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "another process is using"));
}

/* Requests whose personal data must not get into the log. */
static void send_personal_data(const struct cli *cli)
{
    const char *token = cli->harness.token;
    cli_ask(&cli->harness, "POST", "/api/leads/", token,
            "{\"phone_number\":\"804-222-3333\",\"email\":\"secret@example.com\",\"note\":\"hush\"}");
    cli_ask(&cli->harness, "POST", "/api/leads/", token,
            "{\"phone_number\":\"8042223333x\",\"us_state\":\"hush\"}");
    cli_ask(&cli->harness, "POST", "/api/leads/", token, "{\"phone_number\":\"8042223333\" hush");
    cli_ask(&cli->harness, "POST", "/api/leads/bulk-create/", token,
            "{\"leads\":[{\"phone_number\":\"8042223333\",\"note\":\"hush\"},\"hush\"]}");
    cli_ask(&cli->harness, "GET", "/api/leads/?phone_number=8042223333&email=secret%40example.com", token,
            NULL);
    cli_ask(&cli->harness, "GET", "/hush/secret@example.com", token, NULL);
    cli_ask(&cli->harness, "HUSH", "/api/leads/", token, NULL);
    cli_ask(&cli->harness, "GET", "/api/leads/", "0123456789abcdefhush", NULL);
}

static void read_file(const char *path, struct buffer *text)
{
    FILE *file = fopen(path, "r");
    buffer_clear(text);
    for (int c; file && (c = fgetc(file)) != EOF;)
        buffer_append_byte(text, (char)c);
    if (file)
        fclose(file);
    buffer_append_byte(text, '\0');
    text->length--;
}

static void check_log_is_discreet(struct cli *cli, const char *log)
{
    static const char *const secrets[] = {"8042223333", "804-222-3333", "secret",          "hush",
                                          "HUSH",       "8042221119",   "0123456789abcdef"};
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT((size_t)16 << 20);
    read_file(log, &text);
    CHECK(cli, cli_says(text.data, "/api/leads/bulk-create/"));
    for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++)
        CHECK(cli, !strstr(text.data, secrets[i]));
    CHECK(cli, !strstr(text.data, cli->harness.token));
    CHECK(cli, !strstr(text.data, cli->harness.admin_token));
}

static void check_log_is_json(struct cli *cli, const char *log)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT((size_t)16 << 20);
    struct arena arena;
    size_t lines = 0, objects = 0;
    arena_init(&arena, (size_t)64 << 20);
    read_file(log, &text);
    for (struct slice rest = buffer_slice(&text); !slice_is_null(rest);) {
        struct slice line = slice_cut(rest, '\n', &rest);
        struct value value;
        if (line.n == 0)
            continue;
        lines++;
        objects +=
            jin_decode(&arena, line, NULL, &value, NULL) == ERR_OK && value_get(&value, SLICE("event"));
    }
    CHECK(cli, lines > 5 && objects == lines);
    arena_done(&arena);
}

static bool appears(const char *path)
{
    struct stat status;
    for (int i = 0; i < CLI_WAIT_TRIES; i++) {
        if (stat(path, &status) == 0)
            return true;
        cli_pause_50_ms();
    }
    return false;
}

/* As logrotate does it: move away, signal, go on in a new file. */
static void check_rotation(struct cli *cli, const char *log)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT((size_t)16 << 20);
    char old[512];
    snprintf(old, sizeof(old), "%s.1", log);
    CHECK(cli, rename(log, old) == 0);
    CHECK(cli, cli_ask(&cli->harness, "GET", "/api/leads/", cli->harness.token, NULL) == 200);
    CHECK(cli, access(log, F_OK) != 0);
    CHECK(cli, kill(cli->harness.pid, SIGHUP) == 0 && appears(log));
    CHECK(cli, cli_ask(&cli->harness, "GET", "/api/lead-types/", cli->harness.token, NULL) == 200);
    for (int i = 0; i < CLI_WAIT_TRIES && !(text.data && strstr(text.data, "/api/lead-types/")); i++) {
        cli_pause_50_ms();
        read_file(log, &text);
    }
    CHECK(cli, cli_says(text.data, "/api/lead-types/") && cli_says(text.data, "log opened again"));
    unlink(old);
}

/* Ends the server; it must take less than ten seconds. */
static void check_end(struct cli *cli)
{
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    CHECK(cli, harness_stop(&cli->harness) == 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK(cli, end.tv_sec - begin.tv_sec < 10);
}

void cli_server(struct cli *cli)
{
    char log[320];
    const char *options[] = {"--log-file", log, "--log-level", "debug", "--log-format", "json", NULL};
    snprintf(log, sizeof(log), "%s/server.log", cli->harness.directory);
    harness_start(&cli->harness, options);
    cli_refusals(cli);
    cli_commands(cli, "beside");
    check_changes_show_at_once(cli);
    if (!database_on_postgresql())
        check_one_server_only(cli);
    send_personal_data(cli);
    check_log_is_discreet(cli, log);
    check_log_is_json(cli, log);
    check_rotation(cli, log);
    check_end(cli);
    unlink(log);
    options[5] = "text";
    harness_start(&cli->harness, options);
    send_personal_data(cli);
    check_log_is_discreet(cli, log);
    check_end(cli);
    unlink(log);
    CHECK(cli, cli_run_on(cli, "token list", NULL) == 0);
}
