/* A database that is a file: whose it is, under which names, and that each thread looks into it by itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/store.h"

#include "fixture.h"
#include "inlet/base/mem.h"

#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct store *open_store(const struct place *place, bool lanes, size_t queue_max)
{
    struct store_options options = {
        .url = place->url, .create = true, .migrate = true, .lanes = lanes, .queue_max = queue_max};
    struct store *store = NULL;
    struct buffer why;
    buffer_init(&why, 4096);
    enum err error = store_open(&options, &store, &why);
    ck_assert_msg(error == ERR_OK, "%s: %.*s", err_symbol(error), SLICE_ARG(buffer_slice(&why)));
    buffer_done(&why);
    return store;
}

/* The error of opening, which must come with a sentence. */
static enum err try_open(const char *url, bool create, bool migrate)
{
    struct store_options options = {.url = url, .create = create, .migrate = migrate};
    struct store *store = NULL;
    struct buffer why;
    buffer_init(&why, 4096);
    enum err error = store_open(&options, &store, &why);
    ck_assert((error == ERR_OK) == (store != NULL));
    ck_assert((error == ERR_OK) == (buffer_slice(&why).n == 0));
    store_close(store);
    buffer_done(&why);
    return error;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(what_cannot_be_opened_is_named)
{
    struct place place = {.name = ""};
    place_init_file(&place);
    ck_assert_int_eq(try_open("mysql:somewhere", true, true), ERR_CONFIG);
    ck_assert_int_eq(try_open("sqlite:", true, true), ERR_CONFIG);
    ck_assert_int_eq(try_open("sqlite::memory:", true, true), ERR_CONFIG);
    ck_assert_int_eq(try_open(place.url, false, true), ERR_NOT_FOUND);
    ck_assert_int_eq(access(place.path, F_OK), -1);
    ck_assert_int_eq(try_open(place.url, true, false), ERR_CONFIG); /* no schema */
    ck_assert_int_eq(try_open(place.url, true, true), ERR_OK);
    ck_assert_int_eq(try_open(place.url, false, false), ERR_OK);
    char url[400];
    snprintf(url, sizeof(url), "sqlite:%s", place.directory);
    ck_assert_int_eq(try_open(url, true, true), ERR_CONFIG);
    snprintf(url, sizeof(url), "sqlite:%s/none/inlet.db", place.directory);
    ck_assert_int_eq(try_open(url, true, true), ERR_NOT_FOUND);
    place_done(&place);
}
END_TEST

START_TEST(foreign_files_are_refused)
{
    struct place place = {.name = ""};
    place_init_file(&place);
    write_file(place.path,
               "This is a letter to my aunt, and no database at all. It is long enough to be one, though; "
               "which is why its first bytes are looked at.");
    ck_assert_int_eq(try_open(place.url, true, true), ERR_CONFIG);
    unlink(place.path);
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_eq(db_execute(fixture.session->db, "PRAGMA application_id = 7"), ERR_OK);
    fixture.session = session_close(fixture.session);
    sqlite_driver.detach(TAKE(fixture.target));
    ck_assert_int_eq(try_open(fixture.place.url, true, true), ERR_CONFIG);
    fixture_done(&fixture);
    place_done(&place);
}
END_TEST

START_TEST(only_one_process_has_it)
{
    struct place place = {.name = ""};
    place_init_file(&place);
    struct store *store = open_store(&place, true, 0);
    ck_assert_int_eq(try_open(place.url, true, true), ERR_LOCKED);
    store_close(store);
    ck_assert_int_eq(try_open(place.url, true, true), ERR_OK);
    place_done(&place);
}
END_TEST

/* The same file under another name, also from another working directory. */
START_TEST(every_name_means_the_real_file)
{
    struct place place = {.name = ""};
    char before[4096], real[STORE_PATH_MAX], found[STORE_PATH_MAX], link[400], inside[400], url[420];
    struct buffer why;
    buffer_init(&why, 8192);
    place_init_file(&place);
    ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
    ck_assert_int_eq(store_sqlite_file(place.url, real, &why), ERR_OK); /* not there yet */
    snprintf(link, sizeof(link), "%s/link", place.directory);
    ck_assert_int_eq(symlink(place.path, link), 0);
    snprintf(url, sizeof(url), "sqlite:%s", link);
    ck_assert_int_eq(try_open(url, true, true), ERR_CONFIG); /* a link to nothing */
    struct store *store = open_store(&place, true, 0);
    snprintf(inside, sizeof(inside), "%s/around", place.directory);
    ck_assert_int_eq(symlink(".", inside), 0);
    ck_assert_int_eq(chdir(place.directory), 0);
    const char *name = strrchr(place.path, '/') + 1;
    char around[420];
    snprintf(around, sizeof(around), "around/%s", name);
    const char *const names[] = {"link", "around/link", name, around, link};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        snprintf(url, sizeof(url), "sqlite:%s", names[i]);
        ck_assert_int_eq(store_sqlite_file(url, found, &why), ERR_OK);
        ck_assert_str_eq(found, real);
        ck_assert_int_eq(try_open(url, true, true), ERR_LOCKED);
    }
    store_close(store);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        snprintf(url, sizeof(url), "sqlite:%s", names[i]);
        ck_assert_int_eq(try_open(url, false, false), ERR_OK);
    }
    ck_assert_int_eq(access("link.lock", F_OK), -1);
    ck_assert_int_eq(chdir(before), 0);
    unlink(link);
    unlink(inside);
    buffer_done(&why);
    place_done(&place);
}
END_TEST

