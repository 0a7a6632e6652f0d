/* The directory finds what operators set up, for its own organization only. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/directory.h"

#include "app_test.h"
#include "inlet/domain/lead.h"

#define UUID_ONE   "0b1d6a0e-0000-4000-8000-00000000000a"
#define UUID_TWO   "ffffffff-0000-4000-8000-00000000000b"
#define UUID_WRONG "11111111-0000-4000-8000-00000000000c"

static struct token token_row(int64_t organization_id, const char *key)
{
    struct token token = {.organization_id = organization_id,
                          .name = SLICE("t"),
                          .key_hint = SLICE("abcd"),
                          .scope = SLICE("full"),
                          .revoked_us = TIME_NONE};
    hash_sha256(slice_from(key), token.key_hash);
    return token;
}

static enum err insert_config(struct session *session, int64_t organization_id, const char *uuid,
                              const char *document)
{
    struct ingestion_config config = {.organization_id = organization_id, .document = slice_from(document)};
    memcpy(config.uuid, uuid, UUID_LENGTH + 1);
    return store_ingestion_config_insert(session, &config);
}

/* Two organizations: 1 with lead types 3 and 9, 2 with lead type 5 and representative 4; the second token is revoked. */
static enum err set_up(struct session *session, void *context)
{
    struct organization second = {.id = 2, .name = SLICE("Second")};
    struct lead_type types[] = {{.id = 9, .organization_id = 1, .min_reengagement_days = REENGAGEMENT_NEVER},
                                {.id = 3, .organization_id = 1, .min_reengagement_days = 30},
                                {.id = 5, .organization_id = 2, .min_reengagement_days = REENGAGEMENT_UNSET}};
    struct representative person = {.id = 4, .organization_id = 2, .name = SLICE("Ann")};
    struct token tokens[] = {token_row(1, "one"), token_row(1, "gone"), token_row(2, "two")};
    (void)context;
    TRY(store_organization_insert(session, &second));
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        types[i].name = SLICE("Campaign");
        types[i].metadata_fields = SLICE("[]");
        TRY(store_lead_type_insert(session, &types[i]));
    }
    TRY(store_representative_insert(session, &person));
    for (size_t i = 0; i < ARRAY_LENGTH(tokens); i++)
        TRY(store_token_insert(session, &tokens[i]));
    TRY(store_token_revoke(session, 1, tokens[1].id));
    TRY(insert_config(session, 2, UUID_TWO, "{\"name\":\"Two\",\"auth\":\"open\"}"));
    TRY(insert_config(session, 1, UUID_ONE, "{\"name\":\"One\"}"));
    return insert_config(session, 1, UUID_WRONG, "{\"name\":\"Newer\",\"each\":\"$.x\"}");
}

static enum err build(struct session *session, void *context)
{
    return directory_build(session, context);
}

static struct directory *directory_of(struct place *place)
{
    struct directory *directory = NULL;
    ck_assert_int_eq(place_run(place, build, &directory), ERR_OK);
    return directory;
}

static const struct token *token_of(const struct directory *directory, const char *key)
{
    unsigned char hash[SHA256_SIZE];
    hash_sha256(slice_from(key), hash);
    return directory_token(directory, hash);
}

START_TEST(everything_is_found_by_its_key)
{
    struct place place;
    place_init(&place);
    ck_assert_int_eq(place_run(&place, set_up, NULL), ERR_OK);
    struct directory *directory = directory_of(&place);
    ck_assert_int_eq(token_of(directory, "one")->organization_id, 1);
    ck_assert_int_eq(token_of(directory, "two")->organization_id, 2);
    ck_assert_ptr_null(token_of(directory, "gone"));
    ck_assert_ptr_null(token_of(directory, ""));
    ck_assert_ptr_null(token_of(directory, "three"));
    ck_assert_int_eq(directory_organization(directory, 1)->id, 1);
    ck_assert(slice_equal(directory_organization(directory, 2)->name, SLICE("Second")));
    ck_assert_ptr_null(directory_organization(directory, 3));
    ck_assert_ptr_null(directory_organization(directory, 0));
    ck_assert_int_eq(directory_lead_type(directory, 1, 3)->min_reengagement_days, 30);
    ck_assert_int_eq(directory_lead_type(directory, 1, 9)->min_reengagement_days, REENGAGEMENT_NEVER);
    ck_assert_ptr_null(directory_lead_type(directory, 1, 5));
    ck_assert_ptr_nonnull(directory_lead_type(directory, 2, 5));
    ck_assert_ptr_null(directory_lead_type(directory, 2, 3));
    ck_assert_ptr_null(directory_lead_type(directory, 1, INT64_MIN));
    ck_assert_ptr_nonnull(directory_representative(directory, 2, 4));
    ck_assert_ptr_null(directory_representative(directory, 1, 4));
    ck_assert_ptr_null(directory_representative(directory, 2, 3));
    directory_unref(directory);
    place_done(&place);
}
END_TEST

