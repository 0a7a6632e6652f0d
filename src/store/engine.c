/* Finds the engine of a URL, and knows what there is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "pg/shown.h"

#include <string.h>

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

const char *store_sqlite_path(const char *url)
{
    static const char scheme[] = "sqlite:";
    return starts_with(url, scheme) ? url + sizeof(scheme) - 1 : NULL;
}

/* libpq also takes "host=db dbname=inlet": one of its keywords and an equals sign come first. */
static bool has_keyword(const char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    text += length;
    text += strspn(text, " \t\r\n");
    return length > 0 && *text == '=';
}

static bool is_postgresql(const char *url)
{
    return pg_is_uri(url) || has_keyword(url);
}

enum err engine_of(const char *url, const struct db_driver **ret_driver, const char **ret_path,
                   struct buffer *why)
{
    const char *path = store_sqlite_path(url);
    if (!path && !is_postgresql(url)) {
        TRY(store_url_shown(url, why));
        buffer_append_text(why, " is no database that this program knows: sqlite:PATH is one, and"
                                " postgresql://USER@HOST/DATABASE");
        return ERR_CONFIG;
    }
    *ret_driver = path ? &sqlite_driver : &pg_driver;
    *ret_path = path ? path : url;
    return ERR_OK;
}

enum err store_url_shown(const char *url, struct buffer *text)
{
    if (is_postgresql(url))
        return pg_shown(url, text);
    /* Whether a password is in what nobody knows cannot be known either. */
    struct slice shown = slice_from(url);
    bool hidden = !store_sqlite_path(url) && slice_find(shown, ':') < shown.n;
    buffer_append(text, hidden ? slice_head(shown, slice_find(shown, ':') + 1) : shown);
    return buffer_append_text(text, hidden ? "***" : "");
}

enum err store_sqlite_file(const char *url, char ret_path[STORE_PATH_MAX], struct buffer *why)
{
    const char *path = store_sqlite_path(url);
    if (path)
        return sqlite_driver.locate(path, ret_path, why);
    buffer_append_text(why, "this database is no file: sqlite:PATH is one");
    return ERR_CONFIG;
}

void store_engines(struct store_engine ret_engines[STORE_ENGINES])
{
    static const char *const names[STORE_ENGINES] = {"SQLite", "libpq"};
    const struct db_driver *const drivers[STORE_ENGINES] = {&sqlite_driver, &pg_driver};
    for (size_t i = 0; i < STORE_ENGINES; i++) {
        ret_engines[i].name = names[i];
        ret_engines[i].version = drivers[i]->version(&ret_engines[i].warning);
    }
}
