/* Prepared statements of SQLite: parameters by their number, steps, columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite/driver.h"

#include "inlet/base/clock.h"
#include "inlet/base/mem.h"

#include <errno.h>
#include <stdio.h>

static struct lite_statement *statement_of(struct db_statement *statement)
{
    return (struct lite_statement *)(void *)statement;
}

static sqlite3_stmt *handle_of(const struct db_statement *statement)
{
    return ((const struct lite_statement *)(const void *)statement)->handle;
}

/* SQLite takes $k for a name and numbers names as they appear in the text. */
static enum err find_parameters(struct lite_statement *statement)
{
    if (sqlite3_bind_parameter_count(statement->handle) != statement->parameters)
        return ERR_INTERNAL;
    for (int i = 1; i <= statement->parameters; i++) {
        char name[16];
        snprintf(name, sizeof(name), "$%d", i);
        statement->index[i] = sqlite3_bind_parameter_index(statement->handle, name);
        if (statement->index[i] == 0)
            return ERR_INTERNAL;
    }
    return ERR_OK;
}

enum err lite_prepare(struct db *base, const char *sql, int parameters, struct db_statement **ret_statement)
{
    struct lite_db *db = lite_db_of(base);
    if (parameters < 0 || parameters > PARAMETERS_MAX)
        return ERR_INTERNAL;
    struct lite_statement *statement = mem_zero(1, sizeof(*statement));
    if (!statement)
        return ERR_MEMORY;
    statement->base.driver = &sqlite_driver;
    statement->db = db;
    statement->parameters = parameters;
    errno = 0;
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL);
    enum err error = code == SQLITE_OK ? find_parameters(statement) : lite_error(code);
    if (error != ERR_OK) {
        lite_finish(&statement->base);
        return error;
    }
    *ret_statement = &statement->base;
    return ERR_OK;
}

void lite_finish(struct db_statement *base)
{
    sqlite3_finalize(handle_of(base));
    mem_free(base);
}

/* SQLite's number for a parameter; 0, which it refuses, for one outside. */
static int index_of(const struct lite_statement *statement, int parameter)
{
    return parameter >= 1 && parameter <= statement->parameters ? statement->index[parameter] : 0;
}

static void note(struct lite_statement *statement, int code)
{
    if (__builtin_expect(code != SQLITE_OK, 0) && statement->bind_error == ERR_OK)
        statement->bind_error = lite_error(code);
}

void lite_bind_null(struct db_statement *base, int parameter)
{
    struct lite_statement *statement = statement_of(base);
    note(statement, sqlite3_bind_null(statement->handle, index_of(statement, parameter)));
}

void lite_bind_integer(struct db_statement *base, int parameter, int64_t value)
{
    struct lite_statement *statement = statement_of(base);
    note(statement, sqlite3_bind_int64(statement->handle, index_of(statement, parameter), value));
}

void lite_bind_text(struct db_statement *base, int parameter, struct slice value)
{
    struct lite_statement *statement = statement_of(base);
    int index = index_of(statement, parameter);
    note(statement,
         sqlite3_bind_text64(statement->handle, index, value.p, value.n, SQLITE_STATIC, SQLITE_UTF8));
}

void lite_bind_blob(struct db_statement *base, int parameter, struct slice value)
{
    struct lite_statement *statement = statement_of(base);
    int index = index_of(statement, parameter);
    note(statement, sqlite3_bind_blob64(statement->handle, index, value.p, value.n, SQLITE_STATIC));
}

enum err lite_step(struct db_statement *base, bool *ret_row)
{
    struct lite_statement *statement = statement_of(base);
    if (statement->bind_error != ERR_OK)
        return statement->bind_error;
    if (!statement->running) {
        statement->running = true;
        if (statement->db->mode == DB_READ)
            statement->db->deadline_us = clock_monotonic_us() + READ_DEADLINE_US;
    }
    errno = 0;
    int code = sqlite3_step(statement->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return lite_error(code);
    *ret_row = code == SQLITE_ROW;
    return ERR_OK;
}

enum err lite_post(struct db_statement *base)
{
    bool row = true;
    while (row)
        TRY(lite_step(base, &row));
    return ERR_OK;
}

void lite_reset(struct db_statement *base)
{
    struct lite_statement *statement = statement_of(base);
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle); /* what they point to is about to go */
    statement->running = false;
    statement->bind_error = ERR_OK;
    statement->db->deadline_us = 0;
}

bool lite_column_is_null(const struct db_statement *base, int column)
{
    return sqlite3_column_type(handle_of(base), column) == SQLITE_NULL;
}

int64_t lite_column_integer(const struct db_statement *base, int column)
{
    return sqlite3_column_int64(handle_of(base), column);
}

/* As a blob in any case: text needs no NUL at its end here, which would sometimes cost a copy that can fail. */
struct slice lite_column_bytes(const struct db_statement *base, int column)
{
    sqlite3_stmt *handle = handle_of(base);
    if (sqlite3_column_type(handle, column) == SQLITE_NULL)
        return SLICE_NULL;
    const char *bytes = sqlite3_column_blob(handle, column);
    int length = sqlite3_column_bytes(handle, column);
    return bytes ? slice_of(bytes, (size_t)length) : slice_of("", 0);
}