START_TEST(a_file_with_two_hard_links_is_refused)
{
    struct place place = {.name = ""};
    char hard[400], url[420];
    place_init_file(&place);
    store_close(open_store(&place, false, 0));
    snprintf(hard, sizeof(hard), "%s/hard", place.directory);
    snprintf(url, sizeof(url), "sqlite:%s", hard);
    ck_assert_int_eq(link(place.path, hard), 0);
    ck_assert_int_eq(try_open(url, true, true), ERR_CONFIG);
    ck_assert_int_eq(try_open(place.url, true, true), ERR_CONFIG);
    ck_assert_int_eq(unlink(hard), 0);
    ck_assert_int_eq(try_open(place.url, true, true), ERR_OK);
    place_done(&place);
}
END_TEST

/* As an ordinary user: nobody may take the right to write away from root. */
static int open_as_nobody(const char *url)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(100);
        struct store_options options = {.url = url, .create = true, .migrate = true};
        struct store *store;
        struct buffer why;
        buffer_init(&why, 4096);
        _exit((int)store_open(&options, &store, &why));
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(what_cannot_be_written_is_refused)
{
    struct place place = {.name = ""};
    place_init_file(&place);
    store_close(open_store(&place, false, 0));
    char lock[1040];
    snprintf(lock, sizeof(lock), "%s.lock", place.path);
    chmod(place.directory, 0555);
    chmod(place.path, 0444);
    chmod(lock, 0444);
    ck_assert_int_eq(open_as_nobody(place.url), ERR_READ_ONLY);
    chmod(lock, 0666);
    ck_assert_int_eq(open_as_nobody(place.url), ERR_READ_ONLY);
    chmod(place.directory, 0700);
    place_done(&place);
}
END_TEST

struct sample {
    struct job job;
    struct store *store;
    int64_t counted;
    enum err result, error;
};

static enum err run_insert(struct session *session, struct job *job)
{
    struct lead lead = sample_lead(NULL, NULL);
    int64_t id;
    (void)job;
    return store_lead_insert(session, &lead, &id, NULL);
}

static enum err run_count(struct session *session, struct job *job)
{
    struct sample *sample = CONTAINER_OF(job, struct sample, job);
    struct lead_filter filter = {.organization_id = 1};
    TRY(store_lead_count(session, &filter, &sample->counted));
    return sample->result;
}

static enum err look_up(struct store *store, struct sample *sample)
{
    const struct dispatcher *dispatcher = store_dispatcher(store);
    enum err error = ERR_INTERNAL;
    ck_assert(dispatcher->lookup(dispatcher->context, &sample->job, &error));
    return error;
}

static void *look_up_on_thread(void *argument)
{
    struct sample *sample = argument;
    for (int i = 0; i < 100 && sample->error == ERR_OK; i++)
        sample->error = look_up(sample->store, sample);
    return NULL;
}

START_TEST(every_thread_looks_up_by_itself)
{
    struct place place = {.name = ""};
    place_init_file(&place);
    struct store *store = open_store(&place, true, 0);
    struct sample insert = {.job.run = run_insert}, own = {.job.run = run_count, .result = ERR_NOT_FOUND};
    ck_assert_int_eq(store_run(store, &insert.job), ERR_OK);
    ck_assert_int_eq(look_up(store, &own), ERR_NOT_FOUND);
    ck_assert_int_eq(own.counted, 1);
    ck_assert_int_eq(look_up(store, &insert), ERR_READ_ONLY);
    pthread_t threads[4];
    struct sample samples[ARRAY_LENGTH(threads)];
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        samples[i] = (struct sample){.job.run = run_count, .store = store};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, look_up_on_thread, &samples[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(samples[i].error, ERR_OK);
        ck_assert_int_eq(samples[i].counted, 1);
    }
    store_close(store); /* closes this thread's session, too */
    place_done(&place);
}
END_TEST

UNIT_MAIN_IF(!test_server(), "file", what_cannot_be_opened_is_named, foreign_files_are_refused,
             only_one_process_has_it, every_name_means_the_real_file, a_file_with_two_hard_links_is_refused,
             what_cannot_be_written_is_refused, every_thread_looks_up_by_itself)
