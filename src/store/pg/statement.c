/* Prepared statements of PostgreSQL: parameters and columns in binary, one trip for all rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "inlet/base/mem.h"
#include "inlet/base/number.h"

#include <stdio.h>
#include <string.h>

/* Room that a posted statement leaves in the queue: for what goes before it, and for what ends the transaction. */
#define QUEUE_MARGIN 12

/* Types by their OID, fixed for all time in the server's pg_type.dat. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_JSON = 114,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC = 1700,
    TYPE_VOID = 2278
};

static struct pg_statement *statement_of(struct db_statement *statement)
{
    return (struct pg_statement *)(void *)statement;
}

static const struct pg_statement *statement_of_const(const struct db_statement *statement)
{
    return (const struct pg_statement *)(const void *)statement;
}

/* Bytes that integers of TYPE have; 0: it is none. */
static int integer_width(Oid type)
{
    switch (type) {
    case TYPE_BOOL: return 1;
    case TYPE_INT2: return 2;
    case TYPE_INT4:
    case TYPE_OID: return 4;
    case TYPE_INT8: return 8;
    default: return 0;
    }
}

/* Types whose binary form is their text. */
static bool is_text(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR || type == TYPE_NAME ||
           type == TYPE_JSON || type == TYPE_UNKNOWN;
}

/* ---- preparing ---- */

static enum err check_columns(struct pg_statement *statement, const PGresult *description)
{
    for (int i = 0; i < PQnfields(description); i++) {
        Oid type = PQftype(description, i);
        if (integer_width(type) != 0 || is_text(type) || type == TYPE_BYTEA || type == TYPE_VOID)
            continue;
        char text[160];
        snprintf(text, sizeof(text), "column %d (%.63s) is %s, which is not read: cast it", i,
                 PQfname(description, i), type == TYPE_NUMERIC ? "numeric" : "of an unknown type");
        return pg_refuse(statement->db, text);
    }
    return ERR_OK;
}

static enum err take_description(struct pg_statement *statement, const PGresult *description)
{
    if (PQnparams(description) != statement->parameters)
        return pg_refuse(statement->db, "the statement has another number of parameters");
    for (int i = 0; i < statement->parameters; i++)
        statement->types[i] = PQparamtype(description, i);
    return check_columns(statement, description);
}

/* Not part of a transaction that has not begun yet, so that a mistake leaves nothing behind. */
static enum err describe(struct pg_statement *statement, const char *sql)
{
    struct pg_db *db = statement->db;
    PGresult *description CLEANUP(pg_clear_result) = NULL;
    snprintf(statement->name, sizeof(statement->name), "s%u", ++db->statements);
    TRY(pg_sent(db, PQsendPrepare(db->handle, statement->name, sql, 0, NULL), ITEM_PLAIN));
    TRY(pg_sent(db, PQsendDescribePrepared(db->handle, statement->name), ITEM_ANSWER));
    TRY(pg_trip(db, &description));
    return take_description(statement, description);
}

enum err pg_prepare(struct db *base, const char *sql, int parameters, struct db_statement **ret_statement)
{
    struct pg_db *db = pg_db_of(base);
    TRY(pg_ready(db));
    if (parameters < 0 || parameters > PARAMETERS_MAX)
        return pg_refuse(db, "no statement has so many parameters");
    struct pg_statement *statement = mem_zero(1, sizeof(*statement));
    if (!statement)
        return ERR_MEMORY;
    statement->base.driver = &pg_driver;
    statement->db = db;
    statement->parameters = parameters;
    for (int i = 0; i < PARAMETERS_MAX; i++)
        statement->formats[i] = 1;
    enum err error = describe(statement, sql);
    if (error != ERR_OK) {
        pg_finish(&statement->base);
        return error;
    }
    *ret_statement = &statement->base;
    return ERR_OK;
}

/* The server keeps its side until the connection ends: a session prepares each of its queries once. */
void pg_finish(struct db_statement *base)
{
    PQclear(statement_of(base)->result);
    mem_free(base);
}

/* ---- binding ---- */

static void note(struct pg_statement *statement, enum err error, const char *text)
{
    if (statement->bind_error != ERR_OK)
        return;
    statement->bind_error = error;
    pg_keep_text(statement->db, text);
}

static bool has_parameter(struct pg_statement *statement, int parameter)
{
    if (parameter >= 1 && parameter <= statement->parameters)
        return true;
    note(statement, ERR_INTERNAL, "the statement has no such parameter");
    return false;
}

static void set(struct pg_statement *statement, int at, const char *value, size_t length)
{
    statement->values[at] = value;
    statement->lengths[at] = (int)length;
}

void pg_bind_null(struct db_statement *base, int parameter)
{
    struct pg_statement *statement = statement_of(base);
    if (has_parameter(statement, parameter))
        statement->values[parameter - 1] = NULL;
}

/* Network byte order. False: VALUE does not fit. */
static bool encode(int64_t value, int width, char *bytes)
{
    uint64_t rest = (uint64_t)value;
    for (int i = width; i > 0; i--) {
        bytes[i - 1] = (char)(unsigned char)(rest & 0xFF);
        rest >>= 8;
    }
    if (width == 8)
        return true;
    int64_t half = INT64_C(1) << (8 * width - 1);
    return value >= -half && value < half;
}

