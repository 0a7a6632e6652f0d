/* Copying: everything arrives, whichever engines; what cannot be done leaves the target as it was. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/copy.h"

#include "copy_table.h"
#include "engine.h"
#include "fixture.h"
#include "inlet/base/log.h"
#include "inlet/store/call.h"
#include "inlet/store/dnc.h"
#include "inlet/store/lead.h"
#include "inlet/store/setup.h"
#include "inlet/store/store.h"
#include "inlet/store/submission.h"

#include <signal.h>
#include <sys/wait.h>

#define CALLS 50
#define LEADS 1200 /* more than two pages */

/* Two files, and between them the database that the engine under test has. */
struct places {
    struct place first, middle, last;
};

static void file_init(struct place *place)
{
    memset(place, 0, sizeof(*place));
    place_init_file(place);
}

static void places_init(struct places *places)
{
    log_configure(LOG_TEXT, LOG_WARNING);
    file_init(&places->first);
    place_init(&places->middle);
    file_init(&places->last);
}

static void places_done(const struct places *places)
{
    place_done(&places->first);
    place_done(&places->middle);
    place_done(&places->last);
}

/* A writing connection to a migrated database, behind the store's back. */
struct back_door {
    struct db_target *target;
    struct session *session;
};

static void back_door_open(struct back_door *door, const char *url)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct db_target_options options = {.create = true};
    const struct db_driver *driver;
    size_t count;
    ck_assert_int_eq(engine_of(url, &driver, &options.path, &why), ERR_OK);
    const struct migration *migrations = migrations_of(driver->engine, &count);
    ck_assert_int_eq(driver->attach(&options, &door->target, &why), ERR_OK);
    ck_assert_int_eq(session_open(door->target, DB_WRITE, &door->session, &why), ERR_OK);
    enum err error = migrate(door->session, migrations, count, true, &why);
    ck_assert(error == ERR_OK || error == ERR_TOO_NEW);
}

static void back_door_close(struct back_door *door)
{
    session_close(door->session);
    door->target->driver->detach(door->target);
}

static void run_sql_on(const char *url, const char *sql)
{
    struct back_door door;
    back_door_open(&door, url);
    ck_assert_int_eq(db_execute(door.session->db, sql), ERR_OK);
    back_door_close(&door);
}

/* Work for one transaction. */
struct work {
    struct job job;
    enum err (*run)(struct session *session);
};

static enum err run_work(struct session *session, struct job *job)
{
    return CONTAINER_OF(job, struct work, job)->run(session);
}

static void run_on(const char *url, enum err (*run)(struct session *session))
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct store_options options = {.url = url, .create = true, .migrate = true};
    struct work work = {.job = {.run = run_work}, .run = run};
    struct store *store = NULL;
    enum err error = store_open(&options, &store, &why);
    ck_assert_msg(error == ERR_OK, "%.*s", SLICE_ARG(buffer_slice(&why)));
    ck_assert_int_eq(store_run(store, &work.job), ERR_OK);
    store_close(store);
}

static enum err fill_setup(struct session *session)
{
    struct organization organization = {.name = SLICE("Zweite Stra\xc3\x9f"
                                                      "e")};
    struct token token = {
        .organization_id = 1, .name = SLICE("crm"), .key_hint = SLICE("0af3"), .scope = SLICE("full")};
    struct lead_type type = {.id = 17,
                             .organization_id = 1,
                             .name = SLICE("Refinance"),
                             .metadata_fields = SLICE("[]"),
                             .min_reengagement_days = REENGAGEMENT_NEVER,
                             .calling = SLICE("{\"hours\":{},\"cadence\":[\"0m\"]}")};
    struct representative person = {.organization_id = 1, .name = SLICE("Ada \xf0\x9f\x98\x80")};
    struct ingestion_config config = {.organization_id = 1, .document = SLICE("{\"name\":\"first\"}")};
    for (size_t i = 0; i < sizeof(token.key_hash); i++)
        token.key_hash[i] = (unsigned char)(i * 37); /* the first byte is 0 */
    snprintf(config.uuid, sizeof(config.uuid), "00000000-0000-4000-8000-000000000001");
    TRY(store_organization_insert(session, &organization));
    TRY(store_token_insert(session, &token));
    TRY(store_token_revoke(session, 1, token.id));
    TRY(store_lead_type_insert(session, &type));
    TRY(store_representative_insert(session, &person));
    TRY(store_ingestion_config_insert(session, &config));
    config.document = SLICE("{\"name\":\"second\"}");
    return store_ingestion_config_update(session, &config);
}

