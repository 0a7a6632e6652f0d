/* Every SQLSTATE that matters has its error, and words of the server become one line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "unit.h"

static const struct {
    const char *sqlstate;
    enum err error;
} states[] = {
    {NULL, ERR_CONNECTION},    {"08006", ERR_CONNECTION}, {"08P01", ERR_CONNECTION},
    {"22021", ERR_INVALID},    {"22P05", ERR_INVALID},    {"22003", ERR_INTERNAL},
    {"23505", ERR_CONFLICT},   {"23503", ERR_CONFLICT},   {"23514", ERR_CONFLICT},
    {"23P01", ERR_CONFLICT},   {"25006", ERR_READ_ONLY},  {"25P02", ERR_INTERNAL},
    {"25P03", ERR_CONNECTION}, {"40001", ERR_BUSY},       {"40P01", ERR_BUSY},
    {"42601", ERR_INTERNAL},   {"42P01", ERR_INTERNAL},   {"53000", ERR_BUSY},
    {"53100", ERR_DISK_FULL},  {"53200", ERR_MEMORY},     {"53300", ERR_CONNECTION},
    {"53400", ERR_BUSY},       {"54000", ERR_LIMIT},      {"55P03", ERR_BUSY},
    {"55000", ERR_INTERNAL},   {"57014", ERR_TIMEOUT},    {"57P01", ERR_CONNECTION},
    {"57P02", ERR_CONNECTION}, {"57P03", ERR_CONNECTION}, {"57P04", ERR_CONNECTION},
    {"57P05", ERR_CONNECTION}, {"58030", ERR_IO},         {"58P01", ERR_IO},
    {"XX000", ERR_INTERNAL},   {"XX001", ERR_CORRUPT},    {"XX002", ERR_CORRUPT},
    {"0A000", ERR_INTERNAL},   {"26000", ERR_INTERNAL},   {"", ERR_INTERNAL},
    {"5", ERR_INTERNAL},
};

START_TEST(states_have_their_errors)
{
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++)
        ck_assert_msg(pg_error(states[i].sqlstate) == states[i].error, "%s is %s", states[i].sqlstate,
                      err_symbol(pg_error(states[i].sqlstate)));
}
END_TEST

START_TEST(words_become_one_line)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"  connection failed:\n\tIs the server\r\n running?\n", "connection failed: Is the server running?"},
        {" \n ", ""},
        {"Schlüssel", "Schlüssel"},
    };
    struct pg_db db = {.base = {&pg_driver}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        pg_keep_text(&db, rows[i].text);
        ck_assert_str_eq(db_error_text(&db.base), rows[i].line);
    }
    char text[2000];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    pg_keep_text(&db, text);
    ck_assert_uint_eq(strlen(db_error_text(&db.base)), sizeof(db.error_text) - 1);
}
END_TEST

UNIT_MAIN("store/pg/error", states_have_their_errors, words_become_one_line)
