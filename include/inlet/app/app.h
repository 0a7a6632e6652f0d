/* The application's context: what every use case reaches for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_APP_H
#define INLET_APP_APP_H

#include "inlet/app/directory.h"
#include "inlet/base/err.h"
#include "inlet/base/timezone.h"
#include "inlet/store/store.h"

#include <pthread.h>
#include <stdint.h>

/* Made once by main, then shared: all but the directory is constant. */
struct app {
    struct store *store;
    const struct timezone *timezone;    /* of date-times in and out */
    int64_t min_reengagement_days;      /* the server's setting: a number or REENGAGEMENT_NEVER */
    const char *const *trusted_proxies; /* addresses whose X-Forwarded-* headers count; "*" trusts all */
    size_t trusted_proxy_count;
    pthread_mutex_t mutex; /* of directory */
    struct directory *directory;
};

/* Loads the directory from STORE. What the store says; ERR_SYSTEM. */
NODISCARD enum err app_init(struct app *app, struct store *store);
void app_done(struct app *app);

/* The newest directory, with a reference of the caller's. */
struct directory *app_pin(struct app *app);

/* Makes DIRECTORY (whose reference it takes over) the one that later requests see, unless a newer one is there already. */
void app_publish(struct app *app, struct directory *directory);

#endif
