/* Pages of lists, as rest_framework.pagination.PageNumberPagination makes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/base/number.h"
#include "sela.h"

#include <stdlib.h>

#define PAGE_SIZE_DEFAULT 100
#define PAGE_SIZE_MAX     1000
#define LINK_MAX          ((size_t)64 << 10)

enum err call_query(struct call *call, struct url_pairs *ret_query)
{
    enum err error = url_decode_pairs(&call->arena, call->query, ret_query);
    if (error != ERR_LIMIT)
        return error;
    answer_detail(call, 400, SLICE("The query has too many parameters."));
    return ERR_INVALID;
}

void page_read(const struct url_pairs *query, struct page_request *ret_page)
{
    struct slice number = url_pairs_get(query, SLICE("page")),
                 size = url_pairs_get(query, SLICE("page_size"));
    *ret_page = (struct page_request){.number = 1, .size = PAGE_SIZE_DEFAULT};
    int64_t wanted;
    enum err error = slice_is_null(size) ? ERR_INVALID : python_int(size, &wanted);
    if (error == ERR_OK && wanted > 0)
        ret_page->size = wanted < PAGE_SIZE_MAX ? wanted : PAGE_SIZE_MAX;
    else if (error == ERR_LIMIT && slice_trim_unicode(size).p[0] != '-')
        ret_page->size = PAGE_SIZE_MAX;
    if (slice_is_null(number))
        return;
    if (slice_equal(number, SLICE("last")))
        ret_page->number = 0;
    else if (python_int(number, &ret_page->number) != ERR_OK || ret_page->number < 1)
        ret_page->number = -1;
}

enum err page_settle(struct page_request *page, int64_t count)
{
    int64_t pages = count > 0 ? (count + page->size - 1) / page->size : 1;
    if (page->number == 0)
        page->number = pages;
    return page->number >= 1 && page->number <= pages ? ERR_OK : ERR_NOT_FOUND;
}

/* A query parameter with its place, so that sorting by name keeps the order of equal names. */
struct parameter {
    struct url_pair pair;
    size_t index;
};

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *left = a, *right = b;
    int order = slice_compare(left->pair.name, right->pair.name);
    if (order != 0)
        return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* The query with page NUMBER (0: without a page), sorted by name as rest_framework.utils.urls does it. */
static enum err write_query(struct call *call, struct buffer *link, const struct url_pairs *query,
                            int64_t number)
{
    char text[NUMBER_TEXT_MAX];
    struct parameter *parameters = ARENA_ARRAY(&call->arena, struct parameter, query->count + 1);
    size_t count = 0;
    if (!parameters)
        return ERR_MEMORY;
    for (size_t i = 0; i < query->count; i++) {
        if (!slice_equal(query->pairs[i].name, SLICE("page")))
            parameters[count++] = (struct parameter){query->pairs[i], i};
    }
    if (number > 0) {
        struct slice page = slice_of(text, number_format_int64(number, text));
        parameters[count++] = (struct parameter){{SLICE("page"), page}, query->count};
    }
    qsort(parameters, count, sizeof(*parameters), compare_parameters);
    for (size_t i = 0; i < count; i++) {
        buffer_append_byte(link, i ? '&' : '?');
        url_encode_plus(link, parameters[i].pair.name);
        buffer_append_byte(link, '=');
        url_encode_plus(link, parameters[i].pair.value);
    }
    return buffer_error(link);
}

/* Whether X-Forwarded-* of this peer can be believed. */
static bool is_trusted(const struct call *call)
{
    const struct app *app = call_app(call);
    for (size_t i = 0; i < app->trusted_proxy_count; i++) {
        struct slice proxy = slice_from(app->trusted_proxies[i]);
        if (slice_equal(proxy, SLICE("*")) || slice_equal(proxy, call->remote_address))
            return true;
    }
    return false;
}

/* A forwarded header's first element: what the outermost proxy saw. */
static struct slice forwarded(const struct call *call, struct slice name)
{
    struct slice rest, value = call_header(call, name);
    if (slice_is_null(value) || !is_trusted(call))
        return SLICE_NULL;
    return slice_trim(slice_cut(value, ',', &rest));
}

static enum err write_base(struct call *call, struct buffer *link)
{
    struct slice scheme = forwarded(call, SLICE("X-Forwarded-Proto"));
    struct slice host = forwarded(call, SLICE("X-Forwarded-Host"));
    buffer_append(link, slice_equal_nocase(scheme, SLICE("https")) ? SLICE("https://") : SLICE("http://"));
    return buffer_append(link, host.n > 0 ? host : call_header(call, SLICE("Host")));
}

/* "next" or "previous": the page beside, or null. */
static enum err write_link(struct call *call, struct jout *jout, const char *key,
                           const struct url_pairs *query, int64_t number, bool exists)
{
    struct buffer link CLEANUP(buffer_done) = BUFFER_INIT(LINK_MAX);
    if (!exists) {
        jout_member_null(jout, key);
        return ERR_OK;
    }
    write_base(call, &link);
    buffer_append(&link, call->path);
    TRY(write_query(call, &link, query, number));
    jout_member_string(jout, key, buffer_slice(&link));
    return ERR_OK;
}

enum err page_begin(struct call *call, struct jout *jout, const struct page_request *page, int64_t count)
{
    struct url_pairs query;
    TRY(url_decode_pairs(&call->arena, call->query, &query));
    call_answer(call, 200);
    jout_init(jout, &call->answer);
    jout_object_begin(jout);
    jout_member_integer(jout, "count", count);
    /* A link to the first page names no page. */
    int64_t before = page->number == 2 ? 0 : page->number - 1;
    TRY(write_link(call, jout, "next", &query, page->number + 1, page->number * page->size < count));
    TRY(write_link(call, jout, "previous", &query, before, page->number > 1));
    jout_key(jout, SLICE("results"));
    jout_array_begin(jout);
    return ERR_OK;
}
