/* Time zones through GLib's GTimeZone, which reads the system's tzdata. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/timezone.h"

#include "timezone_zone.h"

#include "inlet/base/mem.h"

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

struct timezone {
    GTimeZone *zone;
    unsigned serial; /* never used twice: tells zones apart in the cache even when memory is */
    char name[];
};

static atomic_uint last_serial;

enum err timezone_load(const char *name, struct timezone **ret_zone)
{
    size_t length = strlen(name);
    /* GLib takes ":path" and POSIX rules too; a name of tzdata is meant here and nothing else. */
    if (length == 0 || name[0] == ':' || name[0] == '/' || strstr(name, ".."))
        return ERR_NOT_FOUND;
    GTimeZone *zone = g_time_zone_new_identifier(name);
    if (!zone)
        return ERR_NOT_FOUND;
    struct timezone *loaded = mem_alloc(sizeof(*loaded) + length + 1);
    if (!loaded) {
        g_time_zone_unref(zone);
        return ERR_MEMORY;
    }
    loaded->zone = zone;
    loaded->serial = atomic_fetch_add(&last_serial, 1) + 1;
    memcpy(loaded->name, name, length + 1);
    *ret_zone = loaded;
    return ERR_OK;
}

struct timezone *timezone_free(struct timezone *zone)
{
    if (zone) {
        g_time_zone_unref(zone->zone);
        mem_free(zone);
    }
    return NULL;
}

void timezone_free_pointer(struct timezone **zone)
{
    *zone = timezone_free(*zone);
}

const char *timezone_name(const struct timezone *zone)
{
    return zone->name;
}

unsigned timezone_serial(const struct timezone *zone)
{
    return zone->serial;
}

int timezone_interval(const struct timezone *zone, int64_t utc_s)
{
    return g_time_zone_find_interval(zone->zone, G_TIME_TYPE_UNIVERSAL, utc_s);
}

static int64_t seconds_of(int64_t us)
{
    return us / 1000000 - (us % 1000000 < 0);
}

static int ask(const struct timezone *zone, int64_t utc_s)
{
    gint interval = g_time_zone_find_interval(zone->zone, G_TIME_TYPE_UNIVERSAL, utc_s);
    return interval < 0 ? 0 : g_time_zone_get_offset(zone->zone, interval);
}

/* GLib walks through all transitions of a zone at each question, and every answer asks five times, mostly about now. Since
 * 1973 no offset has changed but at a quarter of an hour of UTC, so one answer holds for its quarter. */
#define QUARTER_S    900
#define CACHE_FROM_S INT64_C(94694400)
#define CACHE_SLOTS  16

struct cached_offset {
    unsigned serial;
    int offset_s;
    int64_t quarter;
};

int timezone_offset_s(const struct timezone *zone, int64_t utc_us)
{
    static _Thread_local struct cached_offset cache[CACHE_SLOTS];
    int64_t utc_s = seconds_of(utc_us);
    if (utc_s < CACHE_FROM_S)
        return ask(zone, utc_s);
    int64_t quarter = utc_s / QUARTER_S;
    struct cached_offset *slot = &cache[(uint64_t)quarter % CACHE_SLOTS];
    if (slot->serial != zone->serial || slot->quarter != quarter)
        *slot =
            (struct cached_offset){.serial = zone->serial, .offset_s = ask(zone, utc_s), .quarter = quarter};
    return slot->offset_s;
}

enum local_kind timezone_local_to_utc(const struct timezone *zone, int64_t local_us, int64_t *ret_utc_us)
{
    /* No two changes of offset lie within two days of each other, so the offsets a day before and a day after are the
     * only candidates. */
    const int64_t day_us = INT64_C(86400000000);
    int before = timezone_offset_s(zone, local_us - day_us);
    int after = timezone_offset_s(zone, local_us + day_us);
    int64_t early = local_us - (int64_t)before * 1000000;
    int64_t late = local_us - (int64_t)after * 1000000;
    bool early_holds = timezone_offset_s(zone, early) == before;
    bool late_holds = timezone_offset_s(zone, late) == after;
    *ret_utc_us = early_holds || !late_holds ? early : late;
    if (!early_holds && !late_holds)
        return LOCAL_MISSING;
    if (early_holds && late_holds && early != late) {
        *ret_utc_us = early < late ? early : late;
        return LOCAL_AMBIGUOUS;
    }
    return LOCAL_UNIQUE;
}
