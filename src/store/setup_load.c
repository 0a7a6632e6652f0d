/* Reads all that operators set up, for the directory in memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/lead.h"
#include "inlet/store/setup.h"
#include "rows.h"
#include "session.h"
#include "setup_row.h"

#include <string.h>

/* Reads the current row into ITEM, which is all zero. */
typedef enum err read_row(const struct db_statement *statement, struct arena *arena, void *item);

static enum err read_organization(const struct db_statement *statement, struct arena *arena, void *item)
{
    struct organization *organization = item;
    organization->id = db_column_integer(statement, 0);
    organization->created_us = db_column_integer(statement, 2);
    return arena_copy(arena, db_column_bytes(statement, 1), &organization->name);
}

static enum err read_token(const struct db_statement *statement, struct arena *arena, void *item)
{
    struct token *token = item;
    token->id = db_column_integer(statement, 0);
    token->organization_id = db_column_integer(statement, 1);
    token->created_us = db_column_integer(statement, 6);
    token->revoked_us = db_column_integer_or(statement, 7, TIME_NONE);
    struct slice hash = db_column_bytes(statement, 3);
    if (hash.n != sizeof(token->key_hash))
        return ERR_CORRUPT;
    memcpy(token->key_hash, hash.p, hash.n);
    TRY(arena_copy(arena, db_column_bytes(statement, 2), &token->name));
    TRY(arena_copy(arena, db_column_bytes(statement, 4), &token->key_hint));
    return arena_copy(arena, db_column_bytes(statement, 5), &token->scope);
}

static enum err read_lead_type(const struct db_statement *statement, struct arena *arena, void *item)
{
    struct lead_type *type = item;
    type->id = db_column_integer(statement, 0);
    type->organization_id = db_column_integer(statement, 1);
    type->min_reengagement_days = db_column_integer_or(statement, 4, REENGAGEMENT_UNSET);
    if (!db_column_is_null(statement, 4) && type->min_reengagement_days == DAYS_NEVER)
        type->min_reengagement_days = REENGAGEMENT_NEVER;
    type->created_us = db_column_integer(statement, 5);
    type->modified_us = db_column_integer(statement, 6);
    TRY(arena_copy(arena, db_column_bytes(statement, 2), &type->name));
    TRY(arena_copy(arena, db_column_bytes(statement, 7), &type->calling));
    return arena_copy(arena, db_column_bytes(statement, 3), &type->metadata_fields);
}

static enum err read_representative(const struct db_statement *statement, struct arena *arena, void *item)
{
    struct representative *representative = item;
    representative->id = db_column_integer(statement, 0);
    representative->organization_id = db_column_integer(statement, 1);
    representative->created_us = db_column_integer(statement, 3);
    return arena_copy(arena, db_column_bytes(statement, 2), &representative->name);
}

static enum err read_ingestion_config(const struct db_statement *statement, struct arena *arena, void *item)
{
    struct ingestion_config *config = item;
    config->id = db_column_integer(statement, 0);
    config->organization_id = db_column_integer(statement, 1);
    config->version = db_column_integer(statement, 3);
    config->created_us = db_column_integer(statement, 5);
    config->modified_us = db_column_integer(statement, 6);
    struct slice uuid = db_column_bytes(statement, 2);
    if (uuid.n != UUID_LENGTH)
        return ERR_CORRUPT;
    memcpy(config->uuid, uuid.p, UUID_LENGTH);
    return arena_copy(arena, db_column_bytes(statement, 4), &config->document);
}

static enum err read_all(struct db_statement *statement, struct arena *arena, size_t size, read_row *read,
                         struct rows *ret_rows)
{
    struct rows rows;
    rows_init(&rows, arena, size);
    bool row;
    TRY(db_step(statement, &row));
    while (row) {
        void *item = rows_add(&rows);
        if (!item)
            return ERR_MEMORY;
        TRY(read(statement, arena, item));
        TRY(db_step(statement, &row));
    }
    *ret_rows = rows;
    return ERR_OK;
}

static enum err load(struct session *session, struct arena *arena, enum query_id id, size_t size,
                     read_row *read, struct rows *ret_rows)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, id, &statement));
    return read_all(statement, arena, size, read, ret_rows);
}

enum err store_setup_version(struct session *session, int64_t *ret_version)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_SETUP_VERSION, &statement));
    bool found;
    TRY(session_run(statement, &found, ret_version));
    return found ? ERR_OK : ERR_CORRUPT;
}

enum err store_setup_load(struct session *session, struct arena *arena, struct setup *ret_setup)
{
    struct rows organizations, tokens, types, representatives, configs;
    int64_t version;
    TRY(store_setup_version(session, &version));
    TRY(load(session, arena, QUERY_ORGANIZATION_ALL, sizeof(struct organization), read_organization,
             &organizations));
    TRY(load(session, arena, QUERY_TOKEN_ALL, sizeof(struct token), read_token, &tokens));
    TRY(load(session, arena, QUERY_LEAD_TYPE_ALL, sizeof(struct lead_type), read_lead_type, &types));
    TRY(load(session, arena, QUERY_REPRESENTATIVE_ALL, sizeof(struct representative), read_representative,
             &representatives));
    TRY(load(session, arena, QUERY_INGESTION_CONFIG_ALL, sizeof(struct ingestion_config),
             read_ingestion_config, &configs));
    *ret_setup = (struct setup){
        .organizations = organizations.items,
        .tokens = tokens.items,
        .lead_types = types.items,
        .representatives = representatives.items,
        .ingestion_configs = configs.items,
        .organization_count = organizations.count,
        .token_count = tokens.count,
        .lead_type_count = types.count,
        .representative_count = representatives.count,
        .ingestion_config_count = configs.count,
        .version = version,
    };
    return ERR_OK;
}

enum err store_token_list(struct session *session, struct arena *arena, int64_t organization_id,
                          struct token **ret_tokens, size_t *ret_count)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_TOKEN_LIST, &statement));
    db_bind_integer(statement, 1, organization_id);
    struct rows rows;
    TRY(read_all(statement, arena, sizeof(struct token), read_token, &rows));
    *ret_tokens = rows.items;
    *ret_count = rows.count;
    return ERR_OK;
}
