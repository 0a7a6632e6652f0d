/* PostgreSQL servers of a test's own, by means of tests/postgresql/server.sh. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "postgresql.h"

#include "harness.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char script[] = POSTGRESQL_SERVER;

#define FOLLOW_TRIES 200 /* of 50 ms */

/* Without a shell in between: the server watches the process that called its script. */
static void run(const char *action, const char *directory, const char *argument)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl(script, script, action, directory, argument, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        fail("%s %s %s: exit status %d", script, action, directory, status);
}

static void make_directory(struct postgresql *server)
{
    const char *base = getenv("TMPDIR");
    snprintf(server->directory, sizeof(server->directory), "%.150s/inlet-server-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(server->directory))
        fail("mkdtemp %s: %s", server->directory, strerror(errno));
}

static void read_url(struct postgresql *server)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/url", server->directory);
    FILE *file = fopen(path, "re");
    if (!file || !fgets(server->url, sizeof(server->url), file))
        fail("%s cannot be read", path);
    server->url[strcspn(server->url, "\n")] = '\0';
    fclose(file);
}

void postgresql_start(struct postgresql *server)
{
    make_directory(server);
    run("start", server->directory, "--durable");
    read_url(server);
    setenv("INLET_TEST_POSTGRESQL", server->url, 1);
}

static bool is_in_step(const struct postgresql *primary)
{
    struct database database;
    database_open(&database, primary->url);
    int64_t count = database_number(
        &database, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", NULL, 0);
    database_close(&database);
    return count == 1;
}

void postgresql_follow(struct postgresql *standby, const struct postgresql *primary)
{
    make_directory(standby);
    database_execute(primary->url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    run("standby", standby->directory, primary->directory);
    read_url(standby);
    database_execute(primary->url, "SELECT pg_reload_conf()");
    for (int i = 0; !is_in_step(primary); i++) {
        if (i == FOLLOW_TRIES)
            fail("the standby does not follow its primary");
        server_pause_ms(50);
    }
}

void postgresql_stop(struct postgresql *server)
{
    run("stop", server->directory, NULL);
    rmdir(server->directory);
}

void postgresql_crash(const struct postgresql *server)
{
    run("crash", server->directory, NULL);
}

void postgresql_resume(const struct postgresql *server)
{
    run("resume", server->directory, NULL);
}

void postgresql_promote(const struct postgresql *standby)
{
    run("promote", standby->directory, NULL);
    database_execute(standby->url, "ALTER SYSTEM RESET synchronous_standby_names");
    database_execute(standby->url, "SELECT pg_reload_conf()");
}
