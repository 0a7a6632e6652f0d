/* The Sela lead API: what its files share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_SELA_SELA_H
#define INLET_API_SELA_SELA_H

#include "inlet/app/intake.h"
#include "inlet/codec/jout.h"
#include "inlet/http/call.h"
#include "inlet/schema/field.h"
#include "inlet/store/submission.h"

extern const struct dialect sela_dialect;

/* The same words, but each config says whether it asks for a token (ingest.c). */
extern const struct dialect ingest_dialect;

#define SELA_ENDPOINT_COUNT 13
extern const struct endpoint sela_endpoints[SELA_ENDPOINT_COUNT];

/* One body, and one of many leads or of a provider (docs/behaviour.md section 8). */
#define BODY_MAX       ((size_t)1 << 20)
#define LARGE_BODY_MAX ((size_t)10 << 20)

/* Most leads in one bulk request. */
#define BULK_MAX 1000

/* answer.c: answers in Django REST framework's shapes. */

/* {"detail": TEXT} */
void answer_detail(struct call *call, unsigned status, struct slice text);
/* 400 {"field": ["message", …], …} */
void answer_faults(struct call *call, const struct faults *faults);
/* 400 {"non_field_errors": [TEXT]} */
void answer_non_field_error(struct call *call, struct slice text);
/* The words for a fault, appended. */
enum err fault_message(struct buffer *buffer, const struct fault *fault);
/* "field: message; field: message", as bulk reports an item. */
enum err faults_line(struct buffer *buffer, const struct faults *faults);

/* body.c: request bodies. */

/* Decodes the body by its content type. Otherwise answers (415, 400) and returns ERR_INVALID; ERR_MEMORY. */
NODISCARD enum err body_decode(struct call *call, struct schema_input *ret_input);
/* As above, and refuses what is no object (or form). */
NODISCARD enum err body_decode_object(struct call *call, struct schema_input *ret_input);
/* As body_decode, with a form made an object whose repeated keys are arrays, and JSON taken under the names that providers
 * give it: any +json, text/plain, or no type at all. */
NODISCARD enum err body_decode_value(struct call *call, struct value *ret_value);

/* Puts the parameters of the query below the members of a payload that is an object. Otherwise answers (400, too many) and
 * returns ERR_INVALID; ERR_MEMORY. */
NODISCARD enum err query_merge_below(struct call *call, struct value *payload);

/* lead_fields.c: the fields of a lead. */
extern const struct field_table lead_create_fields, lead_change_fields, lead_read_only_fields;

/* Decodes a payload in the standard lead format. Faults are collected; fails with ERR_MEMORY. */
NODISCARD enum err lead_decode_create(struct call *call, const struct schema_input *input,
                                      struct lead_input *ret_lead, struct faults *faults);
NODISCARD enum err lead_decode_change(struct call *call, const struct schema_input *input,
                                      struct lead_input *ret_lead, struct faults *faults);

/* The source of leads that this call brings over the API. */
void lead_source_of_call(const struct call *call, const struct lead_input *input,
                         struct intake_source *ret_source);

/* leads.c: the id of a lead in the call's path; 0, which no lead has, for anything else. */
int64_t lead_id_of_path(const struct call *call);

/* lead_wire.c: a lead as JSON (docs/behaviour.md section 3). */
void lead_write(struct jout *jout, const struct lead *lead, const struct timezone *timezone);
/* An instant in the configured zone; TIME_NONE is null. */
void time_write(struct jout *jout, int64_t us, const struct timezone *timezone);
/* The lead as the whole answer. */
NODISCARD enum err lead_answer(struct call *call, unsigned status, const struct lead *lead);

/* refused.c: refused posts are kept. */

/* What every submission has of the call that brought it; the rest is cleared. */
void submission_of_call(const struct call *call, struct submission *ret_submission);

/* The call has been answered with a refusal in prepare: its body is kept in the lane all the same. */
void refused_keep(struct call *call);
/* Keeps the body of a call with OUTCOME; inside run. MESSAGE is what was answered. */
NODISCARD enum err refused_store(struct session *session, struct call *call, struct slice outcome,
                                 struct slice message);

/* page.c: pages of lists. */
struct page_request {
    int64_t number; /* 0: the last one; -1: not a number */
    int64_t size;
};
/* page and page_size of the query. */
void page_read(const struct url_pairs *query, struct page_request *ret_page);
/* Settles number for COUNT rows. ERR_NOT_FOUND: there is no such page. */
NODISCARD enum err page_settle(struct page_request *page, int64_t count);
static inline int64_t page_offset(const struct page_request *page)
{
    return (page->number - 1) * page->size;
}
/* Opens the answer: {"count":…,"next":…,"previous":…,"results":[ . The caller writes the results and ends both. */
NODISCARD enum err page_begin(struct call *call, struct jout *jout, const struct page_request *page,
                              int64_t count);
/* The whole query of a call, decoded. */
NODISCARD enum err call_query(struct call *call, struct url_pairs *ret_query);

/* The endpoints' functions, one file per resource. */
NODISCARD enum err leads_create_prepare(struct call *call);
NODISCARD enum err leads_create_run(struct session *session, struct call *call);
NODISCARD enum err leads_create_render(struct call *call);
NODISCARD enum err leads_list_prepare(struct call *call);
NODISCARD enum err leads_list_run(struct session *session, struct call *call);
NODISCARD enum err leads_list_render(struct call *call);
NODISCARD enum err leads_bulk_prepare(struct call *call);
NODISCARD enum err leads_bulk_run(struct session *session, struct call *call);
NODISCARD enum err leads_bulk_render(struct call *call);
NODISCARD enum err lead_get_prepare(struct call *call);
NODISCARD enum err lead_get_run(struct session *session, struct call *call);
NODISCARD enum err lead_get_render(struct call *call);
NODISCARD enum err lead_patch_prepare(struct call *call);
NODISCARD enum err lead_patch_run(struct session *session, struct call *call);
NODISCARD enum err lead_patch_render(struct call *call);
NODISCARD enum err calls_report_prepare(struct call *call);
NODISCARD enum err calls_report_run(struct session *session, struct call *call);
NODISCARD enum err calls_report_render(struct call *call);
NODISCARD enum err calls_list_prepare(struct call *call);
NODISCARD enum err calls_list_run(struct session *session, struct call *call);
NODISCARD enum err calls_list_render(struct call *call);
NODISCARD enum err call_window_prepare(struct call *call);
NODISCARD enum err call_window_run(struct session *session, struct call *call);
NODISCARD enum err call_window_render(struct call *call);
NODISCARD enum err due_lease_prepare(struct call *call);
NODISCARD enum err due_lease_run(struct session *session, struct call *call);
NODISCARD enum err due_peek_prepare(struct call *call);
NODISCARD enum err due_peek_run(struct session *session, struct call *call);
NODISCARD enum err due_render(struct call *call);
NODISCARD enum err ingest_prepare(struct call *call);
NODISCARD enum err ingest_run(struct session *session, struct call *call);
NODISCARD enum err ingest_render(struct call *call);
NODISCARD enum err lead_types_list_prepare(struct call *call);
NODISCARD enum err lead_type_get_prepare(struct call *call);

#endif
