/* GET /api/leads/: pages of leads, newest first. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/base/unicode.h"
#include "inlet/domain/email.h"
#include "inlet/domain/phone.h"
#include "inlet/store/lead.h"
#include "sela.h"

#include <math.h>
#include <stdlib.h>

struct list_call {
    struct lead_filter filter;
    struct page_request page;
    int64_t count;
    struct lead *leads;
    size_t lead_count;
};

/* A filter's text, trimmed as Django's form fields do; null when it is blank, which does not narrow. */
static enum err filter_text(const struct url_pairs *query, struct slice name, struct faults *faults,
                            struct slice *ret_text)
{
    struct slice text = slice_trim_unicode(url_pairs_get(query, name));
    *ret_text = text.n > 0 ? text : SLICE_NULL;
    if (slice_find(text, '\0') == text.n)
        return ERR_OK;
    return faults_add(faults, (struct fault){.field = name, .kind = FAULT_NULL_CHARACTER});
}

/* Digits of any script with single underscores between, copied as ASCII without those. */
static bool take_digits(struct slice *s, struct buffer *number)
{
    bool after_digit = false;
    while (s->n > 0) {
        struct slice rest = *s;
        unsigned c = slice_next_code_point(&rest);
        int digit = unicode_digit(c);
        if (digit < 0 && !(c == '_' && after_digit && rest.n > 0))
            break;
        if (digit >= 0)
            buffer_append_byte(number, (char)('0' + digit));
        after_digit = digit >= 0;
        *s = rest;
    }
    return after_digit;
}

static void take_sign(struct slice *s, struct buffer *number)
{
    if (s->n > 0 && (s->p[0] == '+' || s->p[0] == '-')) {
        buffer_append_byte(number, s->p[0]);
        *s = slice_skip(*s, 1);
    }
}

/* What Python's Decimal() reads: a sign, digits, a fraction, an exponent. */
static bool read_decimal(struct slice text, double *ret_number)
{
    struct buffer number CLEANUP(buffer_done) = BUFFER_INIT(2048);
    take_sign(&text, &number);
    bool whole = take_digits(&text, &number), fraction = false;
    if (text.n > 0 && text.p[0] == '.') {
        buffer_append_byte(&number, '.');
        text = slice_skip(text, 1);
        fraction = take_digits(&text, &number);
    }
    if (!whole && !fraction)
        return false;
    if (text.n > 0 && (text.p[0] == 'e' || text.p[0] == 'E')) {
        buffer_append_byte(&number, 'e');
        text = slice_skip(text, 1);
        take_sign(&text, &number);
        if (!take_digits(&text, &number))
            return false;
    }
    buffer_append_byte(&number, '\0');
    if (text.n > 0 || buffer_error(&number) != ERR_OK)
        return false;
    *ret_number = strtod(number.data, NULL);
    return true;
}

/* user: django-filter's NumberFilter on the representative's id. */
static enum err filter_user(const struct url_pairs *query, struct faults *faults, struct lead_filter *filter)
{
    struct slice text = url_pairs_get(query, SLICE("user"));
    struct fault fault = {.field = SLICE("user"), .kind = FAULT_OTHER};
    double number;
    if (text.n == 0)
        return ERR_OK;
    if (!read_decimal(slice_trim_unicode(text), &number))
        fault.input = SLICE("Enter a number.");
    else if (number > 1e50)
        fault.input = SLICE("Ensure this value is less than or equal to 1e+50.");
    if (fault.input.n > 0)
        return faults_add(faults, fault);
    filter->representative_id = fabs(number) < 9e18 ? (int64_t)number : 0;
    filter->none = filter->representative_id <= 0;
    return ERR_OK;
}

static enum err read_filters(struct call *call, const struct url_pairs *query, struct lead_filter *filter)
{
    struct phone phone;
    struct faults faults;
    faults_init(&faults, &call->arena);
    TRY(filter_text(query, SLICE("email"), &faults, &filter->email));
    TRY(filter_text(query, SLICE("external_id"), &faults, &filter->external_id));
    TRY(filter_text(query, SLICE("phone_number"), &faults, &filter->phone_number));
    TRY(filter_user(query, &faults, filter));
    if (faults.count > 0) {
        answer_faults(call, &faults);
        return ERR_INVALID;
    }
    if (!slice_is_null(filter->email))
        TRY(email_key(&call->arena, filter->email, &filter->email_key));
    if (!slice_is_null(filter->phone_number) &&
        phone_parse(filter->phone_number, call_app(call)->phone_region, &phone) == PHONE_VALID)
        TRY(arena_copy(&call->arena, phone_slice(&phone), &filter->phone_e164));
    return ERR_OK;
}

enum err leads_list_prepare(struct call *call)
{
    struct url_pairs query;
    struct list_call *state = ARENA_NEW(&call->arena, struct list_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    state->filter.organization_id = call->principal.organization_id;
    enum err error = call_query(call, &query);
    if (error == ERR_OK)
        error = read_filters(call, &query, &state->filter);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    page_read(&query, &state->page);
    return ERR_OK;
}

/* Leads with very much metadata: a page of them has to be smaller. Nothing else lets the arena of a list come near its cap. */
#define LARGE_PAGE ((size_t)48 << 20)

static enum err answer_page_too_large(struct call *call)
{
    answer_detail(
        call, 400,
        SLICE("The leads of this page are too large for one answer. Ask for fewer with page_size."));
    return ERR_OK;
}

enum err leads_list_run(struct session *session, struct call *call)
{
    struct list_call *state = call->state;
    TRY(store_lead_count(session, &state->filter, &state->count));
    if (page_settle(&state->page, state->count) != ERR_OK) {
        answer_detail(call, 404, SLICE("Invalid page."));
        return ERR_OK;
    }
    enum err error = store_lead_list(session, &call->arena, &state->filter, state->page.size,
                                     page_offset(&state->page), &state->leads, &state->lead_count);
    if (error == ERR_MEMORY && call->arena.used > LARGE_PAGE)
        return answer_page_too_large(call);
    return error;
}

enum err leads_list_render(struct call *call)
{
    struct list_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    TRY(page_begin(call, &jout, &state->page, state->count));
    for (size_t i = 0; i < state->lead_count; i++)
        lead_write(&jout, &state->leads[i], call_app(call)->timezone);
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer) == ERR_LIMIT ? answer_page_too_large(call)
                                                    : buffer_error(&call->answer);
}
