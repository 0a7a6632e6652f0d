/* The connection is cut after every single byte of a transaction: what commit says is true of what is stored. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_fixture.h"
#include "pg_proxy.h"

/* What a new lead takes: look something up, insert, add to a counter, commit. */
struct script {
    struct db *db;
    struct db_statement *lookup, *insert, *receipt;
    char word[32];
};

static void script_init(struct script *script, struct pg_fixture *fixture, long round)
{
    script->db = pg_fixture_open(fixture, DB_WRITE);
    script->lookup = pg_fixture_prepare(script->db, "SELECT id FROM note WHERE word = $1", 1);
    script->insert = pg_fixture_prepare(script->db, INSERT_WORD, 1);
    script->receipt = pg_fixture_prepare(script->db, "INSERT INTO receipt (word) VALUES ($1)", 1);
    snprintf(script->word, sizeof(script->word), "%ld", round);
}

static void script_done(struct script *script)
{
    db_finish(script->lookup);
    db_finish(script->insert);
    db_finish(script->receipt);
    pg_driver.close(script->db);
}

static enum err create(struct script *script)
{
    TRY(db_begin(script->db));
    db_bind_text(script->lookup, 1, slice_from(script->word));
    TRY(pg_fixture_run(script->lookup));
    TRY(db_savepoint(script->db));
    db_bind_text(script->insert, 1, slice_from(script->word));
    TRY(pg_fixture_run(script->insert));
    TRY(db_release(script->db));
    db_bind_text(script->receipt, 1, slice_from(script->word));
    TRY(db_post(script->receipt));
    return db_commit(script->db);
}

/* A transaction that is given up, whose end nobody waits for, comes before it. */
static enum err run(struct script *script)
{
    TRY(db_begin(script->db));
    db_bind_text(script->receipt, 1, slice_from(script->word));
    TRY(db_post(script->receipt));
    TRY(db_rollback(script->db));
    return create(script);
}

struct through {
    struct pg_fixture fixture; /* its own connection leads past the proxy */
    struct pg_proxy proxy;
    struct db_target *direct;
};

static void through_init(struct through *through)
{
    char url[2048];
    pg_fixture_init(&through->fixture);
    pg_place_run(&through->fixture.place, "CREATE TABLE receipt (word TEXT PRIMARY KEY)");
    pg_proxy_init(&through->proxy, &through->fixture.place);
    pg_proxy_url(&through->proxy, &through->fixture.place, url, sizeof(url));
    struct db_target_options options = {.path = url};
    through->direct = through->fixture.target;
    ck_assert_int_eq(pg_driver.attach(&options, &through->fixture.target, &through->fixture.why), ERR_OK);
}

static void through_done(struct through *through)
{
    pg_driver.detach(through->fixture.target);
    through->fixture.target = through->direct;
    pg_proxy_done(&through->proxy);
    pg_fixture_done(&through->fixture);
}

/* Of 2, in how many tables the word is, once the server has ended the connection. */
static int64_t stored(struct through *through, const char *word)
{
    char sql[256];
    while (pg_place_number(&through->fixture.place,
                           "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'inlet cut'"
                           " AND datname = current_database()") > 0)
        usleep(200);
    snprintf(sql, sizeof(sql),
             "SELECT (SELECT count(*) FROM note WHERE word = '%s') + (SELECT count(*) FROM receipt WHERE "
             "word = '%s')",
             word, word);
    return pg_place_number(&through->fixture.place, sql);
}

struct tally {
    int lost, unknown_kept, unknown_gone;
};

/* The cut comes after LEFT bytes. Returns whether it came at all. */
static bool cut(struct through *through, enum pg_proxy_side side, long left, enum pg_proxy_end end,
                struct tally *tally)
{
    static long round;
    struct script script;
    script_init(&script, &through->fixture, ++round);
    pg_proxy_arm(&through->proxy, side, left, end);
    enum err error = run(&script);
    struct db *db = script.db;
    ck_assert(!db_in_transaction(db));
    if (error != ERR_OK) {
        ck_assert(!db_usable(db));
        ck_assert_str_ne(db_error_text(db), "");
        ck_assert_int_eq(db_rollback(db), ERR_OK);
        ck_assert_int_eq(db_begin(db), ERR_CONNECTION);
        ck_assert_int_eq(pg_fixture_run(script.lookup), ERR_CONNECTION);
    }
    script_done(&script);
    int64_t count = stored(through, script.word);
    bool came = atomic_load(&through->proxy.left[side]) == 0;
    pg_proxy_disarm(&through->proxy);
    ck_assert_msg(count == 0 || count == 2, "a transaction is whole");
    ck_assert_msg(error == ERR_OK || error == ERR_CONNECTION || error == ERR_COMMIT_UNKNOWN, "%s",
                  err_symbol(error));
    ck_assert_msg(error != ERR_OK || count == 2, "after %ld bytes: said to be stored, but is not", left);
    ck_assert_msg(error != ERR_CONNECTION || count == 0, "after %ld bytes: said not to be stored, but is",
                  left);
    tally->lost += error == ERR_CONNECTION;
    tally->unknown_kept += error == ERR_COMMIT_UNKNOWN && count == 2;
    tally->unknown_gone += error == ERR_COMMIT_UNKNOWN && count == 0;
    ck_assert(came || error == ERR_OK);
    return came;
}

