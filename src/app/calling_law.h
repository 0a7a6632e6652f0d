/* The parts of a document of calling rules, one file each: holidays, rules, closures. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_APP_CALLING_LAW_H
#define INLET_APP_CALLING_LAW_H

#include "calling_reader.h"

#define CALLING_LIST_MAX     2000 /* rules, suspensions, presumptions of a document */
#define CALLING_HOLIDAYS_MAX 64

/* The holidays of one jurisdiction, as they grow. */
struct calling_days {
    struct calling_holiday *items; /* CALLING_HOLIDAYS_MAX of them, or NULL */
    size_t count;
    int saturday_shift, sunday_shift;
};

/* Rules being put together from one document or two. */
struct calling_draft {
    struct calling_reader reader;
    struct calling_rules *rules;
    bool own;                                     /* the document at hand is the operator's */
    size_t built_in_count;                        /* rules of the other one */
    struct calling_days days[CALLING_STATES_MAX]; /* by state; 0: federal */
    const struct calling_calendar
        *federal[CALLING_STATES_MAX]; /* federal holidays as the state observes them */
    const struct calling_calendar *of_state[CALLING_STATES_MAX];
    struct calling_suspension *suspensions;
    struct calling_presumption *presumptions;
};

/* "US" is 0, "FL" its value in us_states. Complains of anything else. */
NODISCARD enum err calling_read_jurisdiction(struct calling_reader *reader, struct slice where,
                                             const struct value *value, struct slice *ret_jurisdiction,
                                             int *ret_state);

/* "holidays" of a document: adds to draft->days. */
NODISCARD enum err calling_read_holidays(struct calling_draft *draft, struct slice where,
                                         const struct value *value);

/* Makes the calendars of all states from draft->days, once all documents' are read. */
NODISCARD enum err calling_make_calendars(struct calling_draft *draft);

/* A list of days into DAYS. */
NODISCARD enum err calling_read_days(struct calling_reader *reader, struct slice where,
                                     const struct value *value, struct calling_days *days);

/* A calendar of DAYS that is observed as in state STATE. */
NODISCARD enum err calling_calendar_of(struct calling_draft *draft, const struct calling_days *days,
                                       int state, const struct calling_calendar **ret_calendar);

/* An item of "rules", "suspensions", "presumptions". */
NODISCARD enum err calling_read_rule(struct calling_draft *draft, struct slice where,
                                     const struct value *value);
NODISCARD enum err calling_read_suspension(struct calling_draft *draft, struct slice where,
                                           const struct value *value);
NODISCARD enum err calling_read_presumption(struct calling_draft *draft, struct slice where,
                                            const struct value *value);

/* One key of an object and what reads it; the functions get the object that is filled. */
struct calling_key {
    struct slice name;
    enum err (*read)(struct calling_draft *draft, struct slice where, const struct value *value,
                     void *target);
    bool required;
};

/* Reads an object by a table of its keys; complains of required ones that lack and of all others. */
NODISCARD enum err calling_read_object(struct calling_draft *draft, struct slice where,
                                       const struct value *value, const struct calling_key *keys,
                                       size_t key_count, void *target);

#endif
