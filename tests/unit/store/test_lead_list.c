/* Lists and counts of leads: every combination of filters against a plain loop, order, pages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/lead.h"

#include "fixture.h"

#define LEADS 60

static const char *const phones[] = {NULL, "+11", "+12"};
static const char *const emails[] = {NULL, "A@x.y", "a@x.y", "b@x.y"};
static const char *const keys[] = {"", "a@x.y", "a@x.y", "b@x.y"};
static const char *const external_ids[] = {NULL, "x1", "x2"};
static const int64_t representatives[] = {0, 4, 5};

static struct lead nth_lead(size_t i)
{
    struct lead lead = sample_lead(phones[i % 3], emails[i / 3 % 4]);
    lead.email_key = slice_from(keys[i / 3 % 4]);
    lead.external_id = slice_from(external_ids[i / 2 % 3]);
    lead.representative_id = representatives[i / 5 % 3];
    lead.created_us = (int64_t)(i * 7 % 10); /* many at the same instant */
    return lead;
}

static size_t set_up(struct fixture *fixture, struct lead *leads)
{
    fixture_init(fixture);
    ck_assert_int_eq(db_execute(fixture->session->db,
                                "INSERT INTO organization (id, name, created_us) VALUES (2, 'o', 1);"
                                "INSERT INTO representative (id, organization_id, name, created_us)"
                                " VALUES (4, 1, 'R', 1), (5, 1, 'S', 1)"),
                     ERR_OK);
    size_t count = 0;
    for (size_t i = 0; i < LEADS; i++) {
        leads[count] = nth_lead(i);
        leads[count].id = insert_lead(fixture->session, &leads[count]);
        count += leads[count].id != 0;
    }
    struct lead other = sample_lead("+11", "a@x.y");
    other.organization_id = 2;
    insert_lead(fixture->session, &other);
    ck_assert_int_eq(
        db_execute(fixture->session->db,
                   "INSERT INTO lead (organization_id, created_us, modified_us, received_us, phone_number,"
                   " external_id, deleted_us) VALUES (1, 1, 1, 1, '+11', 'x1', 1)"),
        ERR_OK);
    return count;
}

static bool same(struct slice filter, struct slice value)
{
    return slice_is_null(filter) || (!slice_is_null(value) && slice_equal(filter, value));
}

static bool passes(const struct lead_filter *filter, const struct lead *lead)
{
    bool phone = same(filter->phone_number, lead->phone_number) ||
                 (!slice_is_null(filter->phone_e164) && same(filter->phone_e164, lead->phone_number));
    return phone && same(filter->email, lead->email) && same(filter->external_id, lead->external_id) &&
           (filter->representative_id == 0 || filter->representative_id == lead->representative_id);
}

static size_t count_passing(const struct lead_filter *filter, const struct lead *leads, size_t count)
{
    size_t passing = 0;
    for (size_t i = 0; i < count; i++)
        passing += passes(filter, &leads[i]);
    return passing;
}

static void assert_newest_first(const struct lead *leads, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct lead *newer = &leads[i - 1], *older = &leads[i];
        ck_assert(newer->created_us > older->created_us ||
                  (newer->created_us == older->created_us && newer->id > older->id));
    }
}

static void check_filter(struct fixture *fixture, const struct lead_filter *filter, const struct lead *leads,
                         size_t count)
{
    struct lead *found;
    size_t found_count, expected = count_passing(filter, leads, count);
    int64_t counted;
    ck_assert_int_eq(
        store_lead_list(fixture->session, &fixture->arena, filter, 1000, 0, &found, &found_count), ERR_OK);
    ck_assert_int_eq(store_lead_count(fixture->session, filter, &counted), ERR_OK);
    ck_assert_uint_eq(found_count, expected);
    ck_assert_int_eq(counted, (int64_t)expected);
    assert_newest_first(found, found_count);
    for (size_t i = 0; i < found_count; i++)
        ck_assert(passes(filter, &found[i]));
}

