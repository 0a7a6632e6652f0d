/* A closed list of words and their values. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_VOCABULARY_H
#define INLET_BASE_VOCABULARY_H

#include "inlet/base/slice.h"

#include <stddef.h>

/* Index i is the text of value i; index 0 stands for "none" and is a null slice. */
struct vocabulary {
    const struct slice *texts;
    size_t count; /* with index 0 */
};

/* The text of a value; a null slice for 0 and for anything outside. */
struct slice vocabulary_text(const struct vocabulary *vocabulary, int value);

/* The value of a text, exact; 0 when it is not in the vocabulary. */
int vocabulary_find(const struct vocabulary *vocabulary, struct slice text);

#endif
