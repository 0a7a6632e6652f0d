/* Every zone of tzdata under its name, and the zones of each country. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "place_zone.h"

#include "inlet/base/arena.h"
#include "inlet/base/compiler.h"
#include "inlet/base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * DESIGN: names are known from the start, files are read when a zone is first asked for: a lead may name any of some
 * 600 zones, and most never are. THREADS: the table never changes but for the pointer to a zone, which goes from "not
 * looked for" to the zone, or to "there is none", once, and is read without a lock after that.
 */
struct named_zone {
    struct slice name;
    _Atomic(const struct timezone *) zone;
    atomic_bool missing;
};

struct country_zone {
    struct slice country;
    size_t name;
};

struct places {
    struct arena arena;
    struct named_zone *names; /* ascending */
    size_t name_count;
    struct country_zone *countries; /* ascending by country, in the order of the file within one */
    size_t country_count;
    const struct timezone *numbered[64]; /* the zones of places.inc */
};

#define ARENA_MAX       (8u << 20)
#define NAMES_MAX       4096
#define NAME_MAX_LENGTH 64

static const char *const numbered_names[] = {
#define PLACE_ZONE(number, name) [number] = name,
#include "places.inc"
#undef PLACE_ZONE
};

static int compare_names(const void *a, const void *b)
{
    return slice_compare(((const struct named_zone *)a)->name, ((const struct named_zone *)b)->name);
}

static int compare_countries(const void *a, const void *b)
{
    const struct country_zone *left = a, *right = b;
    int order = slice_compare(left->country, right->country);
    return order != 0 ? order : left->name < right->name ? -1 : left->name > right->name;
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && c != '/' && c != '_' && c != '-' && c != '+')
            return false;
    }
    return text.n > 0 && text.n <= NAME_MAX_LENGTH && text.p[0] != '/';
}

