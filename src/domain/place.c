/* States and numbers, and where they are, from the tables of the program. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/place.h"

#include "place_zone.h"

#include "inlet/base/compiler.h"
#include "inlet/domain/us_state.h"

#define AREA_MIN      200
#define AREA_MAX      999
#define REGION_LENGTH 2
#define E164_AREA_END 5

struct area {
    char country[3];
    char place[3]; /* state or province */
    place_zone_bits zones;
};

/* The rows for area codes that are not in the data have no country. */
static const struct area areas[AREA_MAX + 1] = {
#define PLACE_AREA(code, country, place, zones) [code] = {country, place, zones},
#include "places.inc"
#undef PLACE_AREA
};

static const struct state_zones {
    char code[3];
    place_zone_bits zones;
} states[] = {
#define PLACE_STATE(code, zones) {code, zones},
#include "places.inc"
#undef PLACE_STATE
};

static const struct calling_code {
    const char *code, *regions;
} calling_codes[] = {
#define PLACE_CALLING_CODE(code, regions) {code, regions},
#include "places.inc"
#undef PLACE_CALLING_CODE
};

static const struct {
    const char *areas, *states;
} versions = {
#define PLACE_VERSION(areas, states) areas, states
#include "places.inc"
#undef PLACE_VERSION
};

const char *place_area_codes_version(void)
{
    return versions.areas;
}

const char *place_states_version(void)
{
    return versions.states;
}

/* How people write some of them otherwise. */
static const struct {
    struct slice name, code;
} other_names[] = {
    {SLICE_INIT("D.C."), SLICE_INIT("DC")},
    {SLICE_INIT("Washington DC"), SLICE_INIT("DC")},
    {SLICE_INIT("Washington D.C."), SLICE_INIT("DC")},
    {SLICE_INIT("Washington, DC"), SLICE_INIT("DC")},
    {SLICE_INIT("Washington, D.C."), SLICE_INIT("DC")},
    {SLICE_INIT("U.S. Virgin Islands"), SLICE_INIT("VI")},
    {SLICE_INIT("US Virgin Islands"), SLICE_INIT("VI")},
};

int place_state(struct slice text)
{
    struct slice name = slice_trim_unicode(text);
    if (name.n == 0)
        return 0;
    for (int state = 1; state < (int)us_states.count; state++) {
        if (slice_equal_nocase(us_states.texts[state], name) ||
            slice_equal_nocase(us_state_name(state), name))
            return state;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(other_names); i++) {
        if (slice_equal_nocase(other_names[i].name, name))
            return vocabulary_find(&us_states, other_names[i].code);
    }
    return 0;
}

static void copy_region(char to[3], struct slice region)
{
    if (region.n == REGION_LENGTH)
        memcpy(to, region.p, REGION_LENGTH);
}

struct place_number place_of_number(struct slice e164, struct slice region)
{
    struct place_number number = {0};
    copy_region(number.region, region);
    if (e164.n < E164_AREA_END || !slice_starts(e164, SLICE("+1")))
        return number;
    for (size_t i = 2; i < E164_AREA_END; i++) {
        if (e164.p[i] < '0' || e164.p[i] > '9')
            return number;
        number.area_code = number.area_code * 10 + (unsigned)(e164.p[i] - '0');
    }
    if (number.area_code < AREA_MIN || !areas[number.area_code].country[0])
        return number;
    const struct area *area = &areas[number.area_code];
    number.known = true;
    copy_region(number.region, slice_from(area->country));
    if (slice_equal(slice_from(area->country), SLICE("US")) && area->place[0])
        number.state = vocabulary_find(&us_states, slice_from(area->place));
    return number;
}

void place_zones_of_state(const struct places *places, int state, struct place_zones *ret_zones)
{
    struct slice code = vocabulary_text(&us_states, state);
    ret_zones->count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        if (slice_equal(slice_from(states[i].code), code))
            place_zones_add_bits(ret_zones, places, states[i].zones);
    }
}

/* The regions that share the number's calling code. */
static struct slice regions_of(struct slice e164)
{
    struct slice digits = slice_skip(e164, 1);
    for (size_t i = 0; i < ARRAY_LENGTH(calling_codes); i++) {
        if (slice_starts(digits, slice_from(calling_codes[i].code)))
            return slice_from(calling_codes[i].regions);
    }
    return SLICE("");
}

enum err place_zones_of_number(const struct places *places, const struct place_number *number,
                               struct slice e164, struct place_zones *ret_zones)
{
    ret_zones->count = 0;
    if (number->known && areas[number->area_code].zones) {
        place_zones_add_bits(ret_zones, places, areas[number->area_code].zones);
        return ERR_OK;
    }
    if (number->region[0])
        return place_zones_add_country(ret_zones, places, slice_of(number->region, REGION_LENGTH));
    for (struct slice rest = regions_of(e164); rest.n > 0;)
        TRY(place_zones_add_country(ret_zones, places, slice_cut(rest, ',', &rest)));
    return ERR_OK;
}
