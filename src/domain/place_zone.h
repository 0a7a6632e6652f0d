/* The table of zones behind struct places, for the files about places. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PLACE_ZONE_H
#define INLET_DOMAIN_PLACE_ZONE_H

#include "inlet/domain/place.h"

#include <stdint.h>

/* A set of the zones that places.inc numbers, one bit each. */
typedef uint64_t place_zone_bits;

/* Adds the zones of BITS. */
void place_zones_add_bits(struct place_zones *zones, const struct places *places, place_zone_bits bits);

/* Adds the zones zone.tab gives the country; none when it does not know the country. ERR_MEMORY. */
NODISCARD enum err place_zones_add_country(struct place_zones *zones, const struct places *places,
                                           struct slice country);

#endif