static struct named_zone *find_name(const struct places *places, struct slice name)
{
    size_t low = 0, high = places->name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(places->names[middle].name, name);
        if (order == 0)
            return &places->names[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum err load(struct named_zone *named, const struct timezone **ret_zone)
{
    struct timezone *loaded = NULL;
    enum err error = timezone_load(named->name.p, &loaded);
    if (error == ERR_NOT_FOUND)
        atomic_store_explicit(&named->missing, true, memory_order_relaxed);
    TRY(error);
    atomic_store_explicit(&named->zone, loaded, memory_order_release);
    *ret_zone = loaded;
    return ERR_OK;
}

static enum err zone_of(struct named_zone *named, const struct timezone **ret_zone)
{
    static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
    const struct timezone *zone = atomic_load_explicit(&named->zone, memory_order_acquire);
    enum err error = ERR_OK;
    if (!zone && atomic_load_explicit(&named->missing, memory_order_relaxed))
        return ERR_NOT_FOUND;
    if (!zone) {
        pthread_mutex_lock(&loading);
        zone = atomic_load_explicit(&named->zone, memory_order_acquire);
        if (!zone)
            error = load(named, &zone);
        pthread_mutex_unlock(&loading);
    }
    TRY(error);
    *ret_zone = zone;
    return ERR_OK;
}

enum err places_zone(const struct places *places, struct slice name, const struct timezone **ret_zone)
{
    struct named_zone *named = find_name(places, name);
    return named ? zone_of(named, ret_zone) : ERR_NOT_FOUND;
}

static enum err add_name(struct places *places, struct slice name)
{
    if (!is_name(name) || places->name_count == NAMES_MAX)
        return ERR_OK;
    struct named_zone *named = &places->names[places->name_count];
    TRY(arena_copy(&places->arena, name, &named->name));
    places->name_count++;
    return ERR_OK;
}

/* Of tzdata.zi: "Z America/New_York -4:56:02 …" is a zone, "L America/New_York US/Eastern" another name of one. */
static enum err read_names(struct places *places, struct slice text)
{
    while (text.n > 0) {
        struct slice line = slice_cut(text, '\n', &text);
        struct slice kind = slice_cut(line, ' ', &line);
        struct slice first = slice_cut(line, ' ', &line);
        if (slice_equal(kind, SLICE("Z")))
            TRY(add_name(places, first));
        else if (slice_equal(kind, SLICE("L")))
            TRY(add_name(places, slice_cut(line, ' ', &line)));
    }
    return ERR_OK;
}

/* The country and the zone of the next line of zone.tab that has some. */
static bool next_row(struct slice *text, struct slice *ret_country, struct slice *ret_name)
{
    while (text->n > 0) {
        struct slice line = slice_cut(*text, '\n', text);
        struct slice country = slice_cut(line, '\t', &line);
        if (country.n != 2 || slice_is_null(line))
            continue;
        slice_cut(line, '\t', &line); /* coordinates */
        *ret_country = country;
        *ret_name = slice_trim(slice_cut(line, '\t', &line));
        if (ret_name->n > 0)
            return true;
    }
    return false;
}

static void sort_names(struct places *places)
{
    qsort(places->names, places->name_count, sizeof(*places->names), compare_names);
    size_t kept = 0;
    for (size_t i = 0; i < places->name_count; i++) {
        if (kept == 0 || !slice_equal(places->names[kept - 1].name, places->names[i].name))
            places->names[kept++].name = places->names[i].name;
    }
    places->name_count = kept;
}

static enum err read_zone_tab(struct places *places, struct slice text)
{
    struct slice country, name;
    while (next_row(&text, &country, &name) && places->country_count < NAMES_MAX) {
        const struct named_zone *named = find_name(places, name);
        struct country_zone *row = &places->countries[places->country_count];
        if (!named)
            continue;
        TRY(arena_copy(&places->arena, country, &row->country));
        row->name = (size_t)(named - places->names);
        places->country_count++;
    }
    qsort(places->countries, places->country_count, sizeof(*places->countries), compare_countries);
    return ERR_OK;
}

static enum err build(struct places *places, struct slice zone_tab, struct slice names, char *ret_fault)
{
    struct slice rest = zone_tab, country, name;
    places->names = ARENA_ARRAY(&places->arena, struct named_zone, NAMES_MAX);
    places->countries = ARENA_ARRAY(&places->arena, struct country_zone, NAMES_MAX);
    if (!places->names || !places->countries)
        return ERR_MEMORY;
    TRY(read_names(places, names));
    while (next_row(&rest, &country, &name))
        TRY(add_name(places, name));
    sort_names(places);
    TRY(read_zone_tab(places, zone_tab));
    if (places->country_count == 0) {
        snprintf(ret_fault, PLACES_FAULT_MAX, "tzdata's zone.tab lists no zone of any country");
        return ERR_CONFIG;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(numbered_names); i++) {
        enum err error = places_zone(places, slice_from(numbered_names[i]), &places->numbered[i]);
        if (error == ERR_NOT_FOUND) {
            snprintf(ret_fault, PLACES_FAULT_MAX, "tzdata lacks the time zone %s", numbered_names[i]);
            return ERR_CONFIG;
        }
        TRY(error);
    }
    return ERR_OK;
}

enum err places_new(struct slice zone_tab, struct slice names, struct places **ret_places,
                    char ret_fault[PLACES_FAULT_MAX])
{
    CLEANUP(places_free_pointer) struct places *places = mem_zero(1, sizeof(*places));
    ret_fault[0] = '\0';
    if (!places)
        return ERR_MEMORY;
    arena_init(&places->arena, ARENA_MAX);
    TRY(build(places, zone_tab, names, ret_fault));
    *ret_places = TAKE(places);
    return ERR_OK;
}

/* Gives the const of the table's pointers back to their owner. */
static struct timezone *owned(const struct timezone *zone)
{
    union {
        const struct timezone *shared;
        struct timezone *own;
    } pointer = {.shared = zone};
    return pointer.own;
}

struct places *places_free(struct places *places)
{
    if (places) {
        for (size_t i = 0; i < places->name_count; i++)
            timezone_free(owned(atomic_load(&places->names[i].zone)));
        arena_done(&places->arena);
        mem_free(places);
    }
    return NULL;
}

void places_free_pointer(struct places **places)
{
    *places = places_free(*places);
}

void place_zones_add(struct place_zones *zones, const struct timezone *zone)
{
    for (size_t i = 0; i < zones->count; i++) {
        if (zones->items[i] == zone)
            return;
    }
    if (zone && zones->count < PLACE_ZONES_MAX)
        zones->items[zones->count++] = zone;
}

void place_zones_join(struct place_zones *zones, const struct place_zones *more)
{
    for (size_t i = 0; i < more->count; i++)
        place_zones_add(zones, more->items[i]);
}

void place_zones_add_bits(struct place_zones *zones, const struct places *places, place_zone_bits bits)
{
    for (size_t i = 0; bits != 0; i++, bits >>= 1) {
        if (bits & 1)
            place_zones_add(zones, places->numbered[i]);
    }
}

enum err place_zones_add_country(struct place_zones *zones, const struct places *places, struct slice country)
{
    size_t low = 0, high = places->country_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(places->countries[middle].country, country) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < places->country_count && slice_equal(places->countries[low].country, country); low++) {
        const struct timezone *zone = NULL;
        enum err error = zone_of(&places->names[places->countries[low].name], &zone);
        if (error != ERR_NOT_FOUND)
            TRY(error);
        place_zones_add(zones, zone);
    }
    return ERR_OK;
}
