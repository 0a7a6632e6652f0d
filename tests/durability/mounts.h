/* File systems of the test's own, where the system permits them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_MOUNTS_H
#define INLET_TESTS_DURABILITY_MOUNTS_H

#include <stdbool.h>

/* Gives the process its own view of what is mounted, which ends with it; without privileges in a user namespace of its
 * own. Before there are threads. False: the system does not permit it. */
bool mounts_begin(void);

/* A file system in memory of MIB at PATH. False: not permitted. */
bool mounts_small(const char *path, unsigned mib);

/* Makes PATH read-only, or writable again. Nobody may have a file below it open for writing. */
bool mounts_read_only(const char *path);
void mounts_undo(const char *path);

#endif
