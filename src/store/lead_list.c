/* Lists and counts of leads: the filter that narrows most drives the index, the others check what it finds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/lead.h"
#include "lead_row.h"
#include "rows.h"
#include "session.h"
#include "text.h"

/* The queries for a driving filter. */
struct plan {
    enum query_id list, count;
};

/* Most selective first. Null: no filter. */
static const struct plan *choose(const struct lead_filter *filter)
{
    static const struct plan by_external_id = {QUERY_LEAD_LIST_EXTERNAL_ID, QUERY_LEAD_COUNT_EXTERNAL_ID};
    static const struct plan by_phone = {QUERY_LEAD_LIST_PHONE, QUERY_LEAD_COUNT_PHONE};
    static const struct plan by_email = {QUERY_LEAD_LIST_EMAIL, QUERY_LEAD_COUNT_EMAIL};
    static const struct plan by_representative = {QUERY_LEAD_LIST_REPRESENTATIVE,
                                                  QUERY_LEAD_COUNT_REPRESENTATIVE};
    if (!slice_is_null(filter->external_id))
        return &by_external_id;
    if (!slice_is_null(filter->phone_number))
        return &by_phone;
    if (!slice_is_null(filter->email))
        return &by_email;
    return filter->representative_id != 0 ? &by_representative : NULL;
}

/* What is no text is not in the database, and could not even be asked for on every engine. */
static bool matches_nothing(const struct lead_filter *filter)
{
    return filter->none || !text_is_clean(filter->external_id) || !text_is_clean(filter->phone_number) ||
           !text_is_clean(filter->phone_e164) || !text_is_clean(filter->email) ||
           !text_is_clean(filter->email_key);
}

static void bind_filter(struct db_statement *statement, const struct lead_filter *filter)
{
    db_bind_integer(statement, 1, filter->organization_id);
    db_bind_text(statement, 2, filter->external_id);
    db_bind_text(statement, 3, filter->phone_number);
    db_bind_text(statement, 4, filter->phone_e164);
    db_bind_text(statement, 5, filter->email);
    db_bind_text(statement, 6, filter->email_key);
    db_bind_integer_or_null(statement, 7, filter->representative_id, 0);
}

static enum err read_leads(struct db_statement *statement, struct arena *arena, struct lead **ret_leads,
                           size_t *ret_count)
{
    struct rows rows;
    rows_init(&rows, arena, sizeof(struct lead));
    bool row;
    TRY(db_step(statement, &row));
    while (row) {
        struct lead *lead = rows_add(&rows);
        if (!lead)
            return ERR_MEMORY;
        TRY(lead_row_read(statement, arena, lead));
        TRY(db_step(statement, &row));
    }
    *ret_leads = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}

enum err store_lead_list(struct session *session, struct arena *arena, const struct lead_filter *filter,
                         int64_t limit, int64_t offset, struct lead **ret_leads, size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    if (matches_nothing(filter)) {
        *ret_leads = NULL;
        *ret_count = 0;
        return ERR_OK;
    }
    const struct plan *plan = choose(filter);
    TRY(session_query(session, plan ? plan->list : QUERY_LEAD_LIST, &statement));
    int next = 2;
    if (plan) {
        bind_filter(statement, filter);
        next = 8;
    } else {
        db_bind_integer(statement, 1, filter->organization_id);
    }
    db_bind_integer(statement, next, limit);
    db_bind_integer(statement, next + 1, offset);
    return read_leads(statement, arena, ret_leads, ret_count);
}

enum err store_lead_count(struct session *session, const struct lead_filter *filter, int64_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    if (matches_nothing(filter)) {
        *ret_count = 0;
        return ERR_OK;
    }
    const struct plan *plan = choose(filter);
    if (!plan)
        TRY(lead_counter_flush(session)); /* leads of this very transaction count, too */
    TRY(session_query(session, plan ? plan->count : QUERY_LEAD_COUNT, &statement));
    if (plan)
        bind_filter(statement, filter);
    else
        db_bind_integer(statement, 1, filter->organization_id);
    return session_run(statement, NULL, ret_count);
}
