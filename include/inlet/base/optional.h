/* Values of a request that may be absent, null or set: the three are different in a PATCH. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_OPTIONAL_H
#define INLET_BASE_OPTIONAL_H

#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum presence { ABSENT, GIVEN_NULL, GIVEN };

struct optional_text {
    enum presence presence;
    struct slice value;
};

struct optional_integer {
    enum presence presence;
    int64_t value;
};

struct optional_boolean {
    enum presence presence;
    bool value;
};

/* Microseconds since 1970-01-01 UTC. */
struct optional_time {
    enum presence presence;
    int64_t value;
};

/* A value of the field's vocabulary; 0: blank. */
struct optional_choice {
    enum presence presence;
    int value;
};

struct value;

/* A JSON value of any kind; NULL unless GIVEN. */
struct optional_value {
    enum presence presence;
    const struct value *value;
};

#endif
