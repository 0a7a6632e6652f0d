/* Where settings come from, and commands that are well-formed and fail. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        fail("cannot write %s", path);
}

static void remove_database(const struct cli *cli, const char *name)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock", ".sock"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        char path[400];
        snprintf(path, sizeof(path), "%s/%s%s", cli->harness.directory, name, endings[i]);
        unlink(path);
    }
}

/* "migrate" names its database: which of the three was it? */
static void check_precedence(struct cli *cli, const char *config)
{
    char text[512], with_config[512], with_flag[1024], environment[512];
    const char *directory = cli->harness.directory;
    snprintf(text, sizeof(text), "# a comment\n\n  db =  sqlite:%s/file.db  \ntime_zone=UTC\n", directory);
    write_file(config, text);
    snprintf(environment, sizeof(environment), "INLET_DB=sqlite:%s/environment.db", directory);
    snprintf(with_config, sizeof(with_config), "migrate --config %s", config);
    snprintf(with_flag, sizeof(with_flag), "%s --db=sqlite:%s/flag.db", with_config, directory);
    CHECK(cli, cli_run(&cli->program, with_config, NULL, NULL) == 0 &&
                   cli_says(cli->program.out.data, "/file.db is up to date"));
    CHECK(cli, cli_run(&cli->program, with_config, NULL, environment) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "/environment.db is up to date"));
    CHECK(cli, cli_run(&cli->program, with_flag, NULL, environment) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "/flag.db is up to date"));
    snprintf(environment, sizeof(environment), "INLET_CONFIG=%s", config);
    CHECK(cli, cli_run(&cli->program, "migrate", NULL, environment) == 0 &&
                   cli_says(cli->program.out.data, "/file.db is up to date"));
    remove_database(cli, "file.db");
    remove_database(cli, "environment.db");
    remove_database(cli, "flag.db");
}

static void check_wrong_files(struct cli *cli, const char *config)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"colour = red\n", "line 1: there is no setting \"colour\""},
        {"postgresql://inlet:hush@db/inlet?sslmode=require\n", "line 1: there is no setting \"...\""},
        {"# x\nthreads\n", "line 2: \"name = value\" expected"},
        {"threads = many\n", "line 1: \"many\": a number from 0 to 256 expected"},
        {"durability = some\n", "line 1: \"some\": full or relaxed expected"}};
    char line[512];
    snprintf(line, sizeof(line), "token list --config %s", config);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        write_file(config, cases[i].text);
        CHECK(cli, cli_run_on(cli, line, NULL) == 1 && cli_says(cli->program.err.data, cases[i].error));
        CHECK(cli, !strstr(cli->program.err.data, "hush"));
    }
    unlink(config);
    CHECK(cli, cli_run_on(cli, line, NULL) == 1 &&
                   cli_says(cli->program.err.data, "cannot read the configuration file"));
}

void cli_settings(struct cli *cli)
{
    char config[320], line[512];
    snprintf(config, sizeof(config), "%s/config", cli->harness.directory);
    check_precedence(cli, config);
    check_wrong_files(cli, config);
    snprintf(line, sizeof(line), "token list --db %s", cli->harness.db);
    CHECK(cli, cli_run(&cli->program, line, NULL, "INLET_THREADS=x") == 1);
    CHECK(cli, cli_says(cli->program.err.data, "INLET_THREADS: \"x\": a number from 0 to 256 expected"));
    CHECK(cli, cli_run(&cli->program, line, NULL, "INLET_TIME_ZONE=Mars/Olympus") == 1);
    CHECK(cli, cli_says(cli->program.err.data, "the time zone \"Mars/Olympus\" is not in"));
    CHECK(cli,
          cli_run(&cli->program, line, NULL, "INLET_TIME_ZONE=") == 0); /* empty: as if it were not there */
    CHECK(cli, cli_run(&cli->program, line, NULL, "INLET_TIME_ZONE=Europe/Berlin") == 0);
    /* A mistyped name must not turn into an empty database. */
    snprintf(config, sizeof(config), "%s/mistyped.db", cli->harness.directory);
    snprintf(line, sizeof(line), "token list --db sqlite:%s", config);
    CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "there is no database"));
    CHECK(cli, access(config, F_OK) != 0);
    CHECK(cli, cli_run_on(cli, "migrate", NULL) == 0 && cli_says(cli->program.out.data, "is up to date"));
    CHECK(cli, cli_run_on(cli, "migrate", NULL) == 0 && cli_says(cli->program.out.data, "is up to date"));
}

