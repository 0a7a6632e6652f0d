/* The watcher: changes that others make show, a database that was set back counts, an outage changes nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/watch.h"

#include "app_test.h"
#include "inlet/domain/lead.h"

#include <stdatomic.h>
#include <time.h>

#define WAIT_TRIES 500 /* of 20 ms */

/* A database, and another process's work on it: the app is told of nothing. */
struct watched {
    struct place place;
    struct app app;
    struct watch *watch;
    char log[300];
    atomic_bool broken; /* reads fail */
    atomic_uint reads;
};

static enum err read_or_fail(void *context, struct job *job)
{
    struct watched *watched = context;
    atomic_fetch_add(&watched->reads, 1);
    return atomic_load(&watched->broken) ? ERR_CONNECTION : store_read(watched->place.store, job);
}

static void pause_20_ms(void)
{
    struct timespec time = {.tv_nsec = 20000000};
    nanosleep(&time, NULL);
}

/* Opens the place's database with lanes: the watcher has a thread of its own. */
static void watched_init(struct watched *watched)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct store_options options = {.url = watched->place.url, .migrate = true, .lanes = true};
    place_init(&watched->place);
    watched->place.store = store_close(watched->place.store);
    ck_assert_int_eq(store_open(&options, &watched->place.store, &why), ERR_OK);
    ck_assert_int_eq(app_init(&watched->app, watched->place.store), ERR_OK);
    snprintf(watched->log, sizeof(watched->log), "%s/log", watched->place.directory);
    log_configure(LOG_TEXT, LOG_INFO);
    ck_assert_int_eq(log_to_file(watched->log), ERR_OK);
    ck_assert_int_eq(watch_start(&watched->app, read_or_fail, watched, &watched->watch), ERR_OK);
}

/* A second database: what both places set up for the process is there already. */
static void lost_init(struct place *lost)
{
    email_module_done();
    place_init(lost);
}

static void watched_done(struct watched *watched)
{
    watched->watch = watch_stop(watched->watch);
    app_done(&watched->app);
    place_done(&watched->place);
}

static enum err add_person(struct session *session, void *context)
{
    struct representative person = {.organization_id = 1, .name = SLICE("Ann")};
    (void)context;
    return store_representative_insert(session, &person);
}

static enum err add_and_build(struct session *session, void *context)
{
    TRY(add_person(session, NULL));
    return directory_build(session, context);
}

static enum err add_type(struct session *session, void *context)
{
    struct lead_type type = {.organization_id = 1, .name = SLICE("Loan"), .metadata_fields = SLICE("[]")};
    (void)context;
    type.min_reengagement_days = REENGAGEMENT_UNSET;
    return store_lead_type_insert(session, &type);
}

static size_t representatives(struct app *app)
{
    struct directory *directory = app_pin(app);
    size_t count = directory_setup(directory)->representative_count;
    directory_unref(directory);
    return count;
}

/* Whether the directory comes to have COUNT representatives. */
static bool comes_to(struct watched *watched, size_t count)
{
    for (int i = 0; i < WAIT_TRIES; i++) {
        if (representatives(&watched->app) == count)
            return true;
        pause_20_ms();
    }
    return false;
}

static void wait_for_reads(struct watched *watched, unsigned more)
{
    unsigned begin = atomic_load(&watched->reads);
    for (int i = 0; i < WAIT_TRIES && atomic_load(&watched->reads) - begin < more; i++)
        pause_20_ms();
    ck_assert_uint_ge(atomic_load(&watched->reads) - begin, more);
}

static size_t count_in_log(const struct watched *watched, const char *text)
{
    char line[1024];
    size_t count = 0;
    FILE *file = fopen(watched->log, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file))
        count += strstr(line, text) != NULL;
    fclose(file);
    return count;
}

START_TEST(a_change_of_another_process_shows)
{
    struct watched watched = {0};
    watched_init(&watched);
    ck_assert_uint_eq(representatives(&watched.app), 0);
    ck_assert_int_eq(place_run(&watched.place, add_person, NULL), ERR_OK);
    ck_assert(comes_to(&watched, 1));
    ck_assert_int_eq(place_run(&watched.place, add_person, NULL), ERR_OK);
    ck_assert(comes_to(&watched, 2));
    watched_done(&watched);
}
END_TEST

