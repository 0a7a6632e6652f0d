/* Places from the system's tzdata, for tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_PLACE_H
#define INLET_TESTS_PLACE_H

#include "inlet/domain/place.h"
#include "unit.h"

#include <stdio.h>

static inline struct slice place_test_file(const char *path)
{
    static char texts[2][1 << 18];
    static int turn;
    turn = 1 - turn;
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    size_t length = fread(texts[turn], 1, sizeof(texts[turn]), file);
    fclose(file);
    ck_assert_uint_lt(length, sizeof(texts[turn]));
    return slice_of(texts[turn], length);
}

static inline struct places *place_test_places(void)
{
    char fault[PLACES_FAULT_MAX];
    struct places *places = NULL;
    struct slice zone_tab = place_test_file(PLACE_ZONE_TAB), names = place_test_file(PLACE_TZDATA_ZI);
    ck_assert_msg(places_new(zone_tab, names, &places, fault) == ERR_OK, "%s", fault);
    return places;
}

#endif
