/* Submissions: kept byte for byte, listed newest first. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/submission.h"

#include "fixture.h"

static const char body[] = "\0\xFF{\"a\":1}\n";

static struct submission sample(int64_t config_id)
{
    return (struct submission){
        .organization_id = 1,
        .ingestion_config_id = config_id,
        .config_version = config_id ? 3 : 0,
        .endpoint = SLICE("POST /api/leads/"),
        .received_us = 123,
        .content_type = SLICE("application/json"),
        .request_id = SLICE("r-1"),
        .body = slice_of(body, sizeof(body) - 1),
        .outcome = SLICE("rejected"),
        .message = SLICE("no"),
    };
}

static void set_up(struct fixture *fixture)
{
    fixture_init(fixture);
    ck_assert_int_eq(db_execute(fixture->session->db,
                                "INSERT INTO organization (id, name, created_us) VALUES (2, 'o', 1);"
                                "INSERT INTO ingestion_config (id, organization_id, uuid, version, document, "
                                "created_us, modified_us)"
                                " VALUES (5, 1, '00000000-0000-4000-8000-000000000000', 1, '{}', 1, 1)"),
                     ERR_OK);
}

START_TEST(what_was_sent_comes_back)
{
    struct fixture fixture;
    set_up(&fixture);
    struct submission submission = sample(5), *list;
    size_t count;
    ck_assert_int_eq(store_submission_insert(fixture.session, &submission), ERR_OK);
    ck_assert_int_eq(store_submission_list(fixture.session, &fixture.arena, 1, 0, 10, &list, &count), ERR_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_gt(list[0].id, 0);
    ck_assert_int_eq(list[0].organization_id, 1);
    ck_assert_int_eq(list[0].ingestion_config_id, 5);
    ck_assert_int_eq(list[0].config_version, 3);
    ck_assert_int_eq(list[0].received_us, 123);
    ck_assert_int_eq(list[0].lead_id, 0);
    ck_assert_uint_eq(list[0].body.n, sizeof(body) - 1);
    ck_assert_mem_eq(list[0].body.p, body, sizeof(body) - 1);
    assert_slice(list[0].endpoint, "POST /api/leads/");
    assert_slice(list[0].content_type, "application/json");
    assert_slice(list[0].remote_address, NULL);
    assert_slice(list[0].request_id, "r-1");
    assert_slice(list[0].outcome, "rejected");
    assert_slice(list[0].message, "no");
    fixture_done(&fixture);
}
END_TEST

START_TEST(the_newest_come_first)
{
    struct fixture fixture;
    set_up(&fixture);
    static const struct {
        int64_t organization_id, config_id, limit;
        size_t count;
    } rows[] = {{1, 0, 100, 20}, {1, 5, 100, 10}, {1, 0, 3, 3},
                {2, 0, 100, 0},  {2, 5, 100, 0},  {1, 6, 100, 0}};
    for (int i = 0; i < 20; i++) {
        struct submission submission = sample(i % 2 ? 5 : 0);
        submission.body = SLICE_NULL;
        ck_assert_int_eq(store_submission_insert(fixture.session, &submission), ERR_OK);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct submission *list;
        size_t count;
        ck_assert_int_eq(store_submission_list(fixture.session, &fixture.arena, rows[i].organization_id,
                                               rows[i].config_id, rows[i].limit, &list, &count),
                         ERR_OK);
        ck_assert_uint_eq(count, rows[i].count);
        for (size_t j = 1; j < count; j++)
            ck_assert_int_gt(list[j - 1].id, list[j].id);
    }
    fixture_done(&fixture);
}
END_TEST

START_TEST(its_organization_must_exist)
{
    struct fixture fixture;
    set_up(&fixture);
    struct submission submission = sample(0);
    submission.organization_id = 9;
    ck_assert_int_eq(store_submission_insert(fixture.session, &submission), ERR_CONFLICT);
    fixture_done(&fixture);
}
END_TEST

/* Within a transaction, at the latest at its end. */
START_TEST(its_organization_must_exist_for_the_commit)
{
    struct fixture fixture;
    set_up(&fixture);
    struct submission submission = sample(0);
    submission.organization_id = 9;
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    enum err error = store_submission_insert(fixture.session, &submission);
    if (error == ERR_OK)
        error = session_commit(fixture.session);
    ck_assert_int_eq(error, ERR_CONFLICT);
    ck_assert_int_eq(session_abandon(fixture.session), ERR_OK);
    fixture_done(&fixture);
}
END_TEST

/* Headers may hold anything; what is no text would not go into every engine. */
START_TEST(text_becomes_text)
{
    struct fixture fixture;
    set_up(&fixture);
    struct submission submission = sample(0), *list;
    size_t count;
    submission.endpoint = SLICE("GET /\xC3\xA9\xFF");
    submission.content_type = SLICE("a\0b");
    submission.remote_address = SLICE("\x80");
    submission.request_id = SLICE("\xED\xA0\x80");
    submission.message = SLICE("\xF0\x9F\x98\x80\xF0\x9F");
    ck_assert_int_eq(store_submission_insert(fixture.session, &submission), ERR_OK);
    ck_assert_int_eq(store_submission_list(fixture.session, &fixture.arena, 1, 0, 10, &list, &count), ERR_OK);
    ck_assert_uint_eq(count, 1);
    assert_slice(list[0].endpoint, "GET /\xC3\xA9\xEF\xBF\xBD");
    assert_slice(list[0].content_type, "a\xEF\xBF\xBD"
                                       "b");
    assert_slice(list[0].remote_address, "\xEF\xBF\xBD");
    assert_slice(list[0].request_id, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_slice(list[0].message, "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
    ck_assert_mem_eq(list[0].body.p, body, sizeof(body) - 1);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("submission", what_was_sent_comes_back, the_newest_come_first, its_organization_must_exist,
          its_organization_must_exist_for_the_commit, text_becomes_text)
