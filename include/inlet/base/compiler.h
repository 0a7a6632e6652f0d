/* The few compiler attributes the code relies on, under readable names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_COMPILER_H
#define INLET_BASE_COMPILER_H

#define NODISCARD       __attribute__((warn_unused_result))
#define PRINTF(fmt, at) __attribute__((format(printf, fmt, at)))
#define UNUSED          __attribute__((unused))
#define NORETURN        __attribute__((noreturn))

/* Runs FUNCTION(&variable) when the variable leaves its scope: ownership by scope, no goto. */
#define CLEANUP(function)   __attribute__((cleanup(function)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The structure of TYPE that holds the member POINTER points to. */
#define CONTAINER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
