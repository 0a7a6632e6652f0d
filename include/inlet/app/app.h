/* The application's context: what every use case reaches for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_APP_H
#define INLET_APP_APP_H

#include "inlet/app/calling_rules.h"
#include "inlet/app/dial_counts.h"
#include "inlet/app/directory.h"
#include "inlet/base/err.h"
#include "inlet/base/timezone.h"
#include "inlet/domain/phone.h"
#include "inlet/store/store.h"

#include <pthread.h>
#include <stdint.h>

/* Made once by main, then shared: all but directory and counts is constant. */
struct app {
    struct store *store;
    const struct timezone *timezone;         /* of date-times in and out */
    const struct phone_region *phone_region; /* where numbers without a country code are dialled */
    int64_t min_reengagement_days;           /* the server's setting: a number or REENGAGEMENT_NEVER */
    const char *const *trusted_proxies;      /* addresses whose X-Forwarded-* headers count; "*" trusts all */
    size_t trusted_proxy_count;
    struct calling_rulebook *rulebook;
    const struct calling_rules *calling; /* those of the rulebook */
    struct dial_counts dial_counts;
    pthread_mutex_t mutex; /* of directory */
    struct directory *directory;
};

/* Loads the rules of calling. What is wrong with them is written to *WHY: ERR_CONFIG; otherwise ERR_MEMORY, ERR_IO. */
NODISCARD enum err app_load_calling(struct app *app, const struct calling_sources *sources,
                                    struct buffer *why);

/* Loads the directory from STORE; and, unless app_load_calling did, the rules of calling that come with the program, whose
 * faults it logs. What the store says; ERR_SYSTEM. Whatever of both was done, app_done ends it. */
NODISCARD enum err app_init(struct app *app, struct store *store);
void app_done(struct app *app);

/* The newest directory, with a reference of the caller's. */
struct directory *app_pin(struct app *app);

/* Makes DIRECTORY (whose reference it takes over) the one that later requests see, unless a newer one is there already. */
void app_publish(struct app *app, struct directory *directory);

/* The same, but whatever is there already: a database that was set back is right, and memory is wrong. */
void app_replace(struct app *app, struct directory *directory);

#endif
