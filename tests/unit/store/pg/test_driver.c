/* Transactions of the PostgreSQL driver: what is put off, what an error undoes, what survives it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_fixture.h"

static enum err run_word(struct db_statement *statement, const char *word)
{
    db_bind_text(statement, 1, slice_from(word));
    return pg_fixture_run(statement);
}

static enum err post_word(struct db_statement *statement, const char *word)
{
    char copy[32];
    snprintf(copy, sizeof(copy), "%s", word);
    db_bind_text(statement, 1, slice_from(copy));
    enum err error = db_post(statement);
    db_reset(statement);
    memset(copy, 'x', sizeof(copy)); /* what was bound need not outlive the call */
    return error;
}

/* The words of the table, sorted, with blanks between them, as somebody else sees them. */
static void assert_words(struct pg_fixture *fixture, const char *expected)
{
    PGresult *result =
        PQexec(fixture->place.admin, "SELECT coalesce(string_agg(word, ' ' ORDER BY word), '') FROM note");
    ck_assert_str_eq(PQgetvalue(result, 0, 0), expected);
    PQclear(result);
}

struct words {
    struct pg_fixture fixture;
    struct db *db;
    struct db_statement *insert;
};

static void words_init(struct words *words)
{
    pg_fixture_init(&words->fixture);
    words->db = words->fixture.db;
    words->insert = pg_fixture_prepare(words->db, INSERT_WORD, 1);
    ck_assert_int_eq(run_word(words->insert, "first"), ERR_OK);
}

static void words_done(struct words *words, const char *expected)
{
    assert_words(&words->fixture, expected);
    ck_assert(db_usable(words->db));
    ck_assert(!db_in_transaction(words->db));
    db_finish(words->insert);
    pg_fixture_done(&words->fixture);
}

START_TEST(what_is_committed_is_there_and_what_is_rolled_back_is_not)
{
    struct words words;
    words_init(&words);
    ck_assert(!db_in_transaction(words.db));
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert(db_in_transaction(words.db));
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_OK);
    assert_words(&words.fixture, "first");
    ck_assert_int_eq(post_word(words.insert, "b"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    assert_words(&words.fixture, "a b first");
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "c"), ERR_OK);
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(post_word(words.insert, "d"), ERR_OK);
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(post_word(words.insert, "e"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    words_done(&words, "a b e first");
}
END_TEST

START_TEST(empty_transactions_are_none)
{
    struct words words;
    words_init(&words);
    for (int round = 0; round < 100; round++) {
        ck_assert_int_eq(db_begin(words.db), ERR_OK);
        ck_assert_int_eq(db_savepoint(words.db), ERR_OK);
        ck_assert_int_eq(round % 3 ? db_release(words.db) : db_rollback_to(words.db), ERR_OK);
        ck_assert_int_eq(round % 2 ? db_commit(words.db) : db_rollback(words.db), ERR_OK);
    }
    words_done(&words, "first");
}
END_TEST

START_TEST(calls_out_of_order_are_refused)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_commit(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_savepoint(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_lock_schema(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_release(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_rollback_to(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_savepoint(words.db), ERR_OK);
    ck_assert_int_eq(db_savepoint(words.db), ERR_INTERNAL);
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    words_done(&words, "a first");
}
END_TEST

START_TEST(an_error_spoils_the_transaction)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "first"), ERR_CONFLICT);
    ck_assert_ptr_nonnull(strstr(db_error_text(words.db), "[SQLSTATE 23505]"));
    ck_assert_msg(!strstr(db_error_text(words.db), "first"), "no data in: %s", db_error_text(words.db));
    ck_assert(db_in_transaction(words.db));
    struct db_statement *statement;
    ck_assert_int_eq(run_word(words.insert, "b"), ERR_CONFLICT);
    ck_assert_int_eq(post_word(words.insert, "b"), ERR_CONFLICT);
    ck_assert_int_eq(db_execute(words.db, "SELECT 1"), ERR_CONFLICT);
    ck_assert_int_eq(db_prepare(words.db, "SELECT 1", 0, &statement), ERR_CONFLICT);
    ck_assert_int_eq(db_savepoint(words.db), ERR_CONFLICT);
    ck_assert_int_eq(db_rollback_to(words.db), ERR_CONFLICT);
    ck_assert_int_eq(db_commit(words.db), ERR_CONFLICT);
    ck_assert(db_in_transaction(words.db));
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert(!db_in_transaction(words.db));
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "c"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    words_done(&words, "c first");
}
END_TEST

START_TEST(an_error_of_a_posted_statement_shows_at_the_latest_in_commit)
{
    struct words words;
    words_init(&words);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(db_begin(words.db), ERR_OK);
        ck_assert_int_eq(post_word(words.insert, "a"), ERR_OK);
        ck_assert_int_eq(post_word(words.insert, "first"), ERR_OK);
        ck_assert_int_eq(post_word(words.insert, "b"), ERR_OK);
        if (round == 0)
            ck_assert_int_eq(run_word(words.insert, "c"), ERR_CONFLICT);
        if (round < 2)
            ck_assert_int_eq(db_commit(words.db), ERR_CONFLICT);
        ck_assert(db_in_transaction(words.db));
        ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    }
    words_done(&words, "first");
}
END_TEST

