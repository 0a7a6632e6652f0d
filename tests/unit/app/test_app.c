/* The context that all requests share: it shows the newest directory, and keeps the pinned ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/app.h"

#include "app_test.h"

/* Adds a representative and builds the directory that shows it. */
static enum err change(struct session *session, void *context)
{
    struct representative person = {.organization_id = 1, .name = SLICE("Ann")};
    TRY(store_representative_insert(session, &person));
    return directory_build(session, context);
}

static size_t representatives(struct app *app)
{
    struct directory *directory = app_pin(app);
    size_t count = directory_setup(directory)->representative_count;
    directory_unref(directory);
    return count;
}

START_TEST(later_requests_see_what_was_published)
{
    struct place place;
    struct app app = {0};
    struct directory *changed = NULL;
    place_init(&place);
    ck_assert_int_eq(app_init(&app, place.store), ERR_OK);
    struct directory *pinned = app_pin(&app);
    ck_assert_uint_eq(representatives(&app), 0);
    ck_assert_int_eq(place_run(&place, change, &changed), ERR_OK);
    ck_assert_uint_eq(representatives(&app), 0);
    app_publish(&app, changed);
    ck_assert_uint_eq(representatives(&app), 1);
    ck_assert_uint_eq(directory_setup(pinned)->representative_count, 0);
    directory_unref(pinned);
    app_done(&app);
    place_done(&place);
}
END_TEST

START_TEST(an_older_directory_does_not_come_back)
{
    struct place place;
    struct app app = {0};
    struct directory *first = NULL, *second = NULL;
    place_init(&place);
    ck_assert_int_eq(app_init(&app, place.store), ERR_OK);
    ck_assert_int_eq(place_run(&place, change, &first), ERR_OK);
    ck_assert_int_eq(place_run(&place, change, &second), ERR_OK);
    app_publish(&app, second);
    app_publish(&app, first);
    ck_assert_uint_eq(representatives(&app), 2);
    app_done(&app);
    place_done(&place);
}
END_TEST

START_TEST(an_app_that_never_began_can_end)
{
    struct app app = {0};
    app_done(&app);
    ck_assert_ptr_null(app.directory);
}
END_TEST

UNIT_MAIN("app", later_requests_see_what_was_published, an_older_directory_does_not_come_back,
          an_app_that_never_began_can_end)
