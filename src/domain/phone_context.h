/* Telephone numbers as URIs, RFC 3966: their context and their parameters. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_CONTEXT_H
#define INLET_DOMAIN_PHONE_CONTEXT_H

#include "phone_text.h"

/*
 * The part of TEXT that may be a number: of a URI with a phone-context, its number behind that context; of anything else what
 * phone_text_possible_number finds; without an ISDN subaddress. STORAGE holds it where it is no part of TEXT. False: the
 * context is neither a number nor a domain.
 */
bool phone_context_candidate(const struct phone_text *text, struct phone_text *storage,
                             struct slice *ret_candidate);

#endif
