/* Runs the binary and collects what it prints. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)16 << 20)

extern char **environ;

void program_init(struct program *program)
{
    program->status = -1;
    buffer_init(&program->out, OUTPUT_MAX);
    buffer_init(&program->err, OUTPUT_MAX);
}

void program_done(struct program *program)
{
    buffer_done(&program->out);
    buffer_done(&program->err);
}

/* A file without a name: unlike a pipe it cannot fill up while the other one is read. */
static FILE *nameless(void)
{
    FILE *file = tmpfile();
    if (!file)
        fail("tmpfile: %s", strerror(errno));
    return file;
}

static void read_back(FILE *file, struct buffer *text)
{
    buffer_clear(text);
    rewind(file);
    for (int c; (c = fgetc(file)) != EOF;)
        buffer_append_byte(text, (char)c);
    fclose(file);
    if (buffer_append_byte(text, '\0') != ERR_OK)
        fail("the program prints too much");
    text->length--;
}

static void set_environment(const char *setting)
{
    for (char **at = environ; *at;) {
        char name[128];
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(*at, "="), *at);
        if (strncmp(name, "INLET_", 6) == 0)
            unsetenv(name);
        else
            at++;
    }
    if (setting) {
        size_t length = strcspn(setting, "=");
        char name[128];
        snprintf(name, sizeof(name), "%.*s", (int)length, setting);
        setenv(name, setting + length + 1, 1);
    }
}

/* In the child. */
static _Noreturn void become(const char *const *words, const char *setting, FILE *in, FILE *out, FILE *err)
{
    static const char binary[] = INLET_BINARY;
    const char *all[PROGRAM_WORDS_MAX + 2] = {binary};
    const char *const *constant = all;
    char *const *arguments;
    for (size_t i = 0; words[i] && i < PROGRAM_WORDS_MAX; i++)
        all[i + 1] = words[i];
    set_environment(setting);
    dup2(fileno(in), STDIN_FILENO);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    memcpy(&arguments, &constant, sizeof(arguments)); /* execv changes none of them */
    execv(binary, arguments);
    _exit(127);
}

void program_run(struct program *program, const char *const *words, struct slice input, const char *setting)
{
    FILE *in = nameless(), *out = nameless(), *err = nameless();
    int status = 0;
    if (input.n > 0 && fwrite(input.p, 1, input.n, in) != input.n)
        fail("cannot write the input");
    fflush(in);
    rewind(in);
    pid_t pid = fork();
    if (pid == 0)
        become(words, setting, in, out, err);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        fail("fork: %s", strerror(errno));
    fclose(in);
    read_back(out, &program->out);
    read_back(err, &program->err);
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