static enum err fill_leads(struct session *session)
{
    for (int i = 0; i < LEADS; i++) {
        char phone[32], email[64];
        int64_t id;
        snprintf(phone, sizeof(phone), "+1804222%04d", i);
        snprintf(email, sizeof(email), "person%d@example.com", i);
        struct lead lead = sample_lead(i % 3 ? phone : NULL, i % 2 ? email : NULL);
        lead.lead_type_id = i % 5 ? 17 : 0;
        lead.metadata = i % 7 ? SLICE("{\"note\":\"\xc3\xa9\\u0000\"}") : SLICE_NULL;
        lead.external_id = i % 11 ? SLICE("") : SLICE_NULL;
        lead.next_call_us = i % 13 ? -5000000000000 : TIME_NONE;
        TRY(store_lead_insert(session, &lead, &id, NULL));
    }
    for (int i = 0; i < LEADS; i++) {
        char phone[32];
        snprintf(phone, sizeof(phone), "+%d%06d", 1 + i % 97, i);
        TRY(store_dnc_set(session, 1, slice_from(phone), &(struct dnc){.calls = i % 2, .messages = true}));
    }
    return ERR_OK;
}

static enum err fill_calls(struct session *session)
{
    struct call_record record = {
        .organization_id = 1, .lead_id = 1, .phone_number = SLICE("+18042220001"), .created_us = 7};
    for (int i = 0; i < CALLS; i++) {
        char lease_id[40];
        bool leased = i % 2 == 0;
        snprintf(lease_id, sizeof(lease_id), "00000000-0000-4000-8000-%012d", i);
        record.at_us = i;
        record.lease_id = leased ? slice_from(lease_id) : SLICE_NULL;
        record.lease_until_us = leased ? i + 1 : TIME_NONE;
        record.outcome = i % 3 || !leased ? CALL_OUTCOME_voicemail : CALL_OUTCOME_NULL;
        TRY(store_call_insert(session, &record));
    }
    return store_lead_lease(session, 1, 1, 77);
}

static enum err fill_submissions(struct session *session)
{
    struct submission submission = {.organization_id = 1,
                                    .ingestion_config_id = 1,
                                    .config_version = 2,
                                    .endpoint = SLICE("POST /ingest/"),
                                    .received_us = 1700000000000000,
                                    .outcome = SLICE("rejected"),
                                    .message = SLICE("no")};
    for (int i = 0; i < 100; i++) {
        submission.body = i % 3 ? SLICE("\x00\xff\xfe{\"a\":1}\n") : SLICE("");
        submission.lead_id = i % 2 ? 5 : 0;
        TRY(store_submission_insert(session, &submission));
    }
    return ERR_OK;
}

static enum err fill(struct session *session)
{
    TRY(fill_setup(session));
    TRY(fill_leads(session));
    TRY(fill_calls(session));
    return fill_submissions(session);
}

static enum err fill_submissions_alone(struct session *session)
{
    struct submission submission = {
        .organization_id = 1, .endpoint = SLICE("POST /"), .outcome = SLICE("rejected"), .body = SLICE("x")};
    return store_submission_insert(session, &submission);
}

static enum err fill_token_alone(struct session *session)
{
    struct token token = {
        .organization_id = 1, .name = SLICE("crm"), .key_hint = SLICE("0af3"), .scope = SLICE("full")};
    return store_token_insert(session, &token);
}

static enum err nothing(struct session *session)
{
    (void)session;
    return ERR_OK;
}

static enum err add_one_lead(struct session *session)
{
    struct lead lead = sample_lead("+18045550000", NULL);
    int64_t id;
    TRY(store_lead_insert(session, &lead, &id, NULL));
    ck_assert_int_eq(id, LEADS + 1); /* the next one after those that were copied */
    return ERR_OK;
}

static void copy(const char *from, const char *to, struct copy_report *ret_report)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct copy_options options = {.from = from, .to = to};
    enum err error = store_copy(&options, ret_report, &why);
    ck_assert_msg(error == ERR_OK, "%s to %s: %.*s", from, to, SLICE_ARG(buffer_slice(&why)));
}