static void cut_everywhere(enum pg_proxy_side side, enum pg_proxy_end end)
{
    struct through through;
    struct tally tally = {0};
    long left = 0;
    through_init(&through);
    while (cut(&through, side, left, end, &tally))
        left++;
    ck_assert_int_gt(tally.lost, 100);
    if (side == PROXY_SERVER)
        ck_assert_int_gt(tally.unknown_kept, 0);
    else
        ck_assert_int_gt(tally.unknown_gone, 0);
    through_done(&through);
}

START_TEST(what_the_client_sends_is_cut)
{
    cut_everywhere(PROXY_CLIENT, PROXY_CLOSES);
}
END_TEST

START_TEST(what_the_client_sends_is_reset)
{
    cut_everywhere(PROXY_CLIENT, PROXY_RESETS);
}
END_TEST

START_TEST(what_the_server_answers_is_cut)
{
    cut_everywhere(PROXY_SERVER, PROXY_CLOSES);
}
END_TEST

START_TEST(what_the_server_answers_is_reset)
{
    cut_everywhere(PROXY_SERVER, PROXY_RESETS);
}
END_TEST

/* The connection stays, but nothing comes through any more. */
START_TEST(a_silent_server_is_not_waited_for)
{
    static const struct {
        enum pg_proxy_side side;
        long left;
    } rows[] = {{PROXY_CLIENT, 0}, {PROXY_CLIENT, 100}, {PROXY_SERVER, 0}, {PROXY_SERVER, 100}};
    struct through through;
    through_init(&through);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct script script;
        script_init(&script, &through.fixture, (long)i);
        pg_db_of(script.db)->deadline_ms = 150 - GRACE_MS;
        pg_proxy_arm(&through.proxy, rows[i].side, rows[i].left, PROXY_STALLS);
        ck_assert_int_eq(create(&script), ERR_CONNECTION);
        ck_assert_str_eq(db_error_text(script.db), "the server does not answer");
        ck_assert(!db_usable(script.db));
        script_done(&script);
        pg_proxy_disarm(&through.proxy);
    }
    through_done(&through);
}
END_TEST

START_TEST(a_commit_without_an_answer_is_unknown)
{
    struct through through;
    struct script script;
    bool row;
    through_init(&through);
    script_init(&script, &through.fixture, 1);
    pg_db_of(script.db)->deadline_ms = 150 - GRACE_MS;
    ck_assert_int_eq(db_begin(script.db), ERR_OK);
    db_bind_text(script.insert, 1, slice_from(script.word));
    ck_assert_int_eq(db_step(script.insert, &row), ERR_OK);
    pg_proxy_arm(&through.proxy, PROXY_SERVER, 3, PROXY_STALLS);
    ck_assert_int_eq(db_commit(script.db), ERR_COMMIT_UNKNOWN);
    ck_assert(!db_usable(script.db));
    script_done(&script);
    through_done(&through);
}
END_TEST

/* Everything that can be put off is: the figures that the driver is made for. */
START_TEST(a_new_lead_takes_three_trips)
{
    struct through through;
    struct script script;
    through_init(&through);
    script_init(&script, &through.fixture, 1);
    atomic_store(&through.proxy.trips, 0);
    ck_assert_int_eq(create(&script), ERR_OK);
    ck_assert_int_eq(atomic_load(&through.proxy.trips), 3);
    script_done(&script);
    through_done(&through);
}
END_TEST

START_TEST(a_read_transaction_takes_one_trip)
{
    struct through through;
    through_init(&through);
    struct db *db = pg_fixture_open(&through.fixture, DB_READ);
    struct db_statement *lookup = pg_fixture_prepare(db, "SELECT count(*) FROM note", 0);
    for (int round = 1; round <= 5; round++) {
        ck_assert_int_eq(db_begin(db), ERR_OK);
        ck_assert_int_eq(pg_fixture_run(lookup), ERR_OK);
        ck_assert_int_eq(db_rollback(db), ERR_OK);
        while (pg_place_number(&through.fixture.place,
                               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'inlet cut'"
                               " AND state = 'idle'") == 0)
            usleep(200);
    }
    /* Five for the queries, five for ends of transactions that nobody waited for. */
    ck_assert_int_le(atomic_load(&through.proxy.trips), 20);
    db_finish(lookup);
    pg_driver.close(db);
    through_done(&through);
}
END_TEST

PG_UNIT_MAIN("store/pg/cut", what_the_client_sends_is_cut, what_the_client_sends_is_reset,
             what_the_server_answers_is_cut, what_the_server_answers_is_reset,
             a_silent_server_is_not_waited_for, a_commit_without_an_answer_is_unknown,
             a_new_lead_takes_three_trips, a_read_transaction_takes_one_trip)
