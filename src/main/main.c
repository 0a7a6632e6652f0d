/* The program: reads the command line, finds the command, runs it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "inlet/base/log.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"
#include "inlet/domain/email.h"
#include "inlet/domain/phone.h"
#include "inlet/store/store.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define INVOCATION_MEMORY_MAX ((size_t)256 << 20)

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("inlet: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void complain_lines(struct slice text)
{
    while (text.n > 0) {
        struct slice line = slice_cut(text, '\n', &text);
        complain("%.*s", SLICE_ARG(line));
    }
}

const char *invocation_value(const struct invocation *invocation, const char *flag)
{
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && invocation->command->options[i].flag; i++) {
        if (strcmp(invocation->command->options[i].flag, flag) == 0)
            return invocation->values[i];
    }
    return NULL;
}

const char *shown_url(struct invocation *invocation, const char *url)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(65536);
    struct slice copy;
    if (store_url_shown(url, &text) != ERR_OK ||
        arena_copy(&invocation->arena, buffer_slice(&text), &copy) != ERR_OK)
        return "the database";
    return copy.p;
}

/* Words of the command line still to be read. */
struct words {
    char **at, **end;
};

/* "--name=value" or "--name value": splits off the value. NULL when it is missing. */
static const char *take_value(struct slice *flag, struct words *words)
{
    size_t equals = slice_find(*flag, '=');
    if (equals < flag->n) {
        const char *value = flag->p + equals + 1;
        *flag = slice_head(*flag, equals);
        return value;
    }
    return words->at < words->end ? *words->at++ : NULL;
}

/* The command's own option of that name, or NULL. */
static const struct option *find_option(const struct command *command, struct slice flag)
{
    struct slice name = slice_head(flag, slice_find(flag, '='));
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && command->options[i].flag; i++) {
        if (slice_equal(slice_from(command->options[i].flag), name))
            return &command->options[i];
    }
    return NULL;
}

bool command_takes(const struct command *command, const struct setting *setting)
{
    return command->serves || (setting->everywhere && !command->apart);
}

static bool is_own_setting(const struct command *command, struct slice flag)
{
    struct slice name = slice_head(flag, slice_find(flag, '='));
    for (size_t i = 0; i < settings_count; i++) {
        if (slice_equal(slice_from(settings_table[i].flag), name))
            return command_takes(command, &settings_table[i]);
    }
    return false;
}

static int missing_value(const char *word)
{
    complain("%s needs a value", word);
    return EXIT_USAGE;
}

static int read_setting(struct invocation *invocation, const char *word, struct slice flag,
                        struct words *words)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    const char *value = take_value(&flag, words);
    if (!value)
        return missing_value(word);
    enum err error = settings_set_flag(&invocation->settings, flag, slice_from(value), &why);
    if (error == ERR_OK)
        return EXIT_DONE;
    complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
    return EXIT_USAGE;
}

