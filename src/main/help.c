/* --help, made from the tables of commands and settings. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <stdio.h>

static void print_usage(const struct command *command)
{
    printf("inlet %s%s%s%s%s [options]\n", command->noun, command->verb ? " " : "",
           command->verb ? command->verb : "", command->arguments ? " " : "",
           command->arguments ? command->arguments : "");
}

void help_program(void)
{
    printf("Inlet takes leads in, durably and exactly once, and gives them back over an API.\n\nCommands:\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &command_table[i];
        char name[64];
        snprintf(name, sizeof(name), "%s %s", command->noun, command->verb ? command->verb : "");
        printf("  %-24s %s\n", name, command->summary);
    }
    printf("\n\"inlet COMMAND --help\" shows a command's options.\n");
}

void help_noun(const char *noun)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].noun, noun) == 0) {
            print_usage(&command_table[i]);
            printf("    %s\n", command_table[i].summary);
        }
    }
}

static void print_option(const char *flag, const char *metavar, const char *help)
{
    char left[64];
    snprintf(left, sizeof(left), "%s %s", flag, metavar ? metavar : "");
    printf("  %-42s %s\n", left, help);
}

static void print_setting(const struct setting *setting)
{
    print_option(setting->flag, setting->metavar, setting->help);
    printf("  %-42s   (%s, in the file: %s; default: %s)\n", "", setting->environment, setting->name,
           setting->standard[0] ? setting->standard : "none");
}

void help_command(const struct command *command)
{
    printf("Usage: ");
    print_usage(command);
    printf("\n%s\n\nOptions:\n", command->summary);
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && command->options[i].flag; i++)
        print_option(command->options[i].flag, command->options[i].metavar, command->options[i].help);
    for (size_t i = 0; i < settings_count; i++) {
        if (command_takes(command, &settings_table[i]))
            print_setting(&settings_table[i]);
    }
    print_option("--config", "FILE", "read settings from FILE: lines of \"name = value\" (INLET_CONFIG)");
    if (!command->serves && !command->apart)
        print_option("--organization", "ID", "the tenant the command is about; default: 1");
    print_option("--help", NULL, "show this");
}
