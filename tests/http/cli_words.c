/* Help at every level, and what wrong words are told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>

static void check_help(struct cli *cli)
{
    static const char *const commands[] = {"serve",
                                           "copy",
                                           "migrate",
                                           "organization create",
                                           "organization list",
                                           "token create",
                                           "token list",
                                           "token revoke",
                                           "lead-type create",
                                           "lead-type list",
                                           "lead-type update",
                                           "representative create",
                                           "representative list",
                                           "ingest create",
                                           "ingest list",
                                           "ingest show",
                                           "ingest update",
                                           "phone",
                                           "call-window",
                                           "version"};
    char line[128], usage[128];
    CHECK(cli, cli_run(&cli->program, "--help", NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.err.data, ""));
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        CHECK(cli, cli_says(cli->program.out.data, commands[i]));
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        snprintf(line, sizeof(line), "%s --help", commands[i]);
        snprintf(usage, sizeof(usage), "Usage: inlet %s ", commands[i]);
        CHECK(cli, cli_run(&cli->program, line, NULL, NULL) == 0);
        CHECK(cli, cli_says(cli->program.out.data, usage) && cli_says(cli->program.out.data, "--help"));
        CHECK(cli, cli_says(cli->program.err.data, ""));
    }
    CHECK(cli, cli_run(&cli->program, "token --help", NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "inlet token revoke ID"));
    CHECK(cli,
          cli_run(&cli->program, "--version", NULL, NULL) == 0 && cli_says(cli->program.out.data, "inlet "));
    CHECK(cli, cli_run(&cli->program, "copy --help", NULL, NULL) == 0);
    CHECK(cli, !strstr(cli->program.out.data, "--db") && !strstr(cli->program.out.data, "--organization"));
    CHECK(cli, cli_run(&cli->program, "lead-type update --help", NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "--calling FILE") &&
                   cli_says(cli->program.out.data, "as JSON; - is standard input; \"\": they are not"));
    CHECK(cli, cli_run(&cli->program, "serve --help", NULL, NULL) == 0);
    CHECK(cli, cli_says(cli->program.out.data, "INLET_TRUSTED_PROXIES"));
    CHECK(cli, !strstr(cli->program.out.data, "--organization"));
    CHECK(cli, cli_run(&cli->program, "token list --help", NULL, NULL) == 0);
    CHECK(cli,
          !strstr(cli->program.out.data, "--listen") && cli_says(cli->program.out.data, "--organization"));
}

static void check_usage(struct cli *cli)
{
    static const struct {
        const char *line, *error;
    } cases[] = {
        {"", "a command is missing"},
        {"--nonsense", "there is no option \"--nonsense\""},
        {"nonsense", "there is no command \"nonsense\""},
        {"nonsense --help", "there is no command \"nonsense\""},
        {"token", "\"token\" needs one of these"},
        {"token nonsense", "\"token\" needs one of these"},
        {"token create", "--name is required"},
        {"token create --name x", "--scope is required"},
        {"token create --name", "--name needs a value"},
        {"token list --wrong", "unknown option --wrong"},
        {"token list --name=x", "unknown option --name=x"},
        {"token list --json=1", "--json takes no value"},
        {"token list extra", "unexpected word \"extra\""},
        {"token list --listen 127.0.0.1:1", "unknown option --listen"},
        {"token list --organization x", "--organization: \"x\" is not an id"},
        {"token list --organization 0", "--organization: \"0\" is not an id"},
        {"token list --organization", "--organization needs a value"},
        {"token revoke", "ID is missing"},
        {"token revoke 1 2", "unexpected word \"2\""},
        {"token revoke ../1", "\"../1\" is not ID"},
        {"token revoke ''", "ID is missing"},
        {"lead-type create", "--name is required"},
        {"lead-type update", "ID is missing"},
        {"organization create --id 5", "--name is required"},
        {"representative create", "--name is required"},
        {"ingest create", "--name is required"},
        {"ingest show", "UUID is missing"},
        {"ingest show a/b", "\"a/b\" is not UUID"},
        {"ingest update 00000000-0000-4000-8000-000000000000", "--file is required"},
        {"migrate extra", "unexpected word \"extra\""},
        {"migrate postgresql://inlet:hush@db/inlet",
         "unexpected word: the URL of a database goes after an option"},
        {"phone 8042221111", "unexpected word \"8042221111\": numbers come on standard input"},
        {"phone --db sqlite:x", "unknown option --db"},
        {"call-window --organization 1", "unknown option --organization"},
        {"copy --db sqlite:x", "unknown option --db"},
        {"copy", "--from is required"},
        {"copy --from sqlite:x", "--to is required"},
        {"serve --writers 257", "a number from 0 to 256 expected"},
        {"serve --readers 65", "a number from 0 to 64 expected"},
        {"migrate --db", "--db needs a value"},
        {"migrate --config", "--config needs a value"},
        {"serve --organization 1", "unknown option --organization"},
        {"serve --threads x", "--threads: \"x\": a number from 0 to 256 expected"},
        {"serve --threads 257", "a number from 0 to 256 expected"},
        {"serve --log-format xml", "text or json expected"},
        {"serve --min-reengagement-days -1", "a number of days or \"never\" expected"},
        {"serve --shutdown-grace-s ''", "a number from 0 to 3600 expected"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int status = cli_run(&cli->program, cases[i].line, NULL, NULL);
        if (!CHECK(cli, status == 2 && cli_says(cli->program.err.data, cases[i].error)))
            printf("     line %s\n", cases[i].line);
        CHECK(cli, strncmp(cli->program.err.data, "inlet: ", 7) == 0);
        CHECK(cli, !strstr(cli->program.err.data, "hush"));
    }
}

static void check_phone(struct cli *cli)
{
    CHECK(cli, cli_run(&cli->program, "phone", "804-222-1111\r\n\n +49 30 901820 \nxyz\n123", NULL) == 0);
    CHECK(cli, strcmp(cli->program.out.data, "+18042221111\ninvalid\n+4930901820\ninvalid\ninvalid\n") == 0);
    CHECK(cli, cli_run(&cli->program, "phone", NULL, NULL) == 0 && cli_says(cli->program.out.data, ""));
    CHECK(cli, cli_run(&cli->program, "phone --explain --phone-region gb", "020 7946 0018\n20", NULL) == 0);
    CHECK(cli, strcmp(cli->program.out.data, "+442079460018\tGB\tfixed_line\tthe number is valid\n"
                                             "invalid\t-\t-\tthe number is too short\n") == 0);
    CHECK(cli, cli_run(&cli->program, "phone --phone-region UK", "", NULL) == 2 &&
                   cli_says(cli->program.err.data, "the code of a country expected"));
    CHECK(cli,
          cli_run(&cli->program, "version", NULL, NULL) == 0 && cli_says(cli->program.out.data, "SQLite 3."));
    CHECK(cli, cli_says(cli->program.out.data, "\nlibpq 1"));
}

void cli_words(struct cli *cli)
{
    check_help(cli);
    check_usage(cli);
    check_phone(cli);
}
