/* Which engine a URL names, and how it is shown. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "unit.h"

#include <string.h>

START_TEST(urls_name_engines)
{
    static const struct {
        const char *url;
        const struct db_driver *driver; /* NULL: none */
        const char *path, *shown;
    } rows[] = {
        {"sqlite:/a/b=c", &sqlite_driver, "/a/b=c", "sqlite:/a/b=c"},
        {"sqlite:postgresql://x", &sqlite_driver, "postgresql://x", "sqlite:postgresql://x"},
        {"sqlite:", &sqlite_driver, "", "sqlite:"},
        {"postgresql://u:p@h/d", &pg_driver, "postgresql://u:p@h/d", "postgresql://u:***@h/d"},
        {"postgres://h/d", &pg_driver, "postgres://h/d", "postgres://h/d"},
        {"host=h password=p", &pg_driver, "host=h password=p", "host=h password=***"},
        {" \n service = s", &pg_driver, " \n service = s", "service=s"},
        {"sslmode=require", &pg_driver, "sslmode=require", "sslmode=require"},
        {"mysql://u:p@h/d", NULL, NULL, "mysql:***"},
        {"mysql:password=p", NULL, NULL, "mysql:***"},
        {"/var/lib/inlet.db", NULL, NULL, "/var/lib/inlet.db"},
        {"=x", NULL, NULL, "=x"},
        {"", NULL, NULL, ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024),
                          shown CLEANUP(buffer_done) = BUFFER_INIT(1024);
        const struct db_driver *driver = NULL;
        const char *path = NULL;
        enum err error = engine_of(rows[i].url, &driver, &path, &why);
        ck_assert_msg(error == (rows[i].driver ? ERR_OK : ERR_CONFIG), "%s", rows[i].url);
        ck_assert_msg(driver == rows[i].driver, "%s", rows[i].url);
        ck_assert((why.length == 0) == (error == ERR_OK));
        if (rows[i].path)
            ck_assert_str_eq(path, rows[i].path);
        ck_assert_int_eq(store_url_shown(rows[i].url, &shown), ERR_OK);
        ck_assert_msg(slice_equal(buffer_slice(&shown), slice_from(rows[i].shown)), "%s: %.*s", rows[i].url,
                      SLICE_ARG(buffer_slice(&shown)));
        if (error != ERR_OK) {
            buffer_append_byte(&why, '\0');
            ck_assert_ptr_nonnull(strstr(why.data, rows[i].shown));
        }
    }
}
END_TEST

START_TEST(only_files_have_paths)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024);
    char path[STORE_PATH_MAX];
    ck_assert_str_eq(store_sqlite_path("sqlite:/a/b"), "/a/b");
    ck_assert_ptr_null(store_sqlite_path("postgresql://x"));
    ck_assert_int_eq(store_sqlite_file("postgresql://x", path, &why), ERR_CONFIG);
    ck_assert_uint_gt(why.length, 0);
}
END_TEST

START_TEST(all_engines_are_known)
{
    struct store_engine engines[STORE_ENGINES];
    store_engines(engines);
    ck_assert_str_eq(engines[0].name, "SQLite");
    ck_assert_str_eq(engines[1].name, "libpq");
    for (size_t i = 0; i < STORE_ENGINES; i++)
        ck_assert_uint_gt(strlen(engines[i].version), 0);
}
END_TEST

UNIT_MAIN("engine", urls_name_engines, only_files_have_paths, all_engines_are_known)
