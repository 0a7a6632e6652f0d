/* GET /api/lead-types/ and /api/lead-types/{id}/: the campaigns leads are routed to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lead_types.h"
#include "../attachment.h"
#include "inlet/base/number.h"
#include "inlet/base/unicode.h"
#include "sela.h"

void lead_type_write(struct jout *jout, const struct call *call, const struct lead_type *lead_type)
{
    jout_object_begin(jout);
    jout_member_integer(jout, "id", lead_type->id);
    jout_member_string(jout, "name", lead_type->name);
    jout_key(jout, SLICE("lead_metadata_fields"));
    jout_raw(jout, lead_type->metadata_fields);
    if (call->principal.scopes & SCOPE_ADMIN) {
        jout_key(jout, SLICE("min_reengagement_days"));
        if (lead_type->min_reengagement_days == REENGAGEMENT_NEVER)
            jout_string(jout, SLICE("never"));
        else if (lead_type->min_reengagement_days == REENGAGEMENT_UNSET)
            jout_null(jout);
        else
            jout_integer(jout, lead_type->min_reengagement_days);
        jout_key(jout, SLICE("calling"));
        jout_raw(jout, lead_type->calling);
    }
    jout_object_end(jout);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool contains(struct slice text, struct slice part)
{
    for (size_t at = 0; at + part.n <= text.n; at++) {
        size_t n = 0;
        while (n < part.n && lower(text.p[at + n]) == lower(part.p[n]))
            n++;
        if (n == part.n)
            return true;
    }
    return false;
}

/* rest_framework.filters.SearchFilter: blanks and commas separate terms, all must occur, case does not matter. */
static bool matches(struct slice name, struct slice search)
{
    struct slice term = slice_head(search, 0);
    while (search.n > 0) {
        struct slice at = search;
        unsigned c = slice_next_code_point(&search);
        bool separates = c == ',' || unicode_is_blank(c);
        if (!separates)
            term.n += at.n - search.n;
        if ((separates || search.n == 0) && !contains(name, term))
            return false;
        if (separates)
            term = slice_head(search, 0);
    }
    return true;
}

/* NUL characters are taken out of the search. */
static enum err read_search(struct call *call, const struct url_pairs *query, struct slice *ret_search)
{
    struct slice text = url_pairs_get(query, SLICE("search"));
    char *clean = arena_alloc(&call->arena, text.n + 1);
    size_t n = 0;
    if (!clean)
        return ERR_MEMORY;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\0')
            clean[n++] = text.p[i];
    }
    *ret_search = slice_of(clean, n);
    return ERR_OK;
}

enum err lead_types_list_prepare(struct call *call)
{
    const struct setup *setup = directory_setup(call_directory(call));
    const struct lead_type **found =
        ARENA_ARRAY(&call->arena, const struct lead_type *, setup->lead_type_count + 1);
    struct url_pairs query;
    struct page_request page;
    struct slice search;
    struct jout jout;
    int64_t count = 0;
    if (!found)
        return ERR_MEMORY;
    enum err error = call_query(call, &query);
    if (error == ERR_INVALID)
        return ERR_OK; /* answered */
    TRY(error);
    TRY(read_search(call, &query, &search));
    for (size_t i = 0; i < setup->lead_type_count; i++) {
        const struct lead_type *lead_type = &setup->lead_types[i];
        if (lead_type->organization_id == call->principal.organization_id && matches(lead_type->name, search))
            found[count++] = lead_type;
    }
    page_read(&query, &page);
    if (page_settle(&page, count) != ERR_OK) {
        answer_detail(call, 404, SLICE("Invalid page."));
        return ERR_OK;
    }
    TRY(page_begin(call, &jout, &page, count));
    for (int64_t i = page_offset(&page); i < count && i < page_offset(&page) + page.size; i++)
        lead_type_write(&jout, call, found[i]);
    jout_array_end(&jout);
    jout_object_end(&jout);
    return buffer_error(&call->answer);
}

const struct lead_type *lead_type_of_path(struct call *call)
{
    int64_t id;
    if (number_parse_int64(call->arguments[0], &id) != ERR_OK)
        return NULL;
    return directory_lead_type(call_directory(call), call->principal.organization_id, id);
}

enum err lead_type_get_prepare(struct call *call)
{
    const struct lead_type *lead_type = lead_type_of_path(call);
    struct jout jout;
    if (!lead_type) {
        answer_detail(call, 404, SLICE("Not found."));
        return ERR_OK;
    }
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    lead_type_write(&jout, call, lead_type);
    return buffer_error(&call->answer);
}