START_TEST(posts_are_many)
{
    struct words words;
    char word[16];
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        snprintf(word, sizeof(word), "%d", i);
        ck_assert_int_eq(db_savepoint(words.db), ERR_OK);
        ck_assert_int_eq(post_word(words.insert, word), ERR_OK);
        ck_assert_int_eq(db_release(words.db), ERR_OK);
    }
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    ck_assert_int_eq(pg_fixture_number(words.db, "SELECT count(*) FROM note"), 1001);
    ck_assert_int_eq(db_execute(words.db, "DELETE FROM note WHERE word <> 'first'"), ERR_OK);
    words_done(&words, "first");
}
END_TEST

START_TEST(outside_of_a_transaction_a_posted_statement_tells_at_once)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(post_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(post_word(words.insert, "a"), ERR_CONFLICT);
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_CONFLICT);
    ck_assert_int_eq(run_word(words.insert, "b"), ERR_OK);
    words_done(&words, "a b first");
}
END_TEST

/* What a savepoint encloses, and where the error is: before it, within, within but only posted, or nowhere. */
START_TEST(savepoints_isolate)
{
    static const struct {
        const char *before, *stepped, *posted;
        bool back; /* rolled back to; otherwise released */
        enum err step, end, commit;
        const char *words;
    } rows[] = {
        {"a", "b", "c", false, ERR_OK, ERR_OK, ERR_OK, "a b c first z"},
        {"a", "b", "c", true, ERR_OK, ERR_OK, ERR_OK, "a first z"},
        {"a", "first", NULL, true, ERR_CONFLICT, ERR_OK, ERR_OK, "a first z"},
        {"a", "first", NULL, false, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT, "first"},
        {"a", NULL, "first", true, ERR_OK, ERR_OK, ERR_OK, "a first z"},
        {"a", "b", "first", true, ERR_OK, ERR_OK, ERR_OK, "a first z"},
        {"a", "b", "first", false, ERR_OK, ERR_OK, ERR_CONFLICT, "first"},
        {NULL, "first", NULL, true, ERR_CONFLICT, ERR_OK, ERR_OK, "first z"},
        {NULL, NULL, "first", true, ERR_OK, ERR_OK, ERR_OK, "first z"},
        {"first", "b", NULL, true, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT, "first"},
        {"first", NULL, "b", true, ERR_OK, ERR_CONFLICT, ERR_CONFLICT, "first"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct words words;
        words_init(&words);
        ck_assert_int_eq(db_begin(words.db), ERR_OK);
        if (rows[i].before)
            ck_assert_int_eq(post_word(words.insert, rows[i].before), ERR_OK);
        ck_assert_int_eq(db_savepoint(words.db), ERR_OK);
        if (rows[i].stepped)
            ck_assert_int_eq(run_word(words.insert, rows[i].stepped), rows[i].step);
        if (rows[i].posted)
            ck_assert_int_eq(post_word(words.insert, rows[i].posted), ERR_OK);
        ck_assert_int_eq(rows[i].back ? db_rollback_to(words.db) : db_release(words.db), rows[i].end);
        if (rows[i].commit == ERR_OK)
            ck_assert_int_eq(run_word(words.insert, "z"), ERR_OK);
        ck_assert_int_eq(db_commit(words.db), rows[i].commit);
        ck_assert_int_eq(db_rollback(words.db), ERR_OK);
        words_done(&words, rows[i].words);
    }
}
END_TEST

START_TEST(a_constraint_that_is_checked_late_fails_the_commit)
{
    struct words words;
    words_init(&words);
    pg_place_run(&words.fixture.place, "ALTER TABLE note DROP CONSTRAINT note_word_key;"
                                       "ALTER TABLE note ADD UNIQUE (word) DEFERRABLE INITIALLY DEFERRED");
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "first"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_CONFLICT);
    ck_assert_msg(!db_in_transaction(words.db), "the server has rolled it back");
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    words_done(&words, "first");
}
END_TEST

/* The connection thinks that all is well, but the server knows that it is not. */
START_TEST(a_commit_that_rolls_back_is_no_commit)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "first"), ERR_CONFLICT);
    pg_db_of(words.db)->failed = ERR_OK;
    ck_assert_int_eq(db_commit(words.db), ERR_INTERNAL);
    ck_assert(!db_in_transaction(words.db));
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    words_done(&words, "first");
}
END_TEST

