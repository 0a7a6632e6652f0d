/* Every command once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>

/* The first line of what was printed. */
static void printed(const struct cli *cli, char text[64])
{
    snprintf(text, 64, "%.*s", (int)strcspn(cli->program.out.data, "\n"), cli->program.out.data);
}

/* Runs a list as table and as JSON: both hold NAME. */
static void check_list(struct cli *cli, const char *what, const char *name)
{
    char line[128];
    snprintf(line, sizeof(line), "%s list", what);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0 && cli_says(cli->program.out.data, name));
    CHECK(cli, cli_says(cli->program.err.data, ""));
    snprintf(line, sizeof(line), "%s list --json", what);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0 && cli_json_rows(&cli->program, "name", name, NULL) == 1);
}

/* "WHAT create --name NAME" prints an id, which the list shows. */
static void check_named(struct cli *cli, const char *what, const char *name)
{
    char line[128], id[64];
    snprintf(line, sizeof(line), "%s create --name %s", what, name);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    printed(cli, id);
    CHECK(cli, id[0] >= '1' && id[0] <= '9');
    check_list(cli, what, name);
}

static void check_tokens(struct cli *cli, const char *name)
{
    char line[128], key[64];
    snprintf(line, sizeof(line), "token create --name %s --scope ingest", name);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    printed(cli, key);
    CHECK(cli, strlen(key) == 40 && strspn(key, "0123456789abcdef") == 40);
    check_list(cli, "token", name);
    CHECK(cli, !strstr(cli->program.out.data, key));
    int64_t id = 0;
    CHECK(cli, cli_json_rows(&cli->program, "name", name, &id) == 1 && id > 0);
    snprintf(line, sizeof(line), "token revoke %lld", (long long)id);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    CHECK(cli, cli_run_on(cli, "token list --json", NULL) == 0);
    CHECK(cli, cli_json_rows(&cli->program, "name", name, NULL) == 1);
}

/* Whether the row of the lead type ends with that word. */
static bool shows_plan(const struct cli *cli, const char *id, const char *word)
{
    char begin[64], end[64];
    snprintf(begin, sizeof(begin), "\n%s ", id);
    snprintf(end, sizeof(end), "  %s\n", word);
    const char *row = strstr(cli->program.out.data, begin);
    const char *found = row ? strstr(row, end) : NULL;
    return found && found < strchr(row + 1, '\n');
}

/* A plan is set, kept, told what is wrong with it, taken away. */
static void check_calling(struct cli *cli, const char *id)
{
    static const char plan[] = "{\"hours\":{\"mon\":[\"09:00-20:00\"]},\"cadence\":[\"0m\",\"4h\"]}";
    static const char other[] =
        "{\"kind\":\"recorded\",\"hours\":{\"sat\":[\"10:00-24:00\"]},\"cadence\":[\"1d\"]}";
    char line[128];
    snprintf(line, sizeof(line), "lead-type update %s --calling -", id);
    CHECK(cli, cli_run_on(cli, line, plan) == 0);
    CHECK(cli, cli_run_on(cli, "lead-type list --json", NULL) == 0 && cli_says(cli->program.out.data, plan));
    CHECK(cli, cli_run_on(cli, "lead-type list", NULL) == 0 && shows_plan(cli, id, "live"));
    CHECK(cli, cli_run_on(cli, line, "{\"hours\":{\"mon\":[\"20:00-09:00\"]},\"cadence\":[\"x\"]}") == 1);
    CHECK(cli, cli_says(cli->program.err.data, "calling.hours.mon[0]: This must be a window") &&
                   cli_says(cli->program.err.data, "calling.cadence[0]: This must be a wait"));
    CHECK(cli, cli_run_on(cli, line, "{") == 1 && cli_says(cli->program.err.data, "-: "));
    CHECK(cli, cli_run_on(cli, "lead-type list --json", NULL) == 0 && cli_says(cli->program.out.data, plan));
    snprintf(line, sizeof(line), "lead-type update %s --calling ''", id);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    CHECK(cli, cli_run_on(cli, "lead-type list --json", NULL) == 0 && !strstr(cli->program.out.data, plan));
    CHECK(cli, cli_run_on(cli, "lead-type list", NULL) == 0 && shows_plan(cli, id, "-"));
    snprintf(line, sizeof(line), "lead-type create --name calling-%s --calling -", id);
    CHECK(cli, cli_run_on(cli, line, other) == 0);
    CHECK(cli, cli_run_on(cli, "lead-type list --json", NULL) == 0 && cli_says(cli->program.out.data, other));
    CHECK(cli,
          cli_run_on(cli, "lead-type list", NULL) == 0 && cli_says(cli->program.out.data, "  recorded\n"));
}

