/* A question about calling times, as options or the members of a line ask it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_MAIN_CALL_WINDOW_H
#define INLET_MAIN_CALL_WINDOW_H

#include "command.h"
#include "inlet/app/calling_rules.h"
#include "inlet/base/timezone.h"

/* What answers rest on. */
struct window_desk {
    struct calling_rulebook *rulebook;
    const struct calling_rules *rules; /* those of the rulebook */
    struct timezone *timezone;         /* of times in answers */
    const struct phone_region *phone_region;
};

enum window_phone {
    WINDOW_PHONE_UNKNOWN, /* the question is about a place */
    WINDOW_PHONE_NONE,    /* the lead has no number */
    WINDOW_PHONE_GIVEN
};

struct window_question {
    struct slice state, timezone; /* code, name; null: none. The name is borrowed */
    enum window_phone phone_is;
    struct phone phone;
    enum calling_kind kind;
    unsigned consents;
    int64_t at_us; /* TIME_NONE: now */
};

/* What can be asked: the name of an option without its dashes, which is the key in a line of a batch, too. */
struct window_part {
    const char *name;
    const char *expected; /* what it should have been, when it is wrong */
    /* Whether the text was one. The empty text: there is none, where that can be. */
    bool (*read)(const struct window_desk *desk, struct slice text, struct window_question *question);
};
extern const struct window_part window_parts[];
extern const size_t window_part_count;

/* Whether tzdata has the zone of the question, or it names none. A zone that is missing does not count. */
bool window_zone_known(const struct window_desk *desk, const struct window_question *question);

/* Appends the answer, as JSON; ARENA is for the while. ERR_MEMORY, ERR_LIMIT. */
NODISCARD enum err window_answer(const struct window_desk *desk, const struct window_question *question,
                                 struct arena *arena, struct buffer *answer);

/* Answers each line of standard input with a line; what BASE says holds for lines that do not say otherwise. Returns the exit
 * status. */
int window_batch(const struct window_desk *desk, const struct window_question *base);

#endif