START_TEST(a_mistake_in_a_statement_leaves_a_transaction_that_has_not_begun)
{
    struct words words;
    struct db_statement *statement;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(db_prepare(words.db, "SELEC", 0, &statement), ERR_INTERNAL);
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(db_prepare(words.db, "SELEC", 0, &statement), ERR_INTERNAL);
    ck_assert_int_eq(db_commit(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "b"), ERR_OK);
    struct db_statement *late = pg_fixture_prepare(words.db, INSERT_WORD, 1);
    ck_assert_int_eq(run_word(late, "c"), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    db_finish(late);
    words_done(&words, "b c first");
}
END_TEST

START_TEST(texts_of_several_statements_are_executed)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(post_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(
        db_execute(words.db, "INSERT INTO note (word) VALUES ('b'); INSERT INTO note (word) VALUES ('c')"),
        ERR_OK);
    ck_assert_int_eq(db_savepoint(words.db), ERR_OK);
    ck_assert_int_eq(
        db_execute(words.db, "INSERT INTO note (word) VALUES ('d'); INSERT INTO note (word) VALUES ('c')"),
        ERR_CONFLICT);
    ck_assert_int_eq(db_rollback_to(words.db), ERR_OK);
    ck_assert_int_eq(db_execute(words.db, ""), ERR_OK);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    ck_assert_int_eq(db_execute(words.db, "INSERT INTO note (word) VALUES ('e'); SELECT nonsense"),
                     ERR_INTERNAL);
    ck_assert_int_eq(db_execute(words.db, "INSERT INTO note (word) VALUES ('f')"), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(db_execute(words.db, "INSERT INTO note (word) VALUES ('g'); SELECT nonsense"),
                     ERR_INTERNAL);
    ck_assert_int_eq(db_commit(words.db), ERR_INTERNAL);
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(db_execute(words.db, "INSERT INTO note (word) VALUES ('h'); COMMIT"), ERR_OK);
    ck_assert(!db_in_transaction(words.db));
    words_done(&words, "a b c f first h");
}
END_TEST

START_TEST(a_reader_sees_one_moment_and_cannot_write)
{
    struct words words;
    words_init(&words);
    struct db *reader = pg_fixture_open(&words.fixture, DB_READ);
    struct db_statement *count = pg_fixture_prepare(reader, "SELECT count(*) FROM note", 0);
    struct db_statement *insert = pg_fixture_prepare(reader, INSERT_WORD, 1);
    for (int64_t round = 0; round < 3; round++) {
        char word[16];
        bool row;
        ck_assert_int_eq(db_begin(reader), ERR_OK);
        for (int look = 0; look < 2; look++) {
            ck_assert_int_eq(db_step(count, &row), ERR_OK);
            ck_assert_int_eq(db_column_integer(count, 0), 1 + round);
            db_reset(count);
            snprintf(word, sizeof(word), "%d", (int)round);
            if (look == 0)
                ck_assert_int_eq(run_word(words.insert, word), ERR_OK);
        }
        ck_assert_int_eq(db_rollback(reader), ERR_OK);
    }
    ck_assert_int_eq(run_word(insert, "x"), ERR_READ_ONLY);
    ck_assert_msg(!db_usable(reader), "another server may be the one to write to");
    db_finish(count);
    db_finish(insert);
    pg_driver.close(reader);
    words_done(&words, "0 1 2 first");
}
END_TEST

/* Nobody waits for the answer, but the server has it at once. */
START_TEST(a_rollback_leaves_nothing_open)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(run_word(words.insert, "a"), ERR_OK);
    ck_assert_int_eq(db_rollback(words.db), ERR_OK);
    pg_place_run(&words.fixture.place, "SET lock_timeout = 5000; LOCK TABLE note IN ACCESS EXCLUSIVE MODE");
    words_done(&words, "first");
}
END_TEST

START_TEST(whoever_changes_the_schema_is_alone)
{
    struct words words;
    words_init(&words);
    ck_assert_int_eq(db_begin(words.db), ERR_OK);
    ck_assert_int_eq(db_lock_schema(words.db), ERR_OK);
    const char *held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    ck_assert_int_eq(pg_place_number(&words.fixture.place, held), 1);
    ck_assert_int_eq(pg_fixture_number(words.db, "SELECT setting::bigint FROM pg_settings"
                                                 " WHERE name = 'statement_timeout'"),
                     SCHEMA_DEADLINE_MS);
    ck_assert_int_eq(db_commit(words.db), ERR_OK);
    ck_assert_int_eq(pg_place_number(&words.fixture.place, held), 0);
    ck_assert_int_eq(pg_fixture_number(words.db, "SELECT setting::bigint FROM pg_settings"
                                                 " WHERE name = 'statement_timeout'"),
                     WRITE_DEADLINE_MS);
    words_done(&words, "first");
}
END_TEST

PG_UNIT_MAIN("store/pg/driver", what_is_committed_is_there_and_what_is_rolled_back_is_not,
             empty_transactions_are_none, calls_out_of_order_are_refused, an_error_spoils_the_transaction,
             an_error_of_a_posted_statement_shows_at_the_latest_in_commit, posts_are_many,
             outside_of_a_transaction_a_posted_statement_tells_at_once, savepoints_isolate,
             a_constraint_that_is_checked_late_fails_the_commit, a_commit_that_rolls_back_is_no_commit,
             a_mistake_in_a_statement_leaves_a_transaction_that_has_not_begun,
             texts_of_several_statements_are_executed, a_reader_sees_one_moment_and_cannot_write,
             a_rollback_leaves_nothing_open, whoever_changes_the_schema_is_alone)
