/* Counts leads per organization without a statement for each lead. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lead_counter.h"

#include "session.h"

static enum err write_row(struct session *session, int64_t organization_id, int64_t leads)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_COUNT_ADD, &statement));
    db_bind_integer(statement, 1, organization_id);
    db_bind_integer(statement, 2, session->shard);
    db_bind_integer(statement, 3, leads);
    return db_post(statement);
}

enum err lead_counter_flush(struct session *session)
{
    struct lead_counter *counter = &session->counter;
    for (; counter->length > 0; counter->length--) {
        size_t last = counter->length - 1;
        TRY(write_row(session, counter->rows[last].organization_id, counter->rows[last].leads));
    }
    return ERR_OK;
}

enum err lead_counter_add(struct session *session, int64_t organization_id)
{
    struct lead_counter *counter = &session->counter;
    for (size_t i = 0; i < counter->length; i++) {
        if (counter->rows[i].organization_id == organization_id) {
            counter->rows[i].leads++;
            return ERR_OK;
        }
    }
    if (counter->length == LEAD_COUNTER_MAX)
        TRY(lead_counter_flush(session));
    counter->rows[counter->length].organization_id = organization_id;
    counter->rows[counter->length].leads = 1;
    counter->length++;
    return ERR_OK;
}

void lead_counter_clear(struct lead_counter *counter)
{
    counter->length = 0;
}