/* They end a server before it makes a database. */
static void check_bad_addresses(struct cli *cli)
{
    static const struct {
        const char *listen, *error;
    } cases[] = {
        {"nonsense", "\"nonsense\" is not HOST:PORT"},
        {"127.0.0.1:0,127.0.0.1:99999", "\"127.0.0.1:99999\" is not HOST:PORT"},
        {"[no::address]:80", "cannot listen on [no::address]:80: "},
        {"''", "there is no address to listen on"},
    };
    char path[320], line[512];
    snprintf(path, sizeof(path), "%s/none.db", cli->harness.directory);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(line, sizeof(line), "serve --db sqlite:%s --listen %s", path, cases[i].listen);
        CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 1);
        CHECK(cli, cli_says(cli->program.err.data, cases[i].error));
        CHECK(cli, access(path, F_OK) != 0);
    }
}

void cli_refusals(struct cli *cli)
{
    static const struct {
        const char *line, *input, *error;
    } cases[] = {
        {"token create --name x --scope root", NULL, "scope: \"root\" is not a valid choice."},
        {"token create --name '' --scope full", NULL, "name: This field may not be blank."},
        {"token revoke 999", NULL, "there is no token 999"},
        {"token list --organization 9", NULL, "No such organization."},
        {"organization create --id 1 --name x", NULL, "id: An object with this id already exists."},
        {"organization create --id x --name x", NULL, "id: A valid integer is required."},
        {"representative create --id 0 --name x", NULL,
         "id: Ensure this value is greater than or equal to 1."},
        {"lead-type create --name x --min-reengagement-days soon", NULL,
         "min_reengagement_days: This must be a number of days"},
        {"lead-type create --name x --metadata-fields -", "{broken", "line 1 column 2"},
        {"lead-type create --name x --metadata-fields -", "{}",
         "lead_metadata_fields: Expected a list of items"},
        {"lead-type create --name x --metadata-fields /nonexistent", NULL, "cannot read /nonexistent"},
        {"lead-type update 999 --name x", NULL, "there is no lead-type 999"},
        {"ingest create --file /nonexistent", NULL, "cannot read /nonexistent"},
        {"ingest create --file -", "{\"name\":", "JSON parse error"},
        {"ingest create --file -", "{\"name\":\"x\",\"fields\":{\"email\":\"$.a[*]\"}}",
         "fields.email: Not a valid path (column 5)"},
        {"ingest create --name x --lead-type 999", NULL, "lead_type: Invalid pk \"999\""},
        {"ingest show 00000000-0000-4000-8000-000000000000", NULL, "there is no ingest "},
        {"ingest update 00000000-0000-4000-8000-000000000000 --file -", "{\"name\":\"x\"}",
         "there is no ingest "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int status = cli_run_on(cli, cases[i].line, cases[i].input);
        if (!CHECK(cli, status == 1 && cli_says(cli->program.err.data, cases[i].error)))
            printf("     line %s\n", cases[i].line);
        CHECK(cli, cli_says(cli->program.out.data, ""));
    }
    CHECK(cli, cli_run(&cli->program, "migrate --db mysql:x", NULL, NULL) == 1);
    CHECK(cli, cli_run(&cli->program, "migrate --db sqlite:/nonexistent/x.db", NULL, NULL) == 1);
    CHECK(cli, cli_run_on(cli, "serve --time-zone Mars/Olympus", NULL) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "the time zone \"Mars/Olympus\" is not in"));
    check_bad_addresses(cli);
    CHECK(cli, cli_run_on(cli, "serve --listen 127.0.0.1:0 --log-file /nonexistent/log", NULL) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "cannot write the log to /nonexistent/log"));
}
