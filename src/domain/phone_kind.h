/* Which region a national number belongs to, and what kind of number it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_KIND_H
#define INLET_DOMAIN_PHONE_KIND_H

#include "phone_metadata.h"

/* Finds the region of NATIONAL among those with CALLING_CODE, and its type there. False: it is no valid number. */
bool phone_kind_find(unsigned calling_code, struct slice national, const struct phone_region **ret_region,
                     enum phone_type *ret_type);

#endif
