/* What the parts of the command line's test share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_CLI_H
#define INLET_TESTS_HTTP_CLI_H

#include "harness.h"
#include "program.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cli {
    struct harness harness;
    struct program program; /* the last run */
};

/* Counts a condition; one that does not hold is printed with the last run. */
bool cli_check(bool good, const char *file, int line, const char *what, const struct program *program);
#define CHECK(cli, condition) cli_check((condition), __FILE__, __LINE__, #condition, &(cli)->program)

/* Runs "inlet LINE": words separated by blanks, '' is the empty one. INPUT, SETTING: see program.h; NULL: none. Returns the
 * exit status. */
int cli_run(struct program *program, const char *line, const char *input, const char *setting);
/* As above, on the harness's database. */
int cli_run_on(struct cli *cli, const char *line, const char *input);

/* Whether TEXT holds PART; for an empty PART, whether TEXT is empty too. */
bool cli_says(const char *text, const char *part);

/* How many rows of the JSON list that was printed have TEXT under KEY; 0 when it was no list. *RET_ID (may be NULL) is the id of
 * the last of them, if it has one. */
size_t cli_json_rows(const struct program *program, const char *key, const char *text, int64_t *ret_id);

/* The status of a request with TOKEN. */
unsigned cli_ask(const struct harness *harness, const char *method, const char *path, const char *token,
                 const char *body);

#define CLI_WAIT_TRIES 200
void cli_pause_50_ms(void);

/* Whether a list of leads with TOKEN is answered with STATUS: at once, but where other processes change the database, soon. */
bool cli_comes_to(const struct harness *harness, const char *token, unsigned status);

/* The parts, in order. */
void cli_words(struct cli *cli);                      /* help and usage errors, without a database */
void cli_settings(struct cli *cli);                   /* file, environment, flags */
void cli_calling(struct cli *cli);                    /* call-window, which needs no database */
void cli_refusals(struct cli *cli);                   /* well-formed commands that fail */
void cli_commands(struct cli *cli, const char *name); /* every command; NAME makes what they create unique */
void cli_copy(struct cli *cli);                       /* the database into another one */
void cli_shared(struct cli *cli); /* a server that is not there; many processes, one database */
void cli_server(struct cli *cli); /* all of it beside a running server, its log and its signals */

#endif
