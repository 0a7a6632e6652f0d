/* The same request from many connections at the same moment. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_SALVO_H
#define INLET_TESTS_DURABILITY_SALVO_H

#include "harness.h"

#include <stdatomic.h>

#define SALVO_CONNECTIONS_MAX 128

struct salvo {
    const char *target, *body;
    size_t connections, each;      /* each connection sends so many, one after the other */
    const struct harness *harness; /* another server than the one that salvo_fire is given; may be NULL */

    atomic_size_t created, reengaged; /* single answers by status, items of bulk answers by action */
    atomic_size_t other;              /* anything else, and no answer at all */
};

/* Fires all of them together: nobody sends before everybody is connected. */
void salvo_fire(const struct harness *harness, struct salvo *salvos, size_t count);

#endif