START_TEST(filters_combine)
{
    struct fixture fixture;
    struct lead leads[LEADS];
    size_t count = set_up(&fixture, leads);
    for (int i = 0; i < 3 * 4 * 3 * 3; i++) {
        int phone = i % 3, email = i / 3 % 4, external_id = i / 12 % 3, representative = i / 36;
        struct lead_filter filter = {
            .organization_id = 1,
            .email = slice_from(emails[email]),
            .email_key = email ? slice_from(keys[email]) : SLICE_NULL,
            .external_id = slice_from(external_ids[external_id]),
            .phone_number = slice_from(phones[phone]),
            .representative_id = representatives[representative],
        };
        check_filter(&fixture, &filter, leads, count);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(a_phone_number_matches_as_sent_or_normalized)
{
    struct fixture fixture;
    struct lead leads[LEADS];
    size_t count = set_up(&fixture, leads);
    struct lead_filter filter = {
        .organization_id = 1, .phone_number = SLICE("(1) 1"), .phone_e164 = SLICE("+11")};
    check_filter(&fixture, &filter, leads, count);
    ck_assert_uint_gt(count_passing(&filter, leads, count), 0);
    filter.external_id = SLICE("x1");
    check_filter(&fixture, &filter, leads, count);
    filter.phone_e164 = SLICE_NULL;
    check_filter(&fixture, &filter, leads, count);
    ck_assert_uint_eq(count_passing(&filter, leads, count), 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(every_generation_is_searched)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ck_assert_int_eq(
        db_execute(
            fixture.session->db,
            "INSERT INTO lead (id, organization_id, created_us, modified_us, received_us, email,"
            " email_key, external_id, phone_number) VALUES (1, 1, 5, 5, 5, 'a', 'a', 'x', '+11'),"
            " (65535, 1, 4, 4, 4, 'a', 'a', 'x', '+12'), (65536, 1, 3, 3, 3, 'a', 'a', 'x', '+13'),"
            " (1000000, 1, 2, 2, 2, 'a', 'a', 'x', '+14'), (1000001, 1, 1, 1, 1, 'b', 'b', 'y', '+15')"),
        ERR_OK);
    const struct lead_filter filters[] = {
        {.organization_id = 1, .external_id = SLICE("x")},
        {.organization_id = 1, .email = SLICE("a"), .email_key = SLICE("a")},
    };
    static const int64_t ids[] = {1, 65535, 65536, 1000000};
    for (size_t f = 0; f < ARRAY_LENGTH(filters); f++) {
        struct lead *found;
        size_t count;
        int64_t counted;
        ck_assert_int_eq(store_lead_list(fixture.session, &fixture.arena, &filters[f], 10, 0, &found, &count),
                         ERR_OK);
        ck_assert_int_eq(store_lead_count(fixture.session, &filters[f], &counted), ERR_OK);
        ck_assert_uint_eq(count, ARRAY_LENGTH(ids));
        ck_assert_int_eq(counted, ARRAY_LENGTH(ids));
        for (size_t i = 0; i < count; i++)
            ck_assert_int_eq(found[i].id, ids[i]);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(pages_cut_the_list)
{
    struct fixture fixture;
    struct lead leads[LEADS], *all, *page;
    size_t count = set_up(&fixture, leads), all_count, page_count, seen = 0;
    const struct lead_filter filters[] = {{.organization_id = 1},
                                          {.organization_id = 1, .representative_id = 4}};
    for (size_t f = 0; f < ARRAY_LENGTH(filters); f++) {
        ck_assert_int_eq(
            store_lead_list(fixture.session, &fixture.arena, &filters[f], 1000, 0, &all, &all_count), ERR_OK);
        for (seen = 0; seen < all_count; seen += page_count) {
            ck_assert_int_eq(store_lead_list(fixture.session, &fixture.arena, &filters[f], 7, (int64_t)seen,
                                             &page, &page_count),
                             ERR_OK);
            ck_assert_uint_eq(page_count, all_count - seen < 7 ? all_count - seen : 7);
            for (size_t i = 0; i < page_count; i++)
                ck_assert_int_eq(page[i].id, all[seen + i].id);
        }
    }
    ck_assert_int_eq(
        store_lead_list(fixture.session, &fixture.arena, &filters[0], 7, 1000, &page, &page_count), ERR_OK);
    ck_assert_uint_eq(page_count, 0);
    ck_assert_uint_gt(count, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(narrowed_to_nothing)
{
    struct fixture fixture;
    struct lead leads[LEADS], *found;
    set_up(&fixture, leads);
    struct lead_filter filter = {.organization_id = 1, .none = true};
    size_t found_count = 1;
    int64_t counted = 1;
    ck_assert_int_eq(store_lead_list(fixture.session, &fixture.arena, &filter, 10, 0, &found, &found_count),
                     ERR_OK);
    ck_assert_int_eq(store_lead_count(fixture.session, &filter, &counted), ERR_OK);
    ck_assert_uint_eq(found_count, 0);
    ck_assert_int_eq(counted, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(an_arena_that_is_too_small_is_an_error)
{
    struct fixture fixture;
    struct lead leads[LEADS], *found;
    set_up(&fixture, leads);
    struct arena small;
    arena_init(&small, 2000);
    struct lead_filter filter = {.organization_id = 1};
    size_t count;
    ck_assert_int_eq(store_lead_list(fixture.session, &small, &filter, 1000, 0, &found, &count), ERR_MEMORY);
    arena_done(&small);
    ck_assert_int_eq(store_lead_list(fixture.session, &fixture.arena, &filter, 1000, 0, &found, &count),
                     ERR_OK);
    fixture_done(&fixture);
}
END_TEST

/* Bytes that no text has: PostgreSQL could not even be asked. */
START_TEST(what_is_no_text_matches_nothing)
{
    struct fixture fixture;
    struct lead leads[LEADS], *found;
    set_up(&fixture, leads);
    const struct lead_filter filters[] = {
        {.organization_id = 1, .external_id = SLICE("x1\0")},
        {.organization_id = 1, .external_id = SLICE("\xFF")},
        {.organization_id = 1, .phone_number = SLICE("\xC3"), .phone_e164 = SLICE("+11")},
        {.organization_id = 1, .email = SLICE("a@x.y"), .email_key = SLICE("a\0")},
        {.organization_id = 1, .email = SLICE("\0a@x.y"), .email_key = SLICE("a@x.y")},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
        size_t found_count = 1;
        int64_t counted = 1;
        ck_assert_int_eq(
            store_lead_list(fixture.session, &fixture.arena, &filters[i], 10, 0, &found, &found_count),
            ERR_OK);
        ck_assert_int_eq(store_lead_count(fixture.session, &filters[i], &counted), ERR_OK);
        ck_assert_uint_eq(found_count, 0);
        ck_assert_int_eq(counted, 0);
    }
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("lead_list", what_is_no_text_matches_nothing, filters_combine,
          a_phone_number_matches_as_sent_or_normalized, every_generation_is_searched, pages_cut_the_list,
          narrowed_to_nothing, an_arena_that_is_too_small_is_an_error)
