/* The command line: a table of commands, their options, and what runs them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_COMMAND_H
#define INLET_MAIN_COMMAND_H

#include "inlet/codec/jout.h"
#include "inlet/codec/value.h"
#include "settings.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses. */
#define EXIT_DONE            0
#define EXIT_FAILED          1
#define EXIT_USAGE           2

#define COMMAND_OPTIONS_MAX  10
#define COMMAND_ARGUMENT_MAX 2

/* An option of one command, besides the settings and --organization, --config, --help that all have. */
struct option {
    const char *flag;    /* "--name" */
    const char *metavar; /* NULL: it takes no value */
    const char *help;
};

struct invocation;

struct command {
    const char *noun, *verb; /* "token", "create"; verb NULL: "serve" */
    const char *arguments;   /* "UUID"; NULL: none */
    const char *summary;     /* one line */
    struct option options[COMMAND_OPTIONS_MAX];
    const char *no_arguments; /* what to say to a word that is none of its own; NULL: nothing */
    bool serves;              /* takes the settings of serve */
    bool apart;               /* has nothing to do with the database of --db and its tenants */
    int (*run)(struct invocation *invocation);
};

extern const struct command command_table[];
extern const size_t command_count;

/* One run of the program. */
struct invocation {
    const struct command *command;
    struct settings settings;
    int64_t organization_id;
    const char *values[COMMAND_OPTIONS_MAX]; /* parallel to command->options; "" for a flag without a value */
    const char *arguments[COMMAND_ARGUMENT_MAX];
    size_t argument_count;
    struct arena arena;
};

/* Whether a command takes a setting as a flag. */
bool command_takes(const struct command *command, const struct setting *setting);

/* The value of an option: NULL when it was not given. */
const char *invocation_value(const struct invocation *invocation, const char *flag);

/* Says what is wrong on standard error, in one line that begins with the program's name. */
void complain(const char *format, ...) PRINTF(1, 2);

/* The same for each line of a text. */
void complain_lines(struct slice text);

/* URL of a database as it may be printed and logged: without its password. Lives as long as the invocation. */
const char *shown_url(struct invocation *invocation, const char *url);

/* help.c */
void help_program(void);
void help_noun(const char *noun);
void help_command(const struct command *command);

/* Commands, by file. */
int serve_command(struct invocation *invocation);
int migrate_command(struct invocation *invocation);
int copy_command(struct invocation *invocation);
int phone_command(struct invocation *invocation);
int call_window_command(struct invocation *invocation);
int version_command(struct invocation *invocation);
int organization_create_command(struct invocation *invocation);
int organization_list_command(struct invocation *invocation);
int token_create_command(struct invocation *invocation);
int token_list_command(struct invocation *invocation);
int token_revoke_command(struct invocation *invocation);
int lead_type_create_command(struct invocation *invocation);
int lead_type_list_command(struct invocation *invocation);
int lead_type_update_command(struct invocation *invocation);
int representative_create_command(struct invocation *invocation);
int representative_list_command(struct invocation *invocation);
int ingest_create_command(struct invocation *invocation);
int ingest_list_command(struct invocation *invocation);
int ingest_show_command(struct invocation *invocation);
int ingest_update_command(struct invocation *invocation);

#endif
