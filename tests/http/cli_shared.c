/* A database server that is not there; one that many processes use at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Port 1: nobody listens there. */
static void check_no_server(struct cli *cli)
{
    static const char url[] = "postgresql://inlet:hush@127.0.0.1:1/inlet";
    static const char *const commands[] = {"serve --listen 127.0.0.1:0", "migrate", "token list",
                                           "token create --name x --scope full"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        char line[256];
        snprintf(line, sizeof(line), "%s --db %s", commands[i], url);
        CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 1);
        CHECK(cli, cli_says(cli->program.err.data, "127.0.0.1"));
        CHECK(cli, !strstr(cli->program.err.data, "hush") && !strstr(cli->program.out.data, "hush"));
    }
}

/* "postgresql://user@host" with a password, which a server that trusts everybody never asks for. */
static void with_password(const char *url, char ret_url[DATABASE_URL_MAX])
{
    const char *at = strchr(url, '@');
    if (!at)
        fail("%s: a user expected", url);
    snprintf(ret_url, DATABASE_URL_MAX, "%.*s:hush%s", (int)(at - url), url, at);
}

/* The second one finds either the first one at work, or its work done. */
static void check_two_migrations(struct cli *cli)
{
    struct harness fresh;
    char line[DATABASE_URL_MAX + 32];
    int status = -1;
    harness_prepare(&fresh);
    snprintf(line, sizeof(line), "migrate --db %s", fresh.db);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(cli_run(&cli->program, line, NULL, NULL));
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 0);
    CHECK(cli, waitpid(pid, &status, 0) == pid && status == 0);
    harness_close(&fresh);
}

/* A list must not make a schema in a database that was named by mistake. */
static void check_empty_database(struct cli *cli)
{
    struct harness fresh;
    char line[DATABASE_URL_MAX + 32];
    harness_prepare(&fresh);
    snprintf(line, sizeof(line), "token list --db %s", fresh.db);
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "migrate"));
    harness_close(&fresh);
}

static bool log_has(const char *path, const char *text)
{
    char line[4096];
    bool found = false;
    FILE *file = fopen(path, "r");
    while (file && !found && fgets(line, sizeof(line), file))
        found = strstr(line, text) != NULL;
    if (file)
        fclose(file);
    return found;
}

/* A trial: the servers go on. */
static void check_copy_beside(struct cli *cli)
{
    char line[DATABASE_URL_MAX + 400], path[300];
    snprintf(path, sizeof(path), "%s/beside.db", cli->harness.directory);
    snprintf(line, sizeof(line), "copy --from %s --to sqlite:%s", cli->harness.db, path);
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.err.data, "the source is being used"));
    unlink(path);
    snprintf(path, sizeof(path), "%s/beside.db.lock", cli->harness.directory);
    unlink(path);
}

/* Two servers; the command line beside them; what it sets up shows in both. */
static void check_two_servers(struct cli *cli)
{
    struct harness second;
    char key[64], line[128];
    int64_t id = 0;
    harness_join(&second, &cli->harness);
    with_password(cli->harness.db, second.db);
    harness_start(&cli->harness, NULL);
    harness_start(&second, NULL);
    CHECK(cli, cli_run_on(cli, "token create --name both --scope full", NULL) == 0);
    snprintf(key, sizeof(key), "%.40s", cli->program.out.data);
    CHECK(cli, cli_comes_to(&cli->harness, key, 200));
    CHECK(cli, cli_comes_to(&second, key, 200));
    CHECK(cli,
          cli_ask(&cli->harness, "POST", "/api/leads/", key, "{\"phone_number\":\"8042225501\"}") == 201);
    CHECK(cli, cli_ask(&second, "POST", "/api/leads/", key, "{\"phone_number\":\"8042225501\"}") == 200);
    CHECK(cli, cli_run_on(cli, "migrate", NULL) == 0 && cli_says(cli->program.out.data, "is up to date"));
    CHECK(cli, cli_run_on(cli, "token list --json", NULL) == 0);
    CHECK(cli, cli_json_rows(&cli->program, "name", "both", &id) == 1);
    /* What one server is told over its API, the other one learns as well. */
    snprintf(line, sizeof(line), "/api/tokens/%lld/", (long long)id);
    CHECK(cli, cli_ask(&second, "DELETE", line, cli->harness.admin_token, NULL) < 300);
    CHECK(cli, cli_comes_to(&second, key, 401));
    CHECK(cli, cli_comes_to(&cli->harness, key, 401));
    CHECK(cli, log_has(second.log, "libpq") && !log_has(second.log, "hush"));
    check_copy_beside(cli);
    harness_close(&second);
    CHECK(cli, harness_stop(&cli->harness) == 0);
}

/* A socket is there only when it was asked for; then the command line goes through it. */
static void check_control_socket(struct cli *cli)
{
    char path[300], line[512];
    const char *options[] = {"--control-socket", path, NULL};
    snprintf(path, sizeof(path), "%s/control", cli->harness.directory);
    harness_start(&cli->harness, options);
    CHECK(cli, access(path, F_OK) == 0);
    snprintf(line, sizeof(line), "migrate --control-socket %s", path);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0 && cli_says(cli->program.out.data, "is served"));
    snprintf(line, sizeof(line), "token list --control-socket %s", path);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0 && cli_says(cli->program.out.data, "tests"));
    CHECK(cli, harness_stop(&cli->harness) == 0);
    CHECK(cli, access(path, F_OK) != 0);
}

static void check_password(struct cli *cli)
{
    char url[DATABASE_URL_MAX], line[DATABASE_URL_MAX + 32];
    with_password(cli->harness.db, url);
    snprintf(line, sizeof(line), "migrate --db %s", url);
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "***") && !strstr(cli->program.out.data, "hush"));
}

void cli_shared(struct cli *cli)
{
    check_no_server(cli);
    if (!database_on_postgresql())
        return;
    check_two_migrations(cli);
    check_empty_database(cli);
    check_password(cli);
    check_two_servers(cli);
    check_control_socket(cli);
}
