/* Words and kinds of the error registry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/err.h"

#include <stddef.h>

static const struct {
    const char *symbol;
    enum err_kind kind;
    const char *text;
} rows[] = {
#define ERR_ROW(symbol, kind, text) [symbol] = {#symbol, ERR_KIND_##kind, text},
    ERR_TABLE(ERR_ROW)
#undef ERR_ROW
};

const char *err_text(enum err error)
{
    return (size_t)error < ARRAY_LENGTH(rows) ? rows[error].text : "unknown error";
}

const char *err_symbol(enum err error)
{
    return (size_t)error < ARRAY_LENGTH(rows) ? rows[error].symbol : "ERR_UNKNOWN";
}

enum err_kind err_kind(enum err error)
{
    return (size_t)error < ARRAY_LENGTH(rows) ? rows[error].kind : ERR_KIND_OURS;
}
