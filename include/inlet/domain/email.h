/* E-mail addresses: Django's notion of a valid one, and the key duplicates are found by. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_EMAIL_H
#define INLET_DOMAIN_EMAIL_H

#include "inlet/base/arena.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>

/* Compiles the patterns, once, before threads start; email_module_done frees them. ERR_MEMORY,
 * ERR_INTERNAL. */
NODISCARD enum err email_module_init(void);
void email_module_done(void);

/* Whether django.core.validators.EmailValidator (Django 3.2) takes the address: dot-atom or quoted local
 * part; a domain of letters-digits-hyphens with a dot, "localhost", an IDN domain that has such a punycode
 * form, or an address literal. An unusual one is not valid either when there is no memory to match it in. */
bool email_is_valid(struct slice address);

/*
 * What two addresses must share to be the same person's (docs/behaviour.md section 4): trimmed, ASCII lower
 * case, the domain in its IDNA (A-label) form; '' for null and blank. A domain that IDNA cannot encode stays
 * as it is, in lower case. ERR_MEMORY.
 */
NODISCARD enum err email_key(struct arena *arena, struct slice address, struct slice *ret_key);

#endif
