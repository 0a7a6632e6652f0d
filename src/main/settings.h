/* The settings of the program: one table, filled from file, environment and flags. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_SETTINGS_H
#define INLET_MAIN_SETTINGS_H

#include "inlet/base/arena.h"
#include "inlet/base/buffer.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"
#include "inlet/domain/phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTING_LIST_MAX 16

/* A list of words, comma-separated where it is set. */
struct setting_list {
    const char *items[SETTING_LIST_MAX];
    size_t count;
};

/* What the program runs with. Texts live in the settings' arena. */
struct settings {
    struct arena arena;
    const char *db;
    struct setting_list listen;
    int64_t threads;
    const char *time_zone;
    const struct phone_region *phone_region;
    int64_t min_reengagement_days; /* or REENGAGEMENT_NEVER */
    bool relaxed;                  /* durability */
    struct setting_list trusted_proxies;
    const char *control_socket; /* NULL: beside the database */
    const char *calling_rules;  /* NULL: only those that come with the program */
    const char *log_format, *log_level, *log_file;
    int64_t writers, readers, queue_max;
    int64_t connections_max, connections_per_address_max, body_memory_mib;
    int64_t idle_timeout_s, header_timeout_s, body_timeout_s, shutdown_grace_s;
};

/* One row of the table of settings. */
struct setting {
    const char *name;        /* in the file: time_zone */
    const char *environment; /* INLET_TIME_ZONE */
    const char *flag;        /* --time-zone */
    const char *metavar;     /* ZONE */
    const char *standard;    /* the default, as it would be written; "" is none */
    bool everywhere;         /* for every command, not only serve */
    const char *help;
    enum { SETTING_TEXT, SETTING_LIST, SETTING_NUMBER, SETTING_DAYS, SETTING_WORD, SETTING_REGION } kind;
    size_t offset;
    int64_t minimum, maximum; /* NUMBER */
    const char *words[5];     /* WORD; of two words the second one is true for a boolean */
};
extern const struct setting settings_table[];
extern const size_t settings_count;

/* Defaults, then the file (its path may be NULL), then the environment. On failure *WHY says which setting, from where, is
 * wrong: ERR_CONFIG; ERR_NOT_FOUND: no such file; ERR_MEMORY. settings_done frees. */
NODISCARD enum err settings_load(struct settings *settings, const char *file, struct buffer *why);
void settings_done(struct settings *settings);

/* Sets one by its flag ("--listen"), as the command line says it. ERR_NOT_FOUND: no such flag. */
NODISCARD enum err settings_set_flag(struct settings *settings, struct slice flag, struct slice value,
                                     struct buffer *why);

#endif
