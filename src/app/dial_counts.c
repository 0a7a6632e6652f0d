/* Counts leads that cannot be scheduled. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/dial_counts.h"

#include "inlet/base/clock.h"
#include "inlet/base/log.h"

#define HOUR_US INT64_C(3600000000)

enum err dial_counts_init(struct dial_counts *counts)
{
    return pthread_mutex_init(&counts->mutex, NULL) == 0 ? ERR_OK : ERR_SYSTEM;
}

void dial_counts_done(struct dial_counts *counts)
{
    pthread_mutex_destroy(&counts->mutex);
}

/* Adds to the organization's place; *RET_LINE is what there is to say, if it is time to: its organization is 0 otherwise. */
static void note(struct dial_counts *counts, int64_t organization_id, enum calling_outcome outcome,
                 struct dial_count *ret_line)
{
    struct dial_count *place = &counts->places[(uint64_t)organization_id % DIAL_COUNTS_PLACES];
    int64_t now_us = clock_monotonic_us();
    *ret_line = (struct dial_count){0};
    pthread_mutex_lock(&counts->mutex);
    if (place->organization_id != organization_id)
        *place = (struct dial_count){.organization_id = organization_id};
    place->no_zone += outcome == CALLING_NO_ZONE;
    place->no_window += outcome == CALLING_NO_WINDOW;
    if (place->logged_us == 0 || now_us - place->logged_us >= HOUR_US) {
        *ret_line = *place;
        *place = (struct dial_count){.organization_id = organization_id, .logged_us = now_us};
    }
    pthread_mutex_unlock(&counts->mutex);
}

void dial_counts_add(struct dial_counts *counts, int64_t organization_id, enum calling_outcome outcome)
{
    struct dial_count line;
    if (!counts || (outcome != CALLING_NO_ZONE && outcome != CALLING_NO_WINDOW))
        return;
    atomic_fetch_add(outcome == CALLING_NO_ZONE ? &counts->no_zone : &counts->no_window, 1);
    note(counts, organization_id, outcome, &line);
    if (line.organization_id == 0)
        return;
    LOG(LOG_INFO, "leads cannot be scheduled for calls",
        LOG_INTEGER_FIELD("organization", line.organization_id),
        LOG_INTEGER_FIELD("no_zone", (int64_t)line.no_zone),
        LOG_INTEGER_FIELD("no_window", (int64_t)line.no_window));
}
