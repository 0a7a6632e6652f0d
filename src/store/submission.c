/* Keeps submissions and lists the newest ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/submission.h"

#include "rows.h"
#include "session.h"
#include "text.h"

/* Headers are short, a message names what was wrong. */
#define CLEAN_MEMORY_MAX ((size_t)32 << 20)

/* What came in headers and paths may be any bytes. */
static enum err bind_clean(struct db_statement *statement, int parameter, struct arena *arena,
                           struct slice text)
{
    struct slice clean;
    TRY(text_clean(arena, text, &clean));
    db_bind_text(statement, parameter, clean);
    return ERR_OK;
}

enum err store_submission_insert(struct session *session, const struct submission *submission)
{
    struct arena clean CLEANUP(arena_done);
    arena_init(&clean, CLEAN_MEMORY_MAX);
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_SUBMISSION_INSERT, &statement));
    db_bind_integer(statement, 1, submission->organization_id);
    db_bind_integer_or_null(statement, 2, submission->ingestion_config_id, 0);
    db_bind_integer_or_null(statement, 3, submission->config_version, 0);
    TRY(bind_clean(statement, 4, &clean, submission->endpoint));
    db_bind_integer(statement, 5, submission->received_us);
    TRY(bind_clean(statement, 6, &clean, submission->content_type));
    TRY(bind_clean(statement, 7, &clean, submission->remote_address));
    TRY(bind_clean(statement, 8, &clean, submission->request_id));
    db_bind_blob(statement, 9, slice_is_null(submission->body) ? SLICE("") : submission->body);
    db_bind_text(statement, 10, submission->outcome);
    db_bind_integer_or_null(statement, 11, submission->lead_id, 0);
    TRY(bind_clean(statement, 12, &clean, submission->message));
    return db_post(statement);
}

static enum err read_row(const struct db_statement *statement, struct arena *arena,
                         struct submission *submission)
{
    const struct {
        int column;
        struct slice *text;
    } texts[] = {
        {3, &submission->endpoint},   {5, &submission->content_type}, {6, &submission->remote_address},
        {7, &submission->request_id}, {8, &submission->body},         {9, &submission->outcome},
        {11, &submission->message},
    };
    submission->organization_id = db_column_integer(statement, 0);
    submission->ingestion_config_id = db_column_integer_or(statement, 1, 0);
    submission->config_version = db_column_integer_or(statement, 2, 0);
    submission->received_us = db_column_integer(statement, 4);
    submission->lead_id = db_column_integer_or(statement, 10, 0);
    submission->id = db_column_integer(statement, 12);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        TRY(arena_copy(arena, db_column_bytes(statement, texts[i].column), texts[i].text));
    return ERR_OK;
}

enum err store_submission_list(struct session *session, struct arena *arena, int64_t organization_id,
                               int64_t config_id, int64_t limit, struct submission **ret_submissions,
                               size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, config_id != 0 ? QUERY_SUBMISSION_LIST_CONFIG : QUERY_SUBMISSION_LIST,
                      &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, limit);
    if (config_id != 0)
        db_bind_integer(statement, 3, config_id);
    struct rows rows;
    rows_init(&rows, arena, sizeof(struct submission));
    bool row;
    TRY(db_step(statement, &row));
    while (row) {
        struct submission *submission = rows_add(&rows);
        if (!submission)
            return ERR_MEMORY;
        TRY(read_row(statement, arena, submission));
        TRY(db_step(statement, &row));
    }
    *ret_submissions = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}
