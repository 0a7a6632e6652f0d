/* A driver without a database: what it answers is written down step by step, and it must be asked just that. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_STORE_FAKE_H
#define INLET_TESTS_STORE_FAKE_H

#include "session.h"
#include "unit.h"

#include <string.h>

/* O open, B begin, R the job itself, L its receipt is left, K it is claimed, C commit. */
struct fake_step {
    char what;
    enum err
        error; /* ERR_CONNECTION, ERR_COMMIT_UNKNOWN, ERR_READ_ONLY: the connection is good for nothing after it */
    bool there; /* K: the receipt is there already */
};

/* Ends with a step of nothing. */
#define FAKE_STEPS 40

struct fake_target {
    struct db_target base;
    const struct fake_step *next;
    const char *row; /* of the test's table */
    int open;        /* connections */
};

struct fake_db {
    struct db base;
    struct fake_target *target;
    bool usable, in_transaction;
};

struct fake_statement {
    struct db_statement base;
    struct fake_db *db;
    char what;
    bool row;
};

static const struct db_driver fake_driver;

static inline enum err fake_take(struct fake_target *target, char what, bool *ret_there)
{
    const struct fake_step *step = target->next++;
    ck_assert_msg(step->what == what, "%s: %c is not expected, but %c", target->row, what,
                  step->what ? step->what : '-');
    if (ret_there)
        *ret_there = step->there;
    return step->error;
}

static inline struct fake_db *fake_db_of(struct db *db)
{
    return (struct fake_db *)(void *)db;
}

static inline enum err fake_do(struct fake_db *db, char what, bool *ret_there)
{
    ck_assert_msg(db->usable, "%s: %c over a lost connection", db->target->row, what);
    enum err error = fake_take(db->target, what, ret_there);
    if (error == ERR_CONNECTION || error == ERR_COMMIT_UNKNOWN || error == ERR_READ_ONLY)
        db->usable = db->in_transaction = false;
    return error;
}

static enum err fake_open(struct db_target *target, enum db_mode mode, struct db **ret_db, struct buffer *why)
{
    (void)mode;
    struct fake_target *fake = (struct fake_target *)(void *)target;
    enum err error = fake_take(fake, 'O', NULL);
    if (error != ERR_OK) {
        buffer_append_text(why, "nobody is there");
        return error;
    }
    struct fake_db *db = calloc(1, sizeof(*db));
    ck_assert_ptr_nonnull(db);
    *db = (struct fake_db){.base.driver = &fake_driver, .target = fake, .usable = true};
    fake->open++;
    *ret_db = &db->base;
    return ERR_OK;
}

static void fake_close(struct db *db)
{
    fake_db_of(db)->target->open--;
    free(db);
}

static enum err fake_begin(struct db *db)
{
    ck_assert(!fake_db_of(db)->in_transaction);
    fake_db_of(db)->in_transaction = true;
    return fake_do(fake_db_of(db), 'B', NULL);
}

static enum err fake_commit(struct db *db)
{
    ck_assert(fake_db_of(db)->in_transaction);
    enum err error = fake_do(fake_db_of(db), 'C', NULL);
    fake_db_of(db)->in_transaction = false;
    return error;
}

static enum err fake_rollback(struct db *db)
{
    fake_db_of(db)->in_transaction = false;
    return ERR_OK;
}

static bool fake_in_transaction(const struct db *db)
{
    return ((const struct fake_db *)(const void *)db)->in_transaction;
}

static bool fake_usable(const struct db *db)
{
    return ((const struct fake_db *)(const void *)db)->usable;
}

static const char *fake_error_text(const struct db *db)
{
    (void)db;
    return "as the step says";
}

static enum err fake_chore(struct db *db, enum db_chore chore)
{
    (void)db;
    (void)chore;
    return ERR_OK;
}

static enum err fake_prepare(struct db *db, const char *sql, int parameters,
                             struct db_statement **ret_statement)
{
    (void)parameters;
    struct fake_statement *statement = calloc(1, sizeof(*statement));
    ck_assert_ptr_nonnull(statement);
    ck_assert_ptr_nonnull(strstr(sql, "write_receipt"));
    *statement = (struct fake_statement){
        .base.driver = &fake_driver, .db = fake_db_of(db), .what = strstr(sql, "ON CONFLICT") ? 'K' : 'L'};
    *ret_statement = &statement->base;
    return ERR_OK;
}

static struct fake_statement *fake_statement_of(struct db_statement *statement)
{
    return (struct fake_statement *)(void *)statement;
}

static void fake_finish(struct db_statement *statement)
{
    free(statement);
}

static void fake_bind_integer(struct db_statement *statement, int parameter, int64_t value)
{
    (void)statement;
    (void)parameter;
    (void)value;
}

static void fake_bind_blob(struct db_statement *statement, int parameter, struct slice value)
{
    (void)statement;
    (void)parameter;
    ck_assert_uint_eq(value.n, 16);
}

/* Only claims are stepped. */
static enum err fake_step_once(struct db_statement *base, bool *ret_row)
{
    struct fake_statement *statement = fake_statement_of(base);
    bool there = true;
    ck_assert_int_eq(statement->what, 'K');
    if (!statement->row)
        TRY(fake_do(statement->db, 'K', &there));
    statement->row = *ret_row = !there;
    return ERR_OK;
}

static enum err fake_post(struct db_statement *statement)
{
    ck_assert_int_eq(fake_statement_of(statement)->what, 'L');
    return fake_do(fake_statement_of(statement)->db, 'L', NULL);
}

static void fake_reset(struct db_statement *statement)
{
    fake_statement_of(statement)->row = false;
}

static const struct db_driver fake_driver = {
    .engine = "fake",
    .shared = true,
    .open = fake_open,
    .close = fake_close,
    .begin = fake_begin,
    .commit = fake_commit,
    .rollback = fake_rollback,
    .in_transaction = fake_in_transaction,
    .usable = fake_usable,
    .error_text = fake_error_text,
    .chore = fake_chore,
    .prepare = fake_prepare,
    .finish = fake_finish,
    .bind_integer = fake_bind_integer,
    .bind_blob = fake_bind_blob,
    .step = fake_step_once,
    .post = fake_post,
    .reset = fake_reset,
};

#endif
