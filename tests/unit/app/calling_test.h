/* What tests of calling share: the rulebook that comes with the program, with an operator's file on top or without. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_CALLING_H
#define INLET_TESTS_CALLING_H

#include "inlet/app/calling_rules.h"
#include "inlet/base/compiler.h"
#include "inlet/codec/jin.h"
#include "unit.h"

/* OWN_RULES: the path of an operator's file, or NULL. */
static inline struct calling_rulebook *calling_test_rulebook(const char *own_rules)
{
    struct buffer faults CLEANUP(buffer_done) = BUFFER_INIT(1 << 16);
    const struct calling_sources sources = {.own_rules = own_rules};
    struct calling_rulebook *rulebook = NULL;
    jin_module_init();
    enum err error = calling_rulebook_open(&sources, &faults, &rulebook);
    ck_assert_msg(error == ERR_OK, "%s: %.*s", err_text(error), SLICE_ARG(buffer_slice(&faults)));
    return rulebook;
}

#endif
