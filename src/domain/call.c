/* The vocabulary of what came of a call. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/call.h"

#include "inlet/base/compiler.h"

#define X(symbol, label) SLICE_INIT(#symbol),
static const struct slice texts[] = {{NULL, 0}, CALL_OUTCOME_TABLE(X)};
#undef X

const struct vocabulary call_outcomes = {texts, ARRAY_LENGTH(texts)};
