/* Spans of equal offset: for questions that walk along the clock instead of asking about one instant. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/timezone.h"

#include "timezone_zone.h"

/*
 * DESIGN: GLib tells the number of the interval an instant lies in, not where it ends. So the end is searched: in steps
 * that double, then by halves. That takes some fifty questions, and the answer holds for months: each thread keeps it.
 */
#define SECOND_US    INT64_C(1000000)
#define DAY_S        INT64_C(86400)
#define REACH_S      (400 * DAY_S)
#define YEAR_US      (366 * DAY_S * SECOND_US)
#define BUCKET_SHIFT 23 /* 2^23 s are 97 days: a span is looked for again in each bucket it reaches into */
#define CACHE_SLOTS  512

struct cached_span {
    unsigned serial;
    struct timezone_span span;
};

static int64_t floor_seconds(int64_t us)
{
    return us / SECOND_US - (us % SECOND_US < 0);
}

/* The last second in DIRECTION from FROM_S, at most REACH_S away, that lies in the interval of FROM_S. */
static int64_t reach(const struct timezone *zone, int64_t from_s, int direction)
{
    int interval = timezone_interval(zone, from_s);
    int64_t inside = 0, outside = DAY_S;
    while (outside < REACH_S && timezone_interval(zone, from_s + direction * outside) == interval) {
        inside = outside;
        outside *= 2;
    }
    if (outside >= REACH_S) {
        outside = REACH_S;
        if (timezone_interval(zone, from_s + direction * outside) == interval)
            return from_s + direction * outside;
    }
    while (outside - inside > 1) {
        int64_t middle = inside + (outside - inside) / 2;
        if (timezone_interval(zone, from_s + direction * middle) == interval)
            inside = middle;
        else
            outside = middle;
    }
    return from_s + direction * inside;
}

static struct timezone_span find(const struct timezone *zone, int64_t utc_s)
{
    return (struct timezone_span){
        .from_us = reach(zone, utc_s, -1) * SECOND_US,
        .until_us = (reach(zone, utc_s, 1) + 1) * SECOND_US,
        .offset_s = timezone_offset_s(zone, utc_s * SECOND_US),
    };
}

struct timezone_span timezone_span(const struct timezone *zone, int64_t utc_us)
{
    static _Thread_local struct cached_span cache[CACHE_SLOTS];
    int64_t utc_s = floor_seconds(utc_us);
    uint64_t bucket = (uint64_t)(utc_s >> BUCKET_SHIFT);
    struct cached_span *slot = &cache[(timezone_serial(zone) * 5 + bucket) % CACHE_SLOTS];
    if (slot->serial != timezone_serial(zone) || utc_us < slot->span.from_us || utc_us >= slot->span.until_us)
        *slot = (struct cached_span){.serial = timezone_serial(zone), .span = find(zone, utc_s)};
    return slot->span;
}

bool timezone_same_year(const struct timezone *a, const struct timezone *b, int64_t from_us)
{
    if (a == b)
        return true;
    for (int64_t at_us = from_us; at_us < from_us + YEAR_US;) {
        struct timezone_span of_a = timezone_span(a, at_us), of_b = timezone_span(b, at_us);
        if (of_a.offset_s != of_b.offset_s)
            return false;
        at_us = of_a.until_us < of_b.until_us ? of_a.until_us : of_b.until_us;
    }
    return true;
}