static void check_lead_types(struct cli *cli, const char *name)
{
    char line[128], id[64];
    snprintf(line, sizeof(line),
             "lead-type create --name %s --min-reengagement-days never --metadata-fields -", name);
    CHECK(cli, cli_run_on(cli, line, "[{\"key\":\"first_name\"}]") == 0);
    printed(cli, id);
    check_list(cli, "lead-type", name);
    CHECK(cli,
          cli_says(cli->program.out.data, "\"first_name\"") && cli_says(cli->program.out.data, "\"never\""));
    snprintf(line, sizeof(line), "lead-type update %s --name %s-new --min-reengagement-days ''", id, name);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    snprintf(line, sizeof(line), "%s-new", name);
    check_list(cli, "lead-type", line);
    CHECK(cli, cli_says(cli->program.out.data, "\"first_name\""));
    check_calling(cli, id);
}

static void check_configs(struct cli *cli, const char *name)
{
    char line[128], uuid[64], second[64], json[128];
    snprintf(line, sizeof(line), "ingest create --name %s --open", name);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    printed(cli, uuid);
    CHECK(cli, strlen(uuid) == 36);
    check_list(cli, "ingest", name);
    CHECK(cli, cli_says(cli->program.out.data, "\"auth\":\"open\""));
    snprintf(json, sizeof(json), "{\"name\":\"%s-file\",\"auth\":\"open\"}", name);
    CHECK(cli, cli_run_on(cli, "ingest create --file -", json) == 0);
    printed(cli, second);
    CHECK(cli, strlen(second) == 36 && strcmp(uuid, second) != 0);
    snprintf(line, sizeof(line), "ingest show %s", second);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0 && strncmp(cli->program.out.data, json, strlen(json)) == 0);
    snprintf(line, sizeof(line), "ingest update %s --file -", uuid);
    snprintf(json, sizeof(json), "{\"name\":\"%s-changed\"}", name);
    CHECK(cli, cli_run_on(cli, line, json) == 0 && strcmp(cli->program.out.data, "2\n") == 0);
    snprintf(line, sizeof(line), "%s-changed", name);
    check_list(cli, "ingest", line);
}

/* What belongs to one organization does not show in another's lists. */
static void check_organizations(struct cli *cli, const char *name)
{
    char line[128], id[64];
    snprintf(line, sizeof(line), "organization create --name %s-tenant", name);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    printed(cli, id);
    snprintf(line, sizeof(line), "representative create --name %s-theirs --organization %s", name, id);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    snprintf(line, sizeof(line), "%s-theirs", name);
    CHECK(cli, cli_run_on(cli, "representative list --json", NULL) == 0);
    CHECK(cli, cli_json_rows(&cli->program, "name", line, NULL) == 0);
    snprintf(line, sizeof(line), "representative list --json --organization %s", id);
    CHECK(cli, cli_run_on(cli, line, NULL) == 0);
    snprintf(line, sizeof(line), "%s-theirs", name);
    CHECK(cli, cli_json_rows(&cli->program, "name", line, NULL) == 1);
}

void cli_commands(struct cli *cli, const char *name)
{
    check_named(cli, "organization", name);
    check_named(cli, "representative", name);
    check_tokens(cli, name);
    check_lead_types(cli, name);
    check_configs(cli, name);
    check_organizations(cli, name);
    CHECK(cli, cli_run_on(cli, "migrate", NULL) == 0);
}
