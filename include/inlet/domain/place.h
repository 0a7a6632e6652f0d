/* Places: states, area codes and countries, and the time zones people there may live by. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PLACE_H
#define INLET_DOMAIN_PLACE_H

#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/base/timezone.h"

#include <stdbool.h>
#include <stddef.h>

/* Every zone tzdata knows, and which of them each country has. Built once; any thread may use it. */
struct places;

/* Where the texts below are found on most systems. */
#define PLACE_ZONE_TAB   "/usr/share/zoneinfo/zone.tab"
#define PLACE_TZDATA_ZI  "/usr/share/zoneinfo/tzdata.zi"

#define PLACES_FAULT_MAX 200

/*
 * ZONE_TAB is the text of tzdata's zone.tab: which zones each country has. NAMES is that of its tzdata.zi, for the names of
 * all zones and links; null when there is none: then only zones of zone.tab have a name. Loads the zones that states and
 * area codes need. ERR_CONFIG: a text is not what it should be or tzdata lacks a zone, *RET_FAULT says which; ERR_MEMORY.
 * The caller owns *RET_PLACES: places_free.
 */
NODISCARD enum err places_new(struct slice zone_tab, struct slice names, struct places **ret_places,
                              char ret_fault[PLACES_FAULT_MAX]);
struct places *places_free(struct places *places);
void places_free_pointer(struct places **places);

/* The zone of that name. ERR_NOT_FOUND: tzdata has none of it; ERR_MEMORY. */
NODISCARD enum err places_zone(const struct places *places, struct slice name,
                               const struct timezone **ret_zone);

/* Versions of the tables inside the program: area codes (a date of NANPA's report), zones of the states. */
const char *place_area_codes_version(void);
const char *place_states_version(void);

/* The most zones one answer needs: those of all countries of calling code 1. */
#define PLACE_ZONES_MAX 128

/* Candidate zones, each once. */
struct place_zones {
    const struct timezone *items[PLACE_ZONES_MAX];
    size_t count;
};

/* Adds a zone, or those of another set, where not there yet. */
void place_zones_add(struct place_zones *zones, const struct timezone *zone);
void place_zones_join(struct place_zones *zones, const struct place_zones *more);

/* What a number says about where it is. */
struct place_number {
    unsigned area_code; /* 200 to 999; 0: not of calling code 1 */
    int state; /* value in us_states of a geographic US area code we know, territories included; 0: none */
    char region[3]; /* ISO 3166; "": unknown, or shared by several */
    bool known;     /* the area code is in the data */
};

/* Reads an E.164 number. REGION (may be empty) is used where the number itself does not tell, as phone_parse tells it. */
struct place_number place_of_number(struct slice e164, struct slice region);

/* A state, as a value in us_states, from what people write: "TX", "tx", "Texas", "Washington, D.C."; 0: none. */
int place_state(struct slice text);

/* The zones of a state by law; none for AA, AE, AP. */
void place_zones_of_state(const struct places *places, int state, struct place_zones *ret_zones);

/* The zones of a number: its area code's whole territory; for numbers that are not geographic, and area codes not in the
 * data, every zone of the number's country, or of all countries that share its calling code. None: satellite, +800. ERR_MEMORY. */
NODISCARD enum err place_zones_of_number(const struct places *places, const struct place_number *number,
                                         struct slice e164, struct place_zones *ret_zones);

#endif
