/* Why a text is not JSON, in the words of Python's json module. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_CODEC_JIN_FAULT_H
#define INLET_CODEC_JIN_FAULT_H

#include "inlet/codec/jin.h"

/* jansson gives up beyond 2048 levels; 1 MiB of stack carries this many in safety. */
#define JIN_DEPTH_CEILING 1000

/* Fills FAULT (nothing happens when it is NULL) for POSITION of TEXT. */
void jin_fault_set(struct jin_fault *fault, struct slice text, size_t position, const char *format, ...)
    PRINTF(4, 5);

/*
 * Reads TEXT, which was refused, strictly from its start and fills FAULT with the first fault as Python
 * reports it. Whether there is one; jansson has the last word, so a caller must cope with false.
 */
bool jin_fault_find(struct slice text, bool repair_newlines, struct jin_fault *fault);

#endif
