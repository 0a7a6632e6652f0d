/* inlet copy: into an SQLite file, and what it refuses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <unistd.h>

/* Runs "copy --from FROM --to TO". */
static int copy(struct cli *cli, const char *from, const char *to)
{
    char line[2048];
    snprintf(line, sizeof(line), "copy --from %s --to %s", from, to);
    return cli_run(&cli->program, line, NULL, NULL);
}

static void remove_file(const char *url)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        char path[500];
        snprintf(path, sizeof(path), "%s%s", url + strlen("sqlite:"), endings[i]);
        unlink(path);
    }
}

/* The line that begins with TABLE, as far as its checksum. */
static void find_line(const struct cli *cli, const char *table, char line[256])
{
    char begin[64];
    snprintf(begin, sizeof(begin), "\n%s ", table);
    const char *at = strstr(cli->program.out.data, begin);
    snprintf(line, 256, "%.*s", at ? (int)strcspn(at + 1, "\n") : 0, at ? at + 1 : "");
}

/* There, back into a database of the engine under test, and there again: the same checksums each time. */
static void check_journey(struct cli *cli, const char *file)
{
    char first[256], second[256], again[400];
    struct harness other;
    harness_prepare(&other);
    snprintf(again, sizeof(again), "sqlite:%s/again.db", other.directory);
    CHECK(cli, copy(cli, cli->harness.db, file) == 0);
    find_line(cli, "lead_type", first);
    CHECK(cli, strlen(first) > 64);
    CHECK(cli, cli_says(cli->program.err.data, "copied lead_type: "));
    CHECK(cli, cli_says(cli->program.err.data, "checked lead_type: "));
    CHECK(cli, copy(cli, file, other.db) == 0);
    find_line(cli, "lead_type", second);
    CHECK(cli, strcmp(first, second) == 0);
    CHECK(cli, copy(cli, other.db, again) == 0);
    find_line(cli, "lead_type", second);
    CHECK(cli, strcmp(first, second) == 0);
    remove_file(again);
    harness_close(&other);
}

void cli_copy(struct cli *cli)
{
    char file[400], missing[400];
    snprintf(file, sizeof(file), "sqlite:%s/copy.db", cli->harness.directory);
    snprintf(missing, sizeof(missing), "sqlite:%s/missing.db", cli->harness.directory);
    check_journey(cli, file);
    CHECK(cli, copy(cli, cli->harness.db, file) == 1);
    CHECK(cli, cli_says(cli->program.err.data, "the target is not empty: its table organization "));
    CHECK(cli, cli_says(cli->program.out.data, ""));
    CHECK(cli, copy(cli, missing, file) == 1 && cli_says(cli->program.err.data, "there is no database"));
    CHECK(cli, copy(cli, file, file) == 1 && cli_says(cli->program.err.data, "the same database"));
    CHECK(cli, copy(cli, "mysql:x", missing) == 1);
    CHECK(cli, access(missing + strlen("sqlite:"), F_OK) != 0);
    CHECK(cli, copy(cli, "postgresql://inlet:hush@127.0.0.1:1/inlet", missing) == 1);
    CHECK(cli, !strstr(cli->program.err.data, "hush"));
    CHECK(cli, access(missing + strlen("sqlite:"), F_OK) != 0);
    remove_file(file);
}
