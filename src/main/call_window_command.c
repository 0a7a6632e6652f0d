/* call-window: when somebody may be called, by the rules alone. Needs no database. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "call_window.h"

#include "inlet/base/clock.h"

#include <stdio.h>

#define ANSWER_MAX ((size_t)16 << 20)
#define FAULTS_MAX ((size_t)1 << 20)

/* --calling-rules and --phone-region: settings of serve that this command takes, too. */
static bool set_settings(struct invocation *invocation)
{
    static const char *const flags[] = {"--calling-rules", "--phone-region"};
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
        const char *value = invocation_value(invocation, flags[i]);
        enum err error =
            value ? settings_set_flag(&invocation->settings, slice_from(flags[i]), slice_from(value), &why)
                  : ERR_OK;
        if (error != ERR_OK) {
            complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
            return false;
        }
    }
    return true;
}

static bool read_options(const struct invocation *invocation, const struct window_desk *desk,
                         struct window_question *question)
{
    for (size_t i = 0; i < window_part_count; i++) {
        const struct window_part *part = &window_parts[i];
        char flag[32];
        snprintf(flag, sizeof(flag), "--%s", part->name);
        const char *value = invocation_value(invocation, flag);
        if (value && !part->read(desk, slice_from(value), question)) {
            complain("%s: \"%s\": %s", flag, value, part->expected);
            return false;
        }
    }
    if (!window_zone_known(desk, question))
        complain("--timezone: \"%.*s\" is not in the system's time zone data: ignored",
                 SLICE_ARG(question->timezone));
    return true;
}

static bool open_desk(const struct settings *settings, struct window_desk *desk)
{
    struct buffer faults CLEANUP(buffer_done) = BUFFER_INIT(FAULTS_MAX);
    struct calling_sources sources = {.own_rules = settings->calling_rules};
    desk->phone_region = settings->phone_region;
    enum err error = calling_rulebook_open(&sources, &faults, &desk->rulebook);
    if (error != ERR_OK) {
        complain_lines(faults.length > 0 ? buffer_slice(&faults) : slice_from(err_text(error)));
        return false;
    }
    desk->rules = calling_rulebook_rules(desk->rulebook);
    if (timezone_load(settings->time_zone, &desk->timezone) == ERR_OK)
        return true;
    complain("the time zone \"%s\" is not in the system's time zone data", settings->time_zone);
    return false;
}

static void close_desk(struct window_desk *desk)
{
    desk->timezone = timezone_free(desk->timezone);
    desk->rulebook = calling_rulebook_free(desk->rulebook);
}

static int print_answer(struct invocation *invocation, const struct window_desk *desk,
                        const struct window_question *question)
{
    struct buffer answer CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    enum err error = window_answer(desk, question, &invocation->arena, &answer);
    if (error == ERR_OK)
        error = buffer_append_byte(&answer, '\n');
    if (error != ERR_OK) {
        complain("%s", err_text(error));
        return EXIT_FAILED;
    }
    bool written = fwrite(answer.data, 1, answer.length, stdout) == answer.length && fflush(stdout) == 0;
    return written ? EXIT_DONE : EXIT_FAILED;
}

int call_window_command(struct invocation *invocation)
{
    struct window_desk desk CLEANUP(close_desk) = {0};
    struct window_question question = {.kind = CALLING_LIVE, .at_us = TIME_NONE};
    if (!set_settings(invocation))
        return EXIT_USAGE;
    if (!open_desk(&invocation->settings, &desk))
        return EXIT_FAILED;
    if (!read_options(invocation, &desk, &question))
        return EXIT_USAGE;
    if (invocation_value(invocation, "--batch"))
        return window_batch(&desk, &question);
    return print_answer(invocation, &desk, &question);
}