static void assert_refused(const char *from, const char *to, enum err expected, const char *words)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct copy_options options = {.from = from, .to = to};
    struct copy_report report;
    ck_assert_int_eq(store_copy(&options, &report, &why), expected);
    buffer_append_byte(&why, '\0');
    ck_assert_msg(strstr(why.data, words) != NULL, "'%s' is not in '%s'", words, why.data);
}

/* -1: no such table. */
static int64_t rows_of(const struct copy_report *report, const char *table)
{
    for (int i = 0; i < report->table_count; i++) {
        if (strcmp(report->tables[i].table, table) == 0)
            return report->tables[i].rows;
    }
    return -1;
}

/* How many tables differ; *RET_TABLE is the last of them. */
static int differences(const struct copy_report *a, const struct copy_report *b, const char **ret_table)
{
    int count = 0;
    ck_assert_int_eq(a->table_count, b->table_count);
    for (int i = 0; i < a->table_count; i++) {
        ck_assert_str_eq(a->tables[i].table, b->tables[i].table);
        if (a->tables[i].rows == b->tables[i].rows &&
            strcmp(a->tables[i].checksum, b->tables[i].checksum) == 0)
            continue;
        count++;
        *ret_table = a->tables[i].table;
    }
    return count;
}

START_TEST(everything_arrives_and_comes_back)
{
    struct places places;
    struct copy_report there, back;
    const char *table = NULL;
    places_init(&places);
    run_on(places.first.url, fill);
    copy(places.first.url, places.middle.url, &there);
    ck_assert_int_eq(rows_of(&there, "organization"), 2);
    ck_assert_int_eq(rows_of(&there, "token"), 1);
    ck_assert_int_eq(rows_of(&there, "ingestion_config_version"), 2);
    ck_assert_int_eq(rows_of(&there, "lead"), LEADS);
    ck_assert_int_eq(rows_of(&there, "do_not_contact"), LEADS);
    ck_assert_int_eq(rows_of(&there, "call"), CALLS);
    ck_assert_int_eq(rows_of(&there, "submission"), 100);
    copy(places.middle.url, places.last.url, &back);
    ck_assert_int_eq(differences(&there, &back, &table), 0);
    run_on(places.middle.url, add_one_lead);
    run_on(places.last.url, add_one_lead);
    places_done(&places);
}
END_TEST

/* What is equal in both must not be equal by accident. */
START_TEST(a_checksum_tells_one_changed_value)
{
    struct places places;
    struct copy_report before, after;
    const char *table = NULL;
    places_init(&places);
    run_on(places.middle.url, fill);
    copy(places.middle.url, places.first.url, &before);
    run_sql_on(places.middle.url, "UPDATE representative SET name = 'Adb' WHERE id = 1");
    copy(places.middle.url, places.last.url, &after);
    ck_assert_int_eq(differences(&before, &after, &table), 1);
    ck_assert_str_eq(table, "representative");
    places_done(&places);
}
END_TEST

START_TEST(a_target_that_holds_something_is_refused_untouched)
{
    struct places places;
    struct copy_report before, after;
    const char *table = NULL;
    places_init(&places);
    run_on(places.first.url, fill);
    run_on(places.middle.url, fill_submissions_alone);
    copy(places.middle.url, places.last.url, &before);
    assert_refused(places.first.url, places.middle.url, ERR_CONFLICT,
                   "the target is not empty: its table submission");
    struct place again;
    file_init(&again);
    copy(places.middle.url, again.url, &after);
    ck_assert_int_eq(differences(&before, &after, &table), 0);
    place_done(&again);
    places_done(&places);
}
END_TEST

/* What somebody made is named, not the count of such changes. */
START_TEST(the_table_that_is_named_has_rows_somebody_made)
{
    struct places places;
    places_init(&places);
    run_on(places.first.url, nothing);
    run_on(places.middle.url, fill_token_alone);
    run_sql_on(places.middle.url, "UPDATE setup_version SET version = version + 1");
    assert_refused(places.first.url, places.middle.url, ERR_CONFLICT,
                   "the target is not empty: its table token ");
    run_sql_on(places.middle.url, "DELETE FROM token");
    assert_refused(places.first.url, places.middle.url, ERR_CONFLICT,
                   "the target is not empty: its table setup_version ");
    places_done(&places);
}
END_TEST

/* Ends the process in the middle of the table of leads. */
static void die_among_leads(void *context, const struct copy_progress *progress)
{
    (void)context;
    if (strcmp(progress->table, "lead") == 0 && progress->rows > 0)
        raise(SIGKILL);
}

