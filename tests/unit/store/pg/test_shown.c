/* Connection strings are shown without their passwords, whatever they look like. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/shown.h"

#include "unit.h"

static const struct {
    const char *url, *shown;
} rows[] = {
    {"postgresql://user:secret@host:5432/db", "postgresql://user:***@host:5432/db"},
    {"postgres://user:secret@host/db?sslmode=require", "postgres://user:***@host/db?sslmode=require"},
    {"postgresql://user@host/db", "postgresql://user@host/db"},
    {"postgresql://host:5432/db", "postgresql://host:5432/db"},
    {"postgresql://", "postgresql://"},
    {"postgresql:///db?host=/run/pg", "postgresql:///db?host=/run/pg"},
    {"postgresql://user:@host/db", "postgresql://user:***@host/db"},
    {"postgresql://a:1,b:2/db?target_session_attrs=any", "postgresql://a:1,b:2/db?target_session_attrs=any"},
    {"postgresql://u:p@[::1]:5432,[::2]:5433/db", "postgresql://u:***@[::1]:5432,[::2]:5433/db"},
    {"postgresql://h/db?user=u&password=secret&port=1", "postgresql://h/db?user=u&password=***&port=1"},
    {"postgresql://h/db?sslpassword=secret", "postgresql://h/db?sslpassword=***"},
    {"postgresql://h/db?p%61ssword=secret", "postgresql://h/db?p%61ssword=***"},
    {"postgresql://h/db?password", "postgresql://h/db?password"},
    {"postgresql://h/db?", "postgresql://h/db?"},
    /* What should have been escaped. */
    {"postgresql://user:se@cret@host/db", "postgresql://user:***@host/db"},
    {"postgresql://user:se/cret@host/db", "postgresql://user:***@host/db"},
    {"postgresql://user:se?cret@host/db", "postgresql://user:***@host/db"},
    {"postgresql://user:se:cret@host/db", "postgresql://user:***@host/db"},
    {"host=h user=u password=secret dbname=db", "host=h user=u password=*** dbname=db"},
    {"password=secret", "password=***"},
    {"PASSWORD = secret", "PASSWORD=***"},
    {"  host = h   password = 'se cret'  port=1", "host=h password=*** port=1"},
    {"password='it\\'s secret' user=u", "password=*** user=u"},
    {"password=se\\ cret user=u", "password=*** user=u"},
    {"password='secret", "password=***"},
    {"password=se cret user=u", "password=*** ***"},
    {"password=", "password=***"},
    {"user='a b' sslpassword=secret", "user='a b' sslpassword=***"},
    {"", ""},
    {"secret", "***"},
};

START_TEST(no_password_is_shown)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(256);
        ck_assert_int_eq(pg_shown(rows[i].url, &text), ERR_OK);
        ck_assert_msg(slice_equal(buffer_slice(&text), slice_from(rows[i].shown)), "%s is shown as %.*s",
                      rows[i].url, SLICE_ARG(buffer_slice(&text)));
    }
}
END_TEST

START_TEST(it_is_appended)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(64);
    buffer_append_text(&text, "at ");
    ck_assert_int_eq(pg_shown("host=h password=x", &text), ERR_OK);
    ck_assert(slice_equal(buffer_slice(&text), SLICE("at host=h password=***")));
}
END_TEST

START_TEST(the_buffer_has_its_end)
{
    for (size_t i = 0; i < 2; i++) {
        struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(8);
        ck_assert_int_eq(pg_shown(i ? "postgresql://user@host/db" : "host=host user=user", &text), ERR_LIMIT);
    }
}
END_TEST

START_TEST(a_uri_is_known_by_its_scheme)
{
    ck_assert(pg_is_uri("postgresql://"));
    ck_assert(pg_is_uri("postgres://h"));
    ck_assert(!pg_is_uri("sqlite:postgres://h"));
    ck_assert(!pg_is_uri("host=postgres://"));
    ck_assert(!pg_is_uri(""));
}
END_TEST

UNIT_MAIN("store/pg/shown", no_password_is_shown, it_is_appended, the_buffer_has_its_end,
          a_uri_is_known_by_its_scheme)
