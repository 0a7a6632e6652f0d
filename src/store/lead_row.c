/* Binds and reads the columns of a lead, in the order of LEAD_KEYS in queries.def. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lead_row.h"

static void bind_word(struct db_statement *statement, int parameter, const struct vocabulary *words,
                      int value)
{
    db_bind_text(statement, parameter, vocabulary_text(words, value));
}

void lead_row_bind(struct db_statement *statement, const struct lead *lead)
{
    db_bind_integer(statement, 1, lead->organization_id);
    db_bind_text(statement, 2, lead->email);
    db_bind_text(statement, 3, slice_is_null(lead->email_key) ? SLICE("") : lead->email_key);
    db_bind_text(statement, 4, lead->phone_number);
    db_bind_integer(statement, 5, lead->modified_us);
    db_bind_integer(statement, 6, lead->received_us);
    bind_word(statement, 7, &lead_statuses, (int)lead->status);
    bind_word(statement, 8, &lead_status_sub_types, (int)lead->status_sub_type);
    bind_word(statement, 9, &lead_status_reasons, (int)lead->status_reason);
    db_bind_integer_or_null(statement, 10, lead->lead_type_id, 0);
    db_bind_integer_or_null(statement, 11, lead->representative_id, 0);
    db_bind_integer_or_null(statement, 12, lead->next_call_us, TIME_NONE);
    bind_word(statement, 13, &lead_next_call_reasons, (int)lead->next_call_reason);
    db_bind_text(statement, 14, lead->external_id);
    db_bind_text(statement, 15, lead->us_state);
    db_bind_text(statement, 16, lead->lead_source);
    db_bind_integer(statement, 17, lead->reengagements_count);
    db_bind_integer_or_null(statement, 18, lead->last_reengagement_us, TIME_NONE);
    db_bind_integer_or_null(statement, 19, lead->call_schedule_start_us, TIME_NONE);
    db_bind_integer(statement, 20, lead->sms_dnc);
    db_bind_integer(statement, 21, lead->call_dnc);
    db_bind_integer_or_null(statement, 22, lead->ingestion_config_id, 0);
    db_bind_text(statement, 23, lead->metadata);
    db_bind_integer(statement, 24, lead->call_attempts);
    db_bind_integer_or_null(statement, 25, lead->last_call_us, TIME_NONE);
}

static int read_word(const struct db_statement *statement, int column, const struct vocabulary *words)
{
    return vocabulary_find(words, db_column_bytes(statement, column));
}

/* What the number's owner asked for holds, whatever the lead's own row says: one that was written while the other was on its
 * way may not have heard. */
static void read_dnc(const struct db_statement *statement, struct lead *lead)
{
    int64_t own =
        db_column_integer(statement, 19) * DNC_MESSAGES + db_column_integer(statement, 20) * DNC_CALLS;
    int64_t flags = db_column_integer_or(statement, 27, own);
    lead->sms_dnc = flags & DNC_MESSAGES;
    lead->call_dnc = flags & DNC_CALLS;
    if (!lead->call_dnc)
        return;
    lead->next_call_us = TIME_NONE;
    lead->next_call_reason = LEAD_NEXT_CALL_REASON_NULL;
}

static enum err read_texts(const struct db_statement *statement, struct arena *arena, struct lead *lead)
{
    const struct {
        int column;
        struct slice *text;
    } texts[] = {
        {1, &lead->email},     {2, &lead->email_key},    {3, &lead->phone_number}, {13, &lead->external_id},
        {14, &lead->us_state}, {15, &lead->lead_source}, {22, &lead->metadata},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        TRY(arena_copy(arena, db_column_bytes(statement, texts[i].column), texts[i].text));
    return ERR_OK;
}

enum err lead_row_read(const struct db_statement *statement, struct arena *arena, struct lead *ret_lead)
{
    struct lead lead = {
        .organization_id = db_column_integer(statement, 0),
        .modified_us = db_column_integer(statement, 4),
        .received_us = db_column_integer(statement, 5),
        .status = (enum lead_status)read_word(statement, 6, &lead_statuses),
        .status_sub_type = (enum lead_status_sub_type)read_word(statement, 7, &lead_status_sub_types),
        .status_reason = (enum lead_status_reason)read_word(statement, 8, &lead_status_reasons),
        .lead_type_id = db_column_integer_or(statement, 9, 0),
        .representative_id = db_column_integer_or(statement, 10, 0),
        .next_call_us = db_column_integer_or(statement, 11, TIME_NONE),
        .next_call_reason = (enum lead_next_call_reason)read_word(statement, 12, &lead_next_call_reasons),
        .reengagements_count = db_column_integer(statement, 16),
        .last_reengagement_us = db_column_integer_or(statement, 17, TIME_NONE),
        .call_schedule_start_us = db_column_integer_or(statement, 18, TIME_NONE),
        .ingestion_config_id = db_column_integer_or(statement, 21, 0),
        .call_attempts = db_column_integer(statement, 23),
        .last_call_us = db_column_integer_or(statement, 24, TIME_NONE),
        .created_us = db_column_integer(statement, 25),
        .id = db_column_integer(statement, 26),
    };
    read_dnc(statement, &lead);
    TRY(read_texts(statement, arena, &lead));
    *ret_lead = lead;
    return ERR_OK;
}

enum err lead_row_find(struct db_statement *statement, struct arena *arena, struct lead *ret_lead)
{
    bool row;
    TRY(db_step(statement, &row));
    return row ? lead_row_read(statement, arena, ret_lead) : ERR_NOT_FOUND;
}
