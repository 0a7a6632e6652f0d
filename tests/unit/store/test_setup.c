/* What operators set up: creating, changing, loading, versions. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/store/setup.h"

#include "fixture.h"

static struct setup load(struct fixture *fixture)
{
    struct setup setup;
    ck_assert_int_eq(store_setup_load(fixture->session, &fixture->arena, &setup), ERR_OK);
    return setup;
}

static struct token sample_token(unsigned char fill)
{
    struct token token = {.organization_id = 1,
                          .name = SLICE("crm"),
                          .key_hint = SLICE("abcd"),
                          .scope = SLICE("full"),
                          .revoked_us = 5};
    memset(token.key_hash, fill, sizeof(token.key_hash));
    return token;
}

START_TEST(a_new_database_has_one_organization)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct setup setup = load(&fixture);
    ck_assert_uint_eq(setup.organization_count, 1);
    ck_assert_int_eq(setup.organizations[0].id, 1);
    ck_assert_uint_eq(setup.token_count + setup.lead_type_count + setup.representative_count, 0);
    ck_assert_uint_eq(setup.ingestion_config_count, 0);
    ck_assert_int_ge(setup.version, 1);
    fixture_done(&fixture);
}
END_TEST

START_TEST(ids_are_given_or_next)
{
    struct fixture fixture;
    fixture_init(&fixture);
    static const struct {
        int64_t id, expected;
        enum err error;
    } rows[] = {{0, 2, ERR_OK},         {10, 10, ERR_OK}, {0, 11, ERR_OK},
                {10, 10, ERR_CONFLICT}, {5, 5, ERR_OK},   {0, 12, ERR_OK}};
    int64_t version = load(&fixture).version;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct organization organization = {.id = rows[i].id, .name = SLICE("o")};
        ck_assert_int_eq(
            IN_TRANSACTION(fixture.session, store_organization_insert(fixture.session, &organization)),
            rows[i].error);
        ck_assert_int_eq(organization.id, rows[i].expected);
        if (rows[i].error == ERR_OK)
            ck_assert_int_eq(organization.created_us, session_now_us(fixture.session));
    }
    ck_assert_int_eq(load(&fixture).version, version + 5);
    fixture_done(&fixture);
}
END_TEST

START_TEST(references_must_exist)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct token token = sample_token(1);
    token.organization_id = 9;
    struct lead_type type = {
        .organization_id = 9, .name = SLICE("t"), .min_reengagement_days = REENGAGEMENT_UNSET};
    struct representative representative = {.organization_id = 9, .name = SLICE("r")};
    struct ingestion_config config = {.organization_id = 9, .document = SLICE("{}")};
    ck_assert_int_eq(random_uuid(config.uuid), ERR_OK);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_insert(fixture.session, &token)),
                     ERR_CONFLICT);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_lead_type_insert(fixture.session, &type)),
                     ERR_CONFLICT);
    ck_assert_int_eq(
        IN_TRANSACTION(fixture.session, store_representative_insert(fixture.session, &representative)),
        ERR_CONFLICT);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_ingestion_config_insert(fixture.session, &config)),
                     ERR_CONFLICT);
    ck_assert_int_eq(token.id + type.id + representative.id + config.id, 0);
    fixture_done(&fixture);
}
END_TEST

START_TEST(tokens_are_revoked_once)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct token first = sample_token(1), second = sample_token(2), twin = sample_token(1), *all;
    size_t count;
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_insert(fixture.session, &first)), ERR_OK);
    ck_assert_int_eq(first.revoked_us, TIME_NONE);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_insert(fixture.session, &second)), ERR_OK);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_insert(fixture.session, &twin)),
                     ERR_CONFLICT);
    int64_t version = load(&fixture).version, revoked_us = session_now_us(fixture.session);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_revoke(fixture.session, 1, first.id)),
                     ERR_OK);
    ck_assert_int_gt(load(&fixture).version, version);
    usleep(10);
    session_start_job(fixture.session);
    ck_assert_int_gt(session_now_us(fixture.session), revoked_us);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_revoke(fixture.session, 1, first.id)),
                     ERR_OK);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_revoke(fixture.session, 2, second.id)),
                     ERR_NOT_FOUND);
    struct setup setup = load(&fixture);
    ck_assert_uint_eq(setup.token_count, 1);
    ck_assert_int_eq(setup.tokens[0].id, second.id);
    ck_assert_mem_eq(setup.tokens[0].key_hash, second.key_hash, sizeof(second.key_hash));
    assert_slice(setup.tokens[0].scope, "full");
    assert_slice(setup.tokens[0].key_hint, "abcd");
    ck_assert_int_eq(store_token_list(fixture.session, &fixture.arena, 1, &all, &count), ERR_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(all[0].revoked_us, revoked_us);
    ck_assert_int_eq(all[1].revoked_us, TIME_NONE);
    fixture_done(&fixture);
}
END_TEST

START_TEST(lead_types_keep_their_reengagement)
{
    static const int64_t days[] = {REENGAGEMENT_UNSET, REENGAGEMENT_NEVER, 0, 30};
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
        struct lead_type type = {.organization_id = 1, .name = SLICE("t"), .min_reengagement_days = days[i]};
        ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_lead_type_insert(fixture.session, &type)),
                         ERR_OK);
        ck_assert_int_eq(load(&fixture).lead_types[i].min_reengagement_days, days[i]);
        assert_slice(load(&fixture).lead_types[i].metadata_fields, "[]");
        assert_slice(load(&fixture).lead_types[i].calling, NULL);
    }
    struct lead_type changed = {.id = 2,
                                .organization_id = 1,
                                .name = SLICE("new"),
                                .metadata_fields = SLICE("[1]"),
                                .calling = SLICE("{\"cadence\":[]}"),
                                .min_reengagement_days = REENGAGEMENT_UNSET};
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_lead_type_update(fixture.session, &changed)),
                     ERR_OK);
    ck_assert_int_gt(changed.created_us, 0);
    struct setup setup = load(&fixture);
    ck_assert_uint_eq(setup.lead_type_count, 4);
    assert_slice(setup.lead_types[1].name, "new");
    assert_slice(setup.lead_types[1].metadata_fields, "[1]");
    assert_slice(setup.lead_types[1].calling, "{\"cadence\":[]}");
    ck_assert_int_eq(setup.lead_types[1].min_reengagement_days, REENGAGEMENT_UNSET);
    changed.organization_id = 2;
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_lead_type_update(fixture.session, &changed)),
                     ERR_NOT_FOUND);
    fixture_done(&fixture);
}
END_TEST

START_TEST(representatives_are_loaded)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct representative representative = {.id = 8, .organization_id = 1, .name = SLICE("Ann")};
    ck_assert_int_eq(
        IN_TRANSACTION(fixture.session, store_representative_insert(fixture.session, &representative)),
        ERR_OK);
    struct setup setup = load(&fixture);
    ck_assert_uint_eq(setup.representative_count, 1);
    ck_assert_int_eq(setup.representatives[0].id, 8);
    assert_slice(setup.representatives[0].name, "Ann");
    fixture_done(&fixture);
}
END_TEST

START_TEST(ingestion_configs_keep_every_version)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct ingestion_config config = {.organization_id = 1, .document = SLICE("{\"v\":1}")}, twin, missing;
    ck_assert_int_eq(random_uuid(config.uuid), ERR_OK);
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_ingestion_config_insert(fixture.session, &config)),
                     ERR_OK);
    ck_assert_int_eq(config.version, 1);
    twin = config;
    twin.id = 0;
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_ingestion_config_insert(fixture.session, &twin)),
                     ERR_CONFLICT);
    config.document = SLICE("{\"v\":2}");
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_ingestion_config_update(fixture.session, &config)),
                     ERR_OK);
    ck_assert_int_eq(config.version, 2);
    missing = config;
    missing.organization_id = 2;
    ck_assert_int_eq(
        IN_TRANSACTION(fixture.session, store_ingestion_config_update(fixture.session, &missing)),
        ERR_NOT_FOUND);
    struct setup setup = load(&fixture);
    ck_assert_uint_eq(setup.ingestion_config_count, 1);
    ck_assert_int_eq(setup.ingestion_configs[0].version, 2);
    ck_assert_str_eq(setup.ingestion_configs[0].uuid, config.uuid);
    assert_slice(setup.ingestion_configs[0].document, "{\"v\":2}");
    ck_assert_int_eq(
        fixture_number(&fixture, "SELECT count(*) FROM ingestion_config_version"
                                 " WHERE ingestion_config_id = 1 AND document = '{\"v\":' || version || '}'"),
        2);
    fixture_done(&fixture);
}
END_TEST

/* As a client's id that is taken: the job answers, and commits. */
START_TEST(a_refused_change_changes_nothing)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct organization taken = {.id = 1, .name = SLICE("o")}, next = {.name = SLICE("p")};
    int64_t version = load(&fixture).version;
    ck_assert_int_eq(db_begin(fixture.session->db), ERR_OK);
    ck_assert_int_eq(store_organization_insert(fixture.session, &taken), ERR_CONFLICT);
    ck_assert_int_eq(load(&fixture).version, version);
    ck_assert_int_eq(store_organization_insert(fixture.session, &next), ERR_OK);
    ck_assert_int_eq(session_commit(fixture.session), ERR_OK);
    ck_assert_int_eq(load(&fixture).version, version + 1);
    ck_assert_int_eq(next.id, 2);
    struct token missing = {.id = 7, .organization_id = 1};
    ck_assert_int_eq(IN_TRANSACTION(fixture.session, store_token_revoke(fixture.session, 1, missing.id)),
                     ERR_NOT_FOUND);
    ck_assert_int_eq(load(&fixture).version, version + 1);
    fixture_done(&fixture);
}
END_TEST

UNIT_MAIN("setup", a_refused_change_changes_nothing, a_new_database_has_one_organization,
          ids_are_given_or_next, references_must_exist, tokens_are_revoked_once,
          lead_types_keep_their_reengagement, representatives_are_loaded,
          ingestion_configs_keep_every_version)
