/* Vocabularies and the rules of reengagement. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/lead.h"

#include "inlet/base/compiler.h"
#include "unit.h"

#define DAY_US INT64_C(86400000000)

START_TEST(vocabularies_are_in_documented_order)
{
    static const struct {
        const struct vocabulary *vocabulary;
        size_t count;
        int value;
        const char *text;
    } rows[] = {
        {&lead_statuses, 12, LEAD_STATUS_UNKNOWN, "UNKNOWN"},
        {&lead_statuses, 12, LEAD_STATUS_CALLBACK_TO_TRANSFER, "CALLBACK_TO_TRANSFER"},
        {&lead_statuses, 12, LEAD_STATUS_CANCELLED, "CANCELLED"},
        {&lead_status_sub_types, 9, LEAD_STATUS_SUB_TYPE_blind_transfer, "blind_transfer"},
        {&lead_status_sub_types, 9, LEAD_STATUS_SUB_TYPE_LEAD_ASSIGNED, "LEAD_ASSIGNED"},
        {&lead_status_reasons, 6, LEAD_STATUS_REASON_REENGAGEMENT, "REENGAGEMENT"},
        {&lead_next_call_reasons, 7, LEAD_NEXT_CALL_REASON_NO_WINDOW, "NO_WINDOW"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ck_assert_uint_eq(rows[i].vocabulary->count, rows[i].count);
        ck_assert(slice_equal(vocabulary_text(rows[i].vocabulary, rows[i].value), slice_from(rows[i].text)));
    }
    ck_assert_int_eq(LEAD_STATUS_UNKNOWN, 1);
    ck_assert_int_eq(LEAD_STATUS_CANCELLED, 11);
}
END_TEST

START_TEST(values_and_texts_lead_back_to_each_other)
{
    const struct vocabulary *all[] = {&lead_statuses, &lead_status_sub_types, &lead_status_reasons,
                                      &lead_next_call_reasons};
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
        for (int value = 1; value < (int)all[i]->count; value++)
            ck_assert_int_eq(vocabulary_find(all[i], vocabulary_text(all[i], value)), value);
        ck_assert(slice_is_null(vocabulary_text(all[i], 0)));
        ck_assert(slice_is_null(vocabulary_text(all[i], -1)));
        ck_assert(slice_is_null(vocabulary_text(all[i], (int)all[i]->count)));
    }
}
END_TEST

START_TEST(texts_are_found_exactly)
{
    ck_assert_int_eq(vocabulary_find(&lead_statuses, SLICE("OPEN")), LEAD_STATUS_OPEN);
    ck_assert_int_eq(vocabulary_find(&lead_statuses, SLICE("open")), 0);
    ck_assert_int_eq(vocabulary_find(&lead_statuses, SLICE("OPEN ")), 0);
    ck_assert_int_eq(vocabulary_find(&lead_statuses, SLICE("")), 0);
    ck_assert_int_eq(vocabulary_find(&lead_statuses, SLICE_NULL), 0);
    ck_assert_int_eq(vocabulary_find(&lead_status_sub_types, SLICE("Blind transfer")), 0);
}
END_TEST

START_TEST(terminal_statuses_are_the_documented_seven)
{
    int terminal = 0;
    for (int status = 0; status < (int)lead_statuses.count; status++)
        terminal += lead_status_is_terminal((enum lead_status)status);
    ck_assert_int_eq(terminal, 7);
    ck_assert(!lead_status_is_terminal(LEAD_STATUS_NULL));
    ck_assert(!lead_status_is_terminal(LEAD_STATUS_OPEN));
    ck_assert(!lead_status_is_terminal(LEAD_STATUS_CALLBACK_TO_TRANSFER));
    ck_assert(lead_status_is_terminal(LEAD_STATUS_CLOSED));
    ck_assert(lead_status_is_terminal(LEAD_STATUS_CANCELLED));
}
END_TEST

START_TEST(reengagement_waits_for_whole_days)
{
    const int64_t received = INT64_C(1700000000000000), last = received + 3 * DAY_US;
    const struct {
        int64_t received_us, last_us, min_days, now_us;
        bool reengages;
    } rows[] = {
        {received, TIME_NONE, 0, received, true},
        {received, TIME_NONE, 0, received - 1, true}, /* the clock was set back: still "every duplicate" */
        {received, TIME_NONE, 1, received + DAY_US - 1, false},
        {received, TIME_NONE, 1, received + DAY_US, true},
        {received, TIME_NONE, 30, received + 30 * DAY_US - 1, false},
        {received, TIME_NONE, 30, received + 30 * DAY_US, true},
        {received, last, 1, last + DAY_US - 1, false},
        {received, last, 1, last + DAY_US, true},
        {last, received, 1, received + DAY_US, false}, /* the later of the two counts */
        {last, received, 1, last + DAY_US, true},
        {received, TIME_NONE, REENGAGEMENT_NEVER, INT64_MAX, false},
        {received, TIME_NONE, REENGAGEMENT_NEVER - 1, INT64_MAX, false},
        {received, TIME_NONE, INT64_MAX / DAY_US + 1, INT64_MAX, false},
        {received, TIME_NONE, INT64_MAX / DAY_US, INT64_MAX, false},
        {TIME_NONE, TIME_NONE, 365, received, true},
        {TIME_NONE, TIME_NONE, REENGAGEMENT_NEVER, received, false},
        {received, TIME_NONE, REENGAGEMENT_UNSET, received, true},
        {received, TIME_NONE, INT64_MIN, received, true},
        {-10 * DAY_US, TIME_NONE, 10, 0, true},
        {-10 * DAY_US, TIME_NONE, 10, -1, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct lead lead = {.received_us = rows[i].received_us, .last_reengagement_us = rows[i].last_us};
        ck_assert_msg(lead_reengages(&lead, rows[i].min_days, rows[i].now_us) == rows[i].reengages, "row %zu",
                      i);
    }
}
END_TEST

START_TEST(reengaging_marks_the_lead)
{
    struct lead lead = {.id = 7,
                        .status = LEAD_STATUS_CLOSED,
                        .status_sub_type = LEAD_STATUS_SUB_TYPE_escalation,
                        .received_us = 5,
                        .created_us = 6,
                        .last_reengagement_us = TIME_NONE,
                        .reengagements_count = 2};
    lead_mark_reengaged(&lead, 1000);
    ck_assert_int_eq(lead.reengagements_count, 3);
    ck_assert_int_eq(lead.last_reengagement_us, 1000);
    ck_assert_int_eq(lead.modified_us, 1000);
    ck_assert_int_eq(lead.status, LEAD_STATUS_OPEN);
    ck_assert_int_eq(lead.status_reason, LEAD_STATUS_REASON_REENGAGEMENT);
    ck_assert_int_eq(lead.received_us, 5);
    ck_assert_int_eq(lead.created_us, 6);
    ck_assert_int_eq(lead.id, 7);
}
END_TEST

UNIT_MAIN("lead", vocabularies_are_in_documented_order, values_and_texts_lead_back_to_each_other,
          texts_are_found_exactly, terminal_statuses_are_the_documented_seven,
          reengagement_waits_for_whole_days, reengaging_marks_the_lead)
