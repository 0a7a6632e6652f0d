/* Sets up what scenarios find, and starts their server. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <string.h>

/* Of a file's own, for the command line. */
#define WORDS_MAX 8
#define WORD_SIZE 1024

static void fill_word(struct slice word, const char *path, char ret_word[WORD_SIZE])
{
    const char *end = strrchr(path, '/');
    int folder = slice_starts(word, SLICE("./")) && end ? (int)(end - path) + 1 : 0;
    snprintf(ret_word, WORD_SIZE, "%.*s%.*s", folder, path, SLICE_ARG(word));
}

void stage_set(struct stage *stage, const struct value *serve, const char *path)
{
    const char *options[HARNESS_ARGUMENTS_MAX + 1] = {"--time-zone", "America/Los_Angeles", "--log-level",
                                                      "warning"};
    static const char *const setup[][7] = {
        {"lead-type", "create", "--id", "1", "--name", "Campaign 1", NULL},
        {"lead-type", "create", "--id", "123", "--name", "Campaign 123", NULL},
        {"representative", "create", "--id", "1", "--name", "Representative 1", NULL},
        {"representative", "create", "--id", "456", "--name", "Representative 456", NULL},
        {"organization", "create", "--id", "2", "--name", "Other", NULL},
    };
    static const char *const other[] = {"token", "create",  "--organization", "2", "--name",
                                        "other", "--scope", "admin",          NULL};
    char words[WORDS_MAX][WORD_SIZE];
    struct buffer key CLEANUP(buffer_done) = BUFFER_INIT(1024);
    harness_open(&stage->harness);
    for (size_t i = 0; i < ARRAY_LENGTH(setup); i++)
        harness_setup(&stage->harness, setup[i]);
    if (harness_command(&stage->harness, other, SLICE_NULL, &key) != 0)
        fail("cannot make a token for organization 2");
    snprintf(stage->other_token, sizeof(stage->other_token), "%.*s", SLICE_ARG(buffer_slice(&key)));
    for (size_t i = 0; serve && i < serve->array.count && i < WORDS_MAX; i++) {
        fill_word(serve->array.items[i].text, path, words[i]);
        options[i + 4] = words[i];
    }
    harness_start(&stage->harness, options);
}
