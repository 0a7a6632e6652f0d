/* Connection strings, taken apart: what they say counts, the rest is completed, mistakes keep their secrets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg/driver.h"

#include "unit.h"

static enum err attach(const char *url, struct db_target **ret_target, struct buffer *why)
{
    struct db_target_options options = {.path = url, .relaxed = true, .create = true};
    return pg_driver.attach(&options, ret_target, why);
}

/* What libpq is told for KEYWORD; "" for nothing. */
static const char *value_of(struct db_target *target, const char *keyword)
{
    const struct pg_target *pg = pg_target_of(target);
    for (size_t i = 0; pg->keywords[i]; i++) {
        if (strcmp(pg->keywords[i], keyword) == 0)
            return pg->values[i];
    }
    return "";
}

START_TEST(every_form_is_taken)
{
    static const struct {
        const char *url, *keyword, *value;
    } rows[] = {
        {"postgresql://u:p@h:1/db", "host", "h"},
        {"postgresql://u:p@h:1/db", "password", "p"},
        {"postgres://h1:1,h2:2/db", "host", "h1,h2"},
        {"host=h port=1 dbname='my db'", "dbname", "my db"},
        {"", "client_encoding", "UTF8"},
        {"client_encoding=latin1", "client_encoding", "UTF8"},
        {"", "target_session_attrs", "read-write"},
        {"target_session_attrs=any", "target_session_attrs", "any"},
        {"postgresql://h/db?target_session_attrs=primary", "target_session_attrs", "primary"},
        {"", "connect_timeout", "5"},
        {"connect_timeout=20", "connect_timeout", "20"},
        {"connect_timeout=0", "connect_timeout", "5"},
        {"connect_timeout=-1", "connect_timeout", "5"},
        {"", "tcp_user_timeout", "30000"},
        {"tcp_user_timeout=1000", "tcp_user_timeout", "1000"},
        {"", "keepalives_idle", "30"},
        {"", "fallback_application_name", "inlet"},
        {"application_name=mine", "application_name", "mine"},
        {"", "host", ""},
    };
    unsetenv("PGTARGETSESSIONATTRS");
    unsetenv("PGCONNECT_TIMEOUT");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024);
        struct db_target *target;
        ck_assert_int_eq(attach(rows[i].url, &target, &why), ERR_OK);
        ck_assert_msg(strcmp(value_of(target, rows[i].keyword), rows[i].value) == 0, "%s: %s is %s",
                      rows[i].url, rows[i].keyword, value_of(target, rows[i].keyword));
        ck_assert(pg_target_of(target)->relaxed);
        ck_assert_int_eq(pg_driver.log_bytes(target), 0);
        pg_driver.detach(target);
    }
    pg_driver.detach(NULL);
}
END_TEST

START_TEST(the_environment_has_a_say)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024);
    struct db_target *target;
    setenv("PGTARGETSESSIONATTRS", "any", 1);
    ck_assert_int_eq(attach("host=h", &target, &why), ERR_OK);
    ck_assert_str_eq(value_of(target, "target_session_attrs"), "");
    pg_driver.detach(target);
    unsetenv("PGTARGETSESSIONATTRS");
}
END_TEST

START_TEST(mistakes_keep_their_secrets)
{
    static const struct {
        const char *url, *words;
    } rows[] = {
        {"postgresql://u:sec%zzret@h/db", "***"},
        {"password=my secret host=h", "***"},
        {"password='secret", "unterminated"},
        {"postgresql://u:secret@[::1/db", "***"},
        {"pasword=x", "pasword"},
        {"postgresql://h/db?nonsense=1", "nonsense"},
        {"just a name", "cannot be read"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024);
        struct db_target *target;
        ck_assert_int_eq(attach(rows[i].url, &target, &why), ERR_CONFIG);
        ck_assert_int_eq(buffer_append_byte(&why, '\0'), ERR_OK);
        ck_assert_msg(strstr(why.data, rows[i].words), "%s: %s", rows[i].url, why.data);
        ck_assert_msg(!strstr(why.data, "secret") && !strstr(why.data, "zzret"), "%s", why.data);
    }
}
END_TEST

START_TEST(the_library_has_a_version)
{
    const char *warning = "";
    ck_assert_int_ge(strtod(pg_driver.version(&warning), NULL) > 14, 1);
    ck_assert_ptr_null(warning);
    ck_assert_str_eq(pg_driver.engine, "pg");
    ck_assert(pg_driver.shared);
    ck_assert(!pg_driver.locate);
}
END_TEST

UNIT_MAIN("store/pg/target", every_form_is_taken, the_environment_has_a_say, mistakes_keep_their_secrets,
          the_library_has_a_version)