START_TEST(configs_are_found_by_uuid_in_either_case)
{
    struct place place;
    place_init(&place);
    ck_assert_int_eq(place_run(&place, set_up, NULL), ERR_OK);
    struct directory *directory = directory_of(&place);
    const struct directory_config *one = directory_config(directory, SLICE(UUID_ONE));
    ck_assert_int_eq(one->row->organization_id, 1);
    ck_assert(slice_equal(one->compiled->name, SLICE("One")));
    ck_assert(!one->compiled->open);
    ck_assert_ptr_eq(directory_config(directory, SLICE("0B1D6A0E-0000-4000-8000-00000000000A")), one);
    ck_assert(directory_config(directory, SLICE(UUID_TWO))->compiled->open);
    ck_assert_ptr_null(directory_config(directory, SLICE("0b1d6a0e-0000-4000-8000-00000000000f")));
    ck_assert_ptr_null(directory_config(directory, SLICE("0b1d6a0e000040008000-00000000000a")));
    ck_assert_ptr_null(directory_config(directory, SLICE("")));
    ck_assert_ptr_eq(directory_config_at(directory, 1), one);
    directory_unref(directory);
    place_done(&place);
}
END_TEST

/* One config that cannot be read does not take the others out of service. */
START_TEST(a_config_that_cannot_be_read_is_out_of_service)
{
    struct place place;
    place_init(&place);
    ck_assert_int_eq(place_run(&place, set_up, NULL), ERR_OK);
    struct directory *directory = directory_of(&place);
    const struct directory_config *wrong = directory_config(directory, SLICE(UUID_WRONG));
    ck_assert_ptr_nonnull(wrong);
    ck_assert_ptr_null(wrong->compiled);
    ck_assert_ptr_nonnull(directory_config(directory, SLICE(UUID_TWO))->compiled);
    directory_unref(directory);
    place_done(&place);
}
END_TEST

static enum err add_representative(struct session *session, void *context)
{
    struct representative person = {.organization_id = 1, .name = SLICE("Bo")};
    (void)context;
    return store_representative_insert(session, &person);
}

START_TEST(a_directory_stays_as_it_was_built)
{
    struct place place;
    place_init(&place);
    struct directory *before = directory_of(&place), *pinned = directory_ref(before);
    ck_assert_int_eq(place_run(&place, add_representative, NULL), ERR_OK);
    struct directory *after = directory_of(&place);
    ck_assert_int_gt(directory_version(after), directory_version(before));
    ck_assert_uint_eq(directory_setup(before)->representative_count, 0);
    ck_assert_uint_eq(directory_setup(after)->representative_count, 1);
    ck_assert_ptr_null(directory_unref(before));
    ck_assert_ptr_nonnull(directory_organization(pinned, 1));
    directory_unref(pinned);
    directory_unref(after);
    ck_assert_ptr_null(directory_unref(NULL));
    place_done(&place);
}
END_TEST

static enum err set_up_calling(struct session *session, void *context)
{
    struct lead_type types[] = {
        {.id = 1, .calling = SLICE("{\"hours\":{\"mon\":[\"09:00-12:00\"]},\"cadence\":[\"1h\"]}")},
        {.id = 2},
        {.id = 3, .calling = SLICE("{\"kind\":\"pigeon\"}")}, /* of a newer program */
        {.id = 4, .calling = SLICE("{")},
    };
    (void)context;
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        types[i].organization_id = 1;
        types[i].name = SLICE("Campaign");
        types[i].min_reengagement_days = REENGAGEMENT_UNSET;
        TRY(store_lead_type_insert(session, &types[i]));
    }
    return ERR_OK;
}

START_TEST(a_plan_that_cannot_be_read_calls_nobody)
{
    struct place place;
    struct directory *directory = NULL;
    place_init(&place);
    log_configure(LOG_TEXT, LOG_ERROR + 1); /* it is logged, as it should be */
    ck_assert_int_eq(place_run(&place, set_up_calling, NULL), ERR_OK);
    ck_assert_int_eq(place_run(&place, build, &directory), ERR_OK);
    const struct calling_plan *plan = directory_calling_plan(directory, 1, 1);
    ck_assert_ptr_nonnull(plan);
    ck_assert_int_eq(plan->waits_us[0], INT64_C(3600000000));
    ck_assert_uint_eq(plan->hours.days[0].count, 1);
    ck_assert_ptr_null(directory_calling_plan(directory, 2, 1));
    for (int64_t id = 2; id <= 5; id++)
        ck_assert_ptr_null(directory_calling_plan(directory, 1, id));
    ck_assert_ptr_nonnull(directory_lead_type(directory, 1, 4));
    directory_unref(directory);
    place_done(&place);
}
END_TEST

UNIT_MAIN("directory", a_plan_that_cannot_be_read_calls_nobody, everything_is_found_by_its_key,
          configs_are_found_by_uuid_in_either_case, a_config_that_cannot_be_read_is_out_of_service,
          a_directory_stays_as_it_was_built)