/* Without a change, the same directory stays: nobody builds it four times a second. */
START_TEST(nothing_new_changes_nothing)
{
    struct watched watched = {0};
    watched_init(&watched);
    struct directory *before = app_pin(&watched.app);
    wait_for_reads(&watched, 3);
    struct directory *after = app_pin(&watched.app);
    ck_assert_ptr_eq(before, after);
    directory_unref(before);
    directory_unref(after);
    watched_done(&watched);
}
END_TEST

/* The app has the directory of a database three changes ahead: that database is gone, this one counts. */
START_TEST(a_database_that_was_set_back_counts)
{
    struct watched watched = {0};
    struct place lost;
    struct directory *directory = NULL;
    watched_init(&watched);
    lost_init(&lost);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(place_run(&lost, add_person, NULL), ERR_OK);
    ck_assert_int_eq(place_run(&lost, add_and_build, &directory), ERR_OK);
    app_publish(&watched.app, directory);
    ck_assert_uint_eq(representatives(&watched.app), 4);
    ck_assert(comes_to(&watched, 0));
    ck_assert_int_eq(place_run(&watched.place, add_person, NULL), ERR_OK);
    ck_assert(comes_to(&watched, 1));
    watched_done(&watched);
    place_done(&lost);
}
END_TEST

START_TEST(an_outage_is_said_once_and_changes_nothing)
{
    struct watched watched = {0};
    watched_init(&watched);
    ck_assert_int_eq(place_run(&watched.place, add_person, NULL), ERR_OK);
    ck_assert(comes_to(&watched, 1));
    atomic_store(&watched.broken, true);
    wait_for_reads(&watched, 2);
    ck_assert_int_eq(place_run(&watched.place, add_person, NULL), ERR_OK);
    wait_for_reads(&watched, 2);
    ck_assert_uint_eq(representatives(&watched.app), 1);
    ck_assert_uint_eq(count_in_log(&watched, "the setup cannot be read"), 1);
    ck_assert_uint_eq(count_in_log(&watched, "the setup can be read again"), 0);
    atomic_store(&watched.broken, false);
    ck_assert(comes_to(&watched, 2));
    wait_for_reads(&watched, 2);
    ck_assert_uint_eq(count_in_log(&watched, "the setup cannot be read"), 1);
    ck_assert_uint_eq(count_in_log(&watched, "the setup can be read again"), 1);
    watched_done(&watched);
}
END_TEST

/* While nobody could look, the same number may have come to mean something else. */
START_TEST(after_an_outage_an_equal_version_is_read_too)
{
    struct watched watched = {0};
    struct place lost;
    struct directory *directory = NULL;
    watched_init(&watched);
    lost_init(&lost);
    atomic_store(&watched.broken, true);
    wait_for_reads(&watched, 2);
    ck_assert_int_eq(place_run(&lost, add_and_build, &directory), ERR_OK);
    app_publish(&watched.app, directory);
    ck_assert_int_eq(place_run(&watched.place, add_type, NULL), ERR_OK);
    ck_assert_uint_eq(representatives(&watched.app), 1);
    atomic_store(&watched.broken, false);
    ck_assert(comes_to(&watched, 0));
    watched_done(&watched);
    place_done(&lost);
}
END_TEST

START_TEST(stopping_does_not_wait_for_the_next_look)
{
    struct watched watched = {0};
    struct timespec begin, end;
    watched_init(&watched);
    wait_for_reads(&watched, 1);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    watched.watch = watch_stop(watched.watch);
    clock_gettime(CLOCK_MONOTONIC, &end);
    ck_assert_int_le((end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000, 200);
    ck_assert_ptr_null(watch_stop(NULL));
    watched_done(&watched);
}
END_TEST

UNIT_MAIN("watch", a_change_of_another_process_shows, nothing_new_changes_nothing,
          a_database_that_was_set_back_counts, an_outage_is_said_once_and_changes_nothing,
          after_an_outage_an_equal_version_is_read_too, stopping_does_not_wait_for_the_next_look)
