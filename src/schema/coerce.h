/* Coercions of one value into one field. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_SCHEMA_COERCE_H
#define INLET_SCHEMA_COERCE_H

#include "inlet/schema/field.h"

/* One value on its way into one field. */
struct coercion {
    const struct field *field;
    const struct schema_context *context;
    void *slot; /* the optional_… that is filled */
    struct faults *faults;
    bool from_form;
};

/* Every optional_… begins with its presence. */
static inline enum presence *coercion_presence(const struct coercion *coercion)
{
    return coercion->slot;
}

/* Reports a fault of the field. */
NODISCARD enum err coercion_fault(const struct coercion *coercion, enum fault_kind kind);
NODISCARD enum err coercion_fault_input(const struct coercion *coercion, enum fault_kind kind,
                                        struct slice input);
NODISCARD enum err coercion_fault_limit(const struct coercion *coercion, enum fault_kind kind, int64_t limit);

/* Coerces a value that is not null. What is wrong goes to the faults; fails only with ERR_MEMORY. */
NODISCARD enum err coerce(const struct coercion *coercion, const struct value *value);

#endif