START_TEST(a_copy_that_is_interrupted_leaves_nothing_behind)
{
    struct places places;
    struct copy_report report;
    int status = 0;
    places_init(&places);
    run_on(places.first.url, fill);
    pid_t pid = fork();
    if (pid == 0) {
        struct buffer why = BUFFER_INIT(4096);
        struct copy_options options = {
            .from = places.first.url, .to = places.middle.url, .progress = die_among_leads};
        enum err error = store_copy(&options, &report, &why);
        _exit(error == ERR_OK ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    copy(places.first.url, places.middle.url, &report);
    ck_assert_int_eq(rows_of(&report, "lead"), LEADS);
    places_done(&places);
}
END_TEST

/* A trigger plays the part of an engine that does not store what it was given. */
START_TEST(what_arrives_changed_is_not_kept)
{
    struct place from, to;
    struct copy_report report;
    file_init(&from);
    file_init(&to);
    run_on(from.url, fill);
    run_on(to.url, nothing);
    run_sql_on(to.url, "CREATE TRIGGER spoil AFTER INSERT ON representative BEGIN"
                       " UPDATE representative SET name = 'Eve' WHERE id = new.id; END");
    assert_refused(from.url, to.url, ERR_CORRUPT, "table representative differs");
    run_sql_on(to.url, "DROP TRIGGER spoil");
    copy(from.url, to.url, &report);
    place_done(&from);
    place_done(&to);
}
END_TEST

START_TEST(what_cannot_be_opened_is_named)
{
    struct places places;
    char missing[400];
    places_init(&places);
    snprintf(missing, sizeof(missing), "sqlite:%s/missing/x.db", places.first.directory);
    assert_refused(missing, places.middle.url, ERR_NOT_FOUND, "missing");
    snprintf(missing, sizeof(missing), "sqlite:%s/missing.db", places.first.directory);
    assert_refused(missing, places.middle.url, ERR_NOT_FOUND, "there is no database");
    run_on(places.first.url, nothing);
    assert_refused(places.first.url, places.first.url, ERR_CONFIG, "the same database");
    assert_refused("mysql:x", places.middle.url, ERR_CONFIG, "");
    assert_refused(places.first.url, "mysql:x", ERR_CONFIG, "");
    places_done(&places);
}
END_TEST

/* Neither an older schema nor one from the future is read or filled. */
START_TEST(only_this_program_s_schema_is_copied)
{
    struct places places;
    places_init(&places);
    run_on(places.first.url, nothing);
    run_on(places.middle.url, nothing);
    run_sql_on(places.middle.url,
               "INSERT INTO migration (number, name, checksum, applied_us) VALUES (999, 'x', 'y', 1)");
    assert_refused(places.middle.url, places.last.url, ERR_TOO_NEW, "schema version 999");
    assert_refused(places.first.url, places.middle.url, ERR_TOO_NEW, "schema version 999");
    run_sql_on(places.middle.url, "DELETE FROM migration");
    assert_refused(places.middle.url, places.last.url, ERR_CONFIG, "the database is empty");
    assert_refused(places.first.url, places.middle.url, ERR_CONFIG, "the database is empty");
    /* Without any schema there is nothing to read, either. */
    assert_refused(places.last.url, places.middle.url, ERR_NOT_FOUND, "there is no database");
    places_done(&places);
}
END_TEST

/* What the engine's catalogue says of TABLE against the list: the same columns, kinds and primary key. */
static void check_table(struct db *db, const struct copy_table *table, const char *sql)
{
    struct db_statement *statement = NULL;
    int columns = 0, keys = 0;
    bool row;
    const char *const *key = copy_table_key(table, db->driver);
    ck_assert_int_eq(db_prepare(db, sql, 1, &statement), ERR_OK);
    db_bind_text(statement, 1, slice_from(table->name));
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    while (row) {
        char name[64];
        snprintf(name, sizeof(name), "%.*s", SLICE_ARG(db_column_bytes(statement, 0)));
        struct slice type = db_column_bytes(statement, 1);
        int64_t position = db_column_integer(statement, 2); /* in the primary key; 0: not in it */
        bool is_integer =
            slice_equal_nocase(type, SLICE("bigint")) || slice_equal_nocase(type, SLICE("integer"));
        bool is_blob = slice_equal_nocase(type, SLICE("bytea")) || slice_equal_nocase(type, SLICE("blob"));
        ck_assert_msg(is_integer || is_blob || slice_equal_nocase(type, SLICE("text")), "%s.%s: type %.*s",
                      table->name, name, SLICE_ARG(type));
        int at = 0;
        while (table->columns[at].name && strcmp(table->columns[at].name, name) != 0)
            at++;
        ck_assert_msg(table->columns[at].name != NULL, "%s.%s would not be copied", table->name, name);
        ck_assert_msg(table->columns[at].kind == (is_integer ? COPY_INTEGER
                                                  : is_blob  ? COPY_BLOB
                                                             : COPY_TEXT),
                      "%s.%s is of another kind", table->name, name);
        if (position > 0) {
            ck_assert_msg(position <= COPY_KEYS_MAX && key[position - 1] &&
                              strcmp(key[position - 1], name) == 0,
                          "%s.%s is part of the primary key", table->name, name);
            keys++;
        }
        columns++;
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    }
    db_finish(statement);
    ck_assert_msg(columns == copy_table_column_count(table), "%s has %d columns", table->name, columns);
    ck_assert_msg(keys == (key[1] ? 2 : 1), "%s has %d key columns", table->name, keys);
}

static bool is_copied(struct slice name)
{
    for (size_t i = 0; i < copy_table_count; i++) {
        if (slice_equal(name, slice_from(copy_tables[i].name)))
            return true;
    }
    return slice_equal(name, SLICE("migration")) || slice_equal(name, SLICE("write_receipt"));
}

static void check_catalogue(const char *url, const char *tables, const char *columns)
{
    struct back_door door;
    struct db_statement *statement = NULL;
    bool row;
    back_door_open(&door, url);
    struct db *db = door.session->db;
    ck_assert_int_eq(db_prepare(db, tables, 0, &statement), ERR_OK);
    size_t count = 0;
    ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    for (; row; count++) {
        struct slice name = db_column_bytes(statement, 0);
        ck_assert_msg(is_copied(name), "table %.*s would not be copied", SLICE_ARG(name));
        ck_assert_int_eq(db_step(statement, &row), ERR_OK);
    }
    db_finish(statement);
    ck_assert_uint_eq(count, copy_table_count + 2);
    for (size_t i = 0; i < copy_table_count; i++)
        check_table(db, &copy_tables[i], columns);
    back_door_close(&door);
}

/* A column that a later migration adds must be copied, too. */
START_TEST(the_list_is_that_of_the_catalogue)
{
    struct places places;
    places_init(&places);
    check_catalogue(places.first.url, "SELECT name FROM sqlite_schema WHERE type = 'table'",
                    "SELECT name, type, pk FROM pragma_table_info($1)");
    if (test_server())
        check_catalogue(
            places.middle.url,
            "SELECT CAST(table_name AS text) FROM information_schema.tables"
            " WHERE table_schema = current_schema()",
            "SELECT CAST(c.column_name AS text), CAST(c.data_type AS text),"
            " CAST(coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k"
            " JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)"
            " WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema"
            " AND k.table_name = c.table_name AND k.column_name = c.column_name), 0) AS bigint)"
            " FROM information_schema.columns c"
            " WHERE c.table_schema = current_schema() AND c.table_name = CAST($1 AS text)");
    places_done(&places);
}
END_TEST

/* SQLite takes any bytes for text; PostgreSQL does not, and would not say which row it was. */
START_TEST(what_is_no_text_is_named)
{
    struct places places;
    struct copy_report report;
    places_init(&places);
    run_on(places.first.url, fill_submissions_alone);
    run_sql_on(places.first.url, "UPDATE submission SET content_type = CAST(x'66ff' AS TEXT)");
    if (test_server()) {
        assert_refused(places.first.url, places.middle.url, ERR_INVALID, "submission.content_type");
        assert_refused(places.first.url, places.middle.url, ERR_INVALID, "where id = 1");
    } else {
        copy(places.first.url, places.middle.url, &report);
        ck_assert_int_eq(rows_of(&report, "submission"), 1);
    }
    places_done(&places);
}
END_TEST

UNIT_MAIN("copy", everything_arrives_and_comes_back, a_checksum_tells_one_changed_value,
          a_target_that_holds_something_is_refused_untouched, the_table_that_is_named_has_rows_somebody_made,
          a_copy_that_is_interrupted_leaves_nothing_behind, what_arrives_changed_is_not_kept,
          what_cannot_be_opened_is_named, only_this_program_s_schema_is_copied,
          the_list_is_that_of_the_catalogue, what_is_no_text_is_named)
