/* PostgreSQL's SQLSTATEs as errors of the program, and its words for them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include <stdio.h>
#include <string.h>

/* The first row whose beginning fits. */
static const struct {
    const char *prefix;
    enum err error;
} states[] = {
    {"22021", ERR_INVALID}, /* text that is none in the database's encoding */
    {"22P05", ERR_INVALID},    {"23", ERR_CONFLICT},   {"25006", ERR_READ_ONLY},
    {"25P03", ERR_CONNECTION}, /* idle in a transaction for too long */
    {"40001", ERR_BUSY},       {"40P01", ERR_BUSY},    {"55P03", ERR_BUSY},
    {"53100", ERR_DISK_FULL},  {"53200", ERR_MEMORY},  {"53300", ERR_CONNECTION},
    {"53", ERR_BUSY},          {"54", ERR_LIMIT},      {"57014", ERR_TIMEOUT},
    {"57P", ERR_CONNECTION},   {"58", ERR_IO},         {"08", ERR_CONNECTION},
    {"XX001", ERR_CORRUPT},    {"XX002", ERR_CORRUPT}, {"42501", ERR_CONFIG},
};

enum err pg_error(const char *sqlstate)
{
    if (!sqlstate)
        return ERR_CONNECTION;
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        if (strncmp(sqlstate, states[i].prefix, strlen(states[i].prefix)) == 0)
            return states[i].error;
    }
    return ERR_INTERNAL;
}

void pg_keep_text(struct pg_db *db, const char *text)
{
    size_t length = 0;
    for (; *text && length + 1 < sizeof(db->error_text); text++) {
        bool blank = (unsigned char)*text <= ' ';
        if (blank && (length == 0 || db->error_text[length - 1] == ' '))
            continue;
        db->error_text[length++] = blank ? ' ' : *text;
    }
    while (length > 0 && db->error_text[length - 1] == ' ')
        length--;
    db->error_text[length] = '\0';
}

enum err pg_refuse(struct pg_db *db, const char *text)
{
    pg_keep_text(db, text);
    return ERR_INTERNAL;
}

/* The details of a constraint or of bad data quote the row: personal data, which has no place in a log. */
static bool is_about_data(const char *sqlstate)
{
    return strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0;
}

static void keep_words(struct pg_db *db, const PGresult *result, const char *sqlstate)
{
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = is_about_data(sqlstate) ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    char text[sizeof(db->error_text)];
    snprintf(text, sizeof(text), "%.300s%s%.150s%s [SQLSTATE %.5s]", primary ? primary : "",
             detail ? " (" : "", detail ? detail : "", detail ? ")" : "", sqlstate);
    pg_keep_text(db, text);
}

/* Another connection may do better: this server is no primary any more, or what was prepared does not fit the schema. */
static bool retires(const char *sqlstate)
{
    static const char *const all[] = {"25006", "0A000", "26000"};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        if (strcmp(sqlstate, all[i]) == 0)
            return true;
    }
    return false;
}

enum err pg_judge(struct pg_db *db, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!sqlstate) {
        /* libpq's own words: the connection broke, or there was no memory; either way the stream is out of step. */
        return pg_lose(db, PQresultErrorMessage(result));
    }
    keep_words(db, result, sqlstate);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    enum err error = pg_error(sqlstate);
    if (error == ERR_CONNECTION || (severity && strcmp(severity, "ERROR") != 0))
        return pg_lose(db, NULL);
    db->retired = db->retired || retires(sqlstate);
    return error;
}