static int read_organization(struct invocation *invocation, const char *word, struct slice flag,
                             struct words *words)
{
    const char *value = take_value(&flag, words);
    if (!value)
        return missing_value(word);
    if (number_parse_int64(slice_from(value), &invocation->organization_id) != ERR_OK ||
        invocation->organization_id < 1) {
        complain("--organization: \"%s\" is not an id", value);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static int read_option(struct invocation *invocation, const char *word, struct words *words)
{
    const struct command *command = invocation->command;
    struct slice flag = slice_from(word), name = slice_head(flag, slice_find(flag, '='));
    const struct option *option = find_option(command, flag);
    if (option) {
        if (!option->metavar && name.n < flag.n) {
            complain("%s takes no value", option->flag);
            return EXIT_USAGE;
        }
        const char *value = option->metavar ? take_value(&flag, words) : "";
        if (!value)
            return missing_value(word);
        invocation->values[option - command->options] = value;
        return EXIT_DONE;
    }
    if (is_own_setting(command, flag))
        return read_setting(invocation, word, flag, words);
    if (slice_equal(name, SLICE("--organization")) && !command->serves && !command->apart)
        return read_organization(invocation, word, flag, words);
    if (slice_equal(name, SLICE("--config")))
        return take_value(&flag, words) ? EXIT_DONE : missing_value(word); /* read before the others */
    complain("unknown option %s; \"inlet %s%s%s --help\" shows the options", word, command->noun,
             command->verb ? " " : "", command->verb ? command->verb : "");
    return EXIT_USAGE;
}

static int read_words(struct invocation *invocation, struct words words)
{
    while (words.at < words.end) {
        const char *word = *words.at++;
        assert(word); /* argv ends with NULL, and words end before it */
        if (strncmp(word, "--", 2) == 0) {
            int status = read_option(invocation, word, &words);
            if (status != EXIT_DONE)
                return status;
        } else if (invocation->command->arguments && invocation->argument_count < 1) {
            invocation->arguments[invocation->argument_count++] = word;
        } else {
            if (strstr(word, "://")) /* there may be a password in it */
                complain("unexpected word: the URL of a database goes after an option");
            else
                complain("unexpected word \"%s\"%s%s", word, invocation->command->no_arguments ? ": " : "",
                         invocation->command->no_arguments ? invocation->command->no_arguments : "");
            return EXIT_USAGE;
        }
    }
    if (invocation->command->arguments && invocation->argument_count == 0) {
        complain("%s is missing", invocation->command->arguments);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* The file of --config, or of INLET_CONFIG. */
static const char *config_file(struct words words)
{
    const char *file = getenv("INLET_CONFIG");
    if (file && !file[0])
        file = NULL;
    while (words.at < words.end) {
        struct slice flag = slice_from(*words.at++);
        if (slice_equal(slice_head(flag, slice_find(flag, '=')), SLICE("--config")))
            file = take_value(&flag, &words);
    }
    return file;
}

static bool wants_help(struct words words)
{
    for (; words.at < words.end; words.at++) {
        if (strcmp(*words.at, "--help") == 0 || strcmp(*words.at, "-h") == 0)
            return true;
    }
    return false;
}

static int run(const struct command *command, struct words words)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct invocation invocation = {.command = command, .organization_id = 1};
    arena_init(&invocation.arena, INVOCATION_MEMORY_MAX);
    int status = EXIT_FAILED;
    if (settings_load(&invocation.settings, config_file(words), &why) != ERR_OK)
        complain("%.*s", SLICE_ARG(buffer_slice(&why)));
    else
        status = read_words(&invocation, words);
    if (status == EXIT_DONE) {
        log_configure(LOG_TEXT, LOG_WARNING); /* serve says more; a command's own words are enough */
        jin_module_init();
        if (email_module_init() == ERR_OK && phone_module_init() == ERR_OK) {
            status = command->run(&invocation);
        } else {
            complain("cannot compile the patterns of e-mail addresses and phone numbers");
            status = EXIT_FAILED;
        }
        phone_module_done();
        email_module_done();
    }
    settings_done(&invocation.settings);
    arena_done(&invocation.arena);
    return status;
}

/* The command named by the first one or two words; *WORDS moves past them. NULL when there is none. */
static const struct command *find_command(struct words *words)
{
    const char *noun = *words->at;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &command_table[i];
        if (strcmp(command->noun, noun) != 0)
            continue;
        if (!command->verb) {
            words->at++;
            return command;
        }
        if (words->at + 1 < words->end && strcmp(command->verb, words->at[1]) == 0) {
            words->at += 2;
            return command;
        }
    }
    return NULL;
}

static bool is_noun(const char *word)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].noun, word) == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    struct words words = {argv + 1, argv + argc};
    bool help = wants_help(words);
    if (argc < 2 || argv[1][0] == '-') {
        if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
            printf("inlet %s\n", INLET_VERSION);
            return EXIT_DONE;
        }
        if (help) {
            help_program();
            return EXIT_DONE;
        }
        if (argc >= 2)
            complain("there is no option \"%s\"; \"inlet --help\" says what there is", argv[1]);
        else
            complain("a command is missing; \"inlet --help\" lists them");
        return EXIT_USAGE;
    }
    const struct command *command = find_command(&words);
    if (command && help) {
        help_command(command);
        return EXIT_DONE;
    }
    if (command)
        return run(command, words);
    if (is_noun(argv[1])) {
        if (!help)
            complain("\"%s\" needs one of these:", argv[1]);
        help_noun(argv[1]);
    } else {
        complain("there is no command \"%s\"; \"inlet --help\" lists them", argv[1]);
    }
    return help && is_noun(argv[1]) ? EXIT_DONE : EXIT_USAGE;
}
