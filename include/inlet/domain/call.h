/* A call to a lead: what came of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_CALL_H
#define INLET_DOMAIN_CALL_H

#include "inlet/base/vocabulary.h"

/* What a dialer reports. */
#define CALL_OUTCOME_TABLE(X)                                                                                \
    X(no_answer, "No answer")                                                                                \
    X(answered, "Answered")                                                                                  \
    X(voicemail, "Voicemail")                                                                                \
    X(failed, "Failed")                                                                                      \
    X(dnc, "Do not call")                                                                                    \
    X(bad_number, "Bad number")                                                                              \
    X(transferred, "Transferred")

enum call_outcome {
    CALL_OUTCOME_NULL, /* not reported */
#define X(symbol, label) CALL_OUTCOME_##symbol,
    CALL_OUTCOME_TABLE(X)
#undef X
};

extern const struct vocabulary call_outcomes;

#endif
