/* One run of the binary: its words, its surroundings, what it says and how it ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_HTTP_PROGRAM_H
#define INLET_TESTS_HTTP_PROGRAM_H

#include "inlet/base/buffer.h"

#define PROGRAM_WORDS_MAX 20

struct program {
    int status;             /* of the last run; 128 + n for a signal n */
    struct buffer out, err; /* what it printed, each with a NUL byte after its end */
};

void program_init(struct program *program);
void program_done(struct program *program);

/* Runs "inlet WORDS…" (ended by NULL) to its end. INPUT becomes its standard input. SETTING ("INLET_DB=…") is put into its
 * environment, which has no other INLET_ variable; NULL: none. */
void program_run(struct program *program, const char *const *words, struct slice input, const char *setting);

#endif