void pg_bind_integer(struct db_statement *base, int parameter, int64_t value)
{
    struct pg_statement *statement = statement_of(base);
    if (!has_parameter(statement, parameter))
        return;
    int at = parameter - 1;
    Oid type = statement->types[at];
    char *bytes = statement->numbers[at];
    int width = integer_width(type);
    statement->formats[at] = 1;
    if (width != 0) {
        if (!encode(value, width, bytes))
            note(statement, ERR_INTERNAL, "the integer is too large for its column");
        set(statement, at, bytes, (size_t)width);
        return;
    }
    char text[NUMBER_TEXT_MAX];
    size_t length = number_format_int64(value, text);
    memcpy(bytes, text, length + 1);
    if (!is_text(type))
        statement->formats[at] = 0; /* numeric and the like: the server reads the digits */
    set(statement, at, bytes, length);
}

/* Text for a number: $n of an expression whose type the server took from its other side. */
static void bind_digits(struct pg_statement *statement, int parameter, struct slice value)
{
    int64_t number;
    if (number_parse_int64(value, &number) == ERR_OK)
        pg_bind_integer(&statement->base, parameter, number);
    else
        note(statement, ERR_INVALID, "text was bound where an integer belongs");
}

static void bind_bytes(struct pg_statement *statement, int parameter, struct slice value)
{
    Oid type = statement->types[parameter - 1];
    statement->formats[parameter - 1] = 1;
    if (value.n > LENGTH_MAX)
        note(statement, ERR_LIMIT, "the value is too long");
    else if (type != TYPE_BYTEA && !is_text(type))
        bind_digits(statement, parameter, value);
    else if (type != TYPE_BYTEA && memchr(value.p, '\0', value.n))
        note(statement, ERR_INVALID, "text with a NUL character cannot be stored");
    else if (type != TYPE_BYTEA && !slice_is_utf8(value))
        note(statement, ERR_INVALID, "text that is not UTF-8 cannot be stored");
    else
        set(statement, parameter - 1, value.p, value.n);
}

void pg_bind_text(struct db_statement *base, int parameter, struct slice value)
{
    if (slice_is_null(value))
        pg_bind_null(base, parameter);
    else if (has_parameter(statement_of(base), parameter))
        bind_bytes(statement_of(base), parameter, value);
}

/* What becomes of the bytes is a matter of the parameter's type, not of the call. */
void pg_bind_blob(struct db_statement *base, int parameter, struct slice value)
{
    pg_bind_text(base, parameter, value);
}

/* ---- running ---- */

static enum err send(struct pg_statement *statement, enum pg_item item)
{
    struct pg_db *db = statement->db;
    TRY(pg_ready(db));
    TRY(pg_send_wanted(db));
    int code = PQsendQueryPrepared(db->handle, statement->name, statement->parameters, statement->values,
                                   statement->lengths, statement->formats, 1);
    return pg_sent(db, code, item);
}

enum err pg_step(struct db_statement *base, bool *ret_row)
{
    struct pg_statement *statement = statement_of(base);
    if (statement->bind_error != ERR_OK)
        return statement->bind_error;
    if (!statement->result) {
        TRY(send(statement, ITEM_ANSWER));
        TRY(pg_trip(statement->db, &statement->result));
        statement->row = -1;
    }
    if (statement->row < PQntuples(statement->result))
        statement->row++;
    *ret_row = statement->row < PQntuples(statement->result);
    return ERR_OK;
}

enum err pg_post(struct db_statement *base)
{
    struct pg_statement *statement = statement_of(base);
    struct pg_db *db = statement->db;
    if (statement->bind_error != ERR_OK)
        return statement->bind_error;
    if (db->transaction == PHASE_NONE) {
        /* Outside of a transaction there is no later call that could tell. */
        bool row;
        return pg_step(base, &row);
    }
    if (db->queued > QUEUE_MAX - QUEUE_MARGIN)
        TRY(pg_trip(db, NULL));
    return send(statement, ITEM_PLAIN);
}

void pg_reset(struct db_statement *base)
{
    struct pg_statement *statement = statement_of(base);
    PQclear(statement->result);
    statement->result = NULL;
    statement->bind_error = ERR_OK;
    for (int i = 0; i < statement->parameters; i++)
        statement->values[i] = NULL; /* what they point to is about to go */
}

/* ---- reading ---- */

static bool has_value(const struct pg_statement *statement, int column)
{
    return statement->result && statement->row >= 0 && statement->row < PQntuples(statement->result) &&
           column >= 0 && column < PQnfields(statement->result) &&
           !PQgetisnull(statement->result, statement->row, column);
}

bool pg_column_is_null(const struct db_statement *base, int column)
{
    return !has_value(statement_of_const(base), column);
}

static struct slice value_of(const struct pg_statement *statement, int column)
{
    return slice_of(PQgetvalue(statement->result, statement->row, column),
                    (size_t)PQgetlength(statement->result, statement->row, column));
}

static int64_t decode(struct slice bytes)
{
    uint64_t value = bytes.n > 0 && ((unsigned char)bytes.p[0] & 0x80) ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.n; i++)
        value = value << 8 | (unsigned char)bytes.p[i];
    return (int64_t)value;
}

int64_t pg_column_integer(const struct db_statement *base, int column)
{
    const struct pg_statement *statement = statement_of_const(base);
    int64_t number = 0;
    if (!has_value(statement, column))
        return 0;
    Oid type = PQftype(statement->result, column);
    struct slice bytes = value_of(statement, column);
    if (type == TYPE_OID)
        return decode(bytes) & 0xFFFFFFFF;
    if (integer_width(type) != 0)
        return decode(bytes);
    return number_parse_int64(bytes, &number) == ERR_OK ? number : 0;
}

struct slice pg_column_bytes(const struct db_statement *base, int column)
{
    const struct pg_statement *statement = statement_of_const(base);
    return has_value(statement, column) ? value_of(statement, column) : SLICE_NULL;
}
