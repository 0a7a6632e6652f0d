/* Takes in what a dialer reports: the attempt counts, the schedule moves on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/dial.h"
#include "inlet/store/dnc.h"
#include "inlet/store/lead.h"

/* The lease that is reported. *RET_REPEATED: it was before. */
static enum err find_lease(struct session *session, struct arena *arena, const struct lead *lead,
                           struct slice lease_id, bool *ret_repeated, struct call_record *ret_record)
{
    enum err error = store_call_by_lease(session, arena, lead->organization_id, lease_id, ret_record);
    if (error == ERR_NOT_FOUND || (error == ERR_OK && ret_record->lead_id != lead->id))
        return ERR_INVALID;
    TRY(error);
    *ret_repeated = ret_record->outcome != CALL_OUTCOME_NULL;
    return ERR_OK;
}

/* Keeps the call: a new one, or as what became of its lease, even if that has run out. The call took place. */
static enum err keep(struct session *session, const struct lead *lead, const struct call_report *report,
                     struct call_record *record)
{
    int64_t now_us = session_now_us(session);
    bool leased = !slice_is_null(report->lease_id);
    if (!leased)
        *record = (struct call_record){.organization_id = lead->organization_id,
                                       .lead_id = lead->id,
                                       .phone_number = lead->phone_number,
                                       .lease_until_us = TIME_NONE,
                                       .created_us = now_us};
    record->at_us = report->at_us != TIME_NONE && report->at_us < now_us ? report->at_us : now_us;
    /* A call was not made before it was handed out: a clock that says so must not hide it from the cadence and the caps. */
    if (leased && record->at_us < record->created_us)
        record->at_us = record->created_us < now_us ? record->created_us : now_us;
    record->outcome = report->outcome;
    return leased ? store_call_report(session, record) : store_call_insert(session, record);
}

/* Before the lead's row is taken: see lock_number in intake.c. *RET_NUMBER: the number that was called; null when nobody
 * said stop, or the report is of no use. */
static enum err lock_number(struct session *session, struct arena *arena, int64_t organization_id,
                            const struct call_report *report, struct slice *ret_number)
{
    struct lead lead;
    struct call_record record;
    struct dnc dnc;
    *ret_number = SLICE_NULL;
    if (report->outcome != CALL_OUTCOME_dnc)
        return ERR_OK;
    TRY(store_lead_by_id(session, arena, organization_id, report->lead_id, &lead));
    *ret_number = lead.phone_number;
    if (!slice_is_null(report->lease_id)) {
        enum err error = store_call_by_lease(session, arena, organization_id, report->lease_id, &record);
        if (error != ERR_OK)
            return error == ERR_NOT_FOUND ? ERR_INVALID : error;
        *ret_number = record.phone_number;
    }
    return slice_is_null(*ret_number) ? ERR_OK
                                      : store_dnc_get_locked(session, organization_id, *ret_number, &dnc);
}

/* Whoever said so said it of the number that was called, which the lead may have no longer. */
static enum err forbid_calls(struct session *session, const struct call_record *record, struct lead *lead)
{
    struct dnc dnc;
    if (slice_equal(record->phone_number, lead->phone_number))
        lead->call_dnc = true;
    if (slice_is_null(record->phone_number))
        return ERR_OK;
    TRY(store_dnc_get_locked(session, lead->organization_id, record->phone_number, &dnc));
    dnc.calls = true;
    return store_dnc_set(session, lead->organization_id, record->phone_number, &dnc);
}

static enum err apply(struct session *session, const struct dial *dial, const struct call_record *record,
                      struct lead *lead)
{
    struct calling_next next;
    lead->call_attempts++;
    if (record->at_us > lead->last_call_us)
        lead->last_call_us = record->at_us;
    lead->modified_us = session_now_us(session);
    if (record->outcome == CALL_OUTCOME_bad_number)
        lead->status = LEAD_STATUS_BAD_NUMBER;
    if (record->outcome == CALL_OUTCOME_transferred)
        lead->status = LEAD_STATUS_CLOSED;
    if (record->outcome == CALL_OUTCOME_dnc)
        TRY(forbid_calls(session, record, lead));
    TRY(dial_schedule(session, dial, NULL, lead, &next));
    dial_counts_add(dial->counts, lead->organization_id, next.outcome);
    return store_lead_called(session, lead, record->lease_until_us);
}

enum err call_report(struct session *session, const struct dial *dial, struct arena *arena,
                     int64_t organization_id, const struct call_report *report, bool *ret_repeated,
                     struct call_record *ret_record, struct lead *ret_lead)
{
    struct lead lead;
    struct call_record record;
    struct slice number;
    bool repeated = false;
    TRY(lock_number(session, arena, organization_id, report, &number));
    /* The lead's row is held from here on: of two reports of one lease, the second finds what the first one said. */
    TRY(store_lead_by_id_locked(session, arena, organization_id, report->lead_id, &lead));
    if (!slice_is_null(report->lease_id))
        TRY(find_lease(session, arena, &lead, report->lease_id, &repeated, &record));
    if (!repeated) {
        TRY(keep(session, &lead, report, &record));
        if (report->outcome == CALL_OUTCOME_dnc && !slice_equal(record.phone_number, number))
            return ERR_BUSY; /* the lead got another number meanwhile: once more */
        TRY(apply(session, dial, &record, &lead));
    }
    *ret_repeated = repeated;
    *ret_record = record;
    *ret_lead = lead;
    return ERR_OK;
}
