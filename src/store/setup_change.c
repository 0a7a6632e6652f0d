/* Creates and changes what operators set up; every change raises the setup's version. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/lead.h"
#include "inlet/store/setup.h"
#include "session.h"
#include "setup_row.h"

/* DESIGN: every change begins with lock_setup and ends with raise_version. What a client can make fail (an id that is taken)
 * stands in a guard between them: it answers for it, and its transaction goes on. */

static enum err lock_setup(struct session *session)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_SETUP_LOCK, &statement));
    return session_run(statement, NULL, NULL);
}

static enum err raise_version(struct session *session)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_SETUP_VERSION_RAISE, &statement));
    return session_run(statement, NULL, NULL);
}

/* Runs a bound INSERT; *RET_ID is the row's id. */
static enum err insert(struct session *session, struct db_statement *statement, int64_t *ret_id)
{
    int64_t id = 0;
    TRY(lock_setup(session));
    TRY(session_guard(session));
    TRY(session_unguard(session, session_run(statement, NULL, &id)));
    TRY(raise_version(session));
    *ret_id = id;
    return ERR_OK;
}

enum err store_organization_insert(struct session *session, struct organization *organization)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_ORGANIZATION_INSERT, &statement));
    db_bind_integer_or_null(statement, 1, organization->id, 0);
    db_bind_text(statement, 2, organization->name);
    db_bind_integer(statement, 3, session->now_us);
    TRY(insert(session, statement, &organization->id));
    organization->created_us = session->now_us;
    return ERR_OK;
}

enum err store_token_insert(struct session *session, struct token *token)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_TOKEN_INSERT, &statement));
    db_bind_integer_or_null(statement, 1, token->id, 0);
    db_bind_integer(statement, 2, token->organization_id);
    db_bind_text(statement, 3, token->name);
    db_bind_blob(statement, 4, slice_of((const char *)token->key_hash, sizeof(token->key_hash)));
    db_bind_text(statement, 5, token->key_hint);
    db_bind_text(statement, 6, token->scope);
    db_bind_integer(statement, 7, session->now_us);
    db_bind_null(statement, 8);
    TRY(insert(session, statement, &token->id));
    token->created_us = session->now_us;
    token->revoked_us = TIME_NONE;
    return ERR_OK;
}

static void bind_days(struct db_statement *statement, int parameter, int64_t days)
{
    db_bind_integer_or_null(statement, parameter, days == REENGAGEMENT_NEVER ? DAYS_NEVER : days,
                            days == REENGAGEMENT_UNSET ? days : INT64_MIN);
}

static struct slice fields_of(const struct lead_type *type)
{
    return slice_is_null(type->metadata_fields) ? SLICE("[]") : type->metadata_fields;
}

enum err store_lead_type_insert(struct session *session, struct lead_type *type)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_LEAD_TYPE_INSERT, &statement));
    db_bind_integer_or_null(statement, 1, type->id, 0);
    db_bind_integer(statement, 2, type->organization_id);
    db_bind_text(statement, 3, type->name);
    db_bind_text(statement, 4, fields_of(type));
    bind_days(statement, 5, type->min_reengagement_days);
    db_bind_integer(statement, 6, session->now_us);
    db_bind_integer(statement, 7, session->now_us);
    db_bind_text(statement, 8, type->calling);
    TRY(insert(session, statement, &type->id));
    type->created_us = type->modified_us = session->now_us;
    return ERR_OK;
}

enum err store_representative_insert(struct session *session, struct representative *representative)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_REPRESENTATIVE_INSERT, &statement));
    db_bind_integer_or_null(statement, 1, representative->id, 0);
    db_bind_integer(statement, 2, representative->organization_id);
    db_bind_text(statement, 3, representative->name);
    db_bind_integer(statement, 4, session->now_us);
    TRY(insert(session, statement, &representative->id));
    representative->created_us = session->now_us;
    return ERR_OK;
}

static enum err keep_version(struct session *session, int64_t config_id, int64_t version,
                             struct slice document)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_INGESTION_CONFIG_VERSION_INSERT, &statement));
    db_bind_integer(statement, 1, config_id);
    db_bind_integer(statement, 2, version);
    db_bind_text(statement, 3, document);
    db_bind_integer(statement, 4, session->now_us);
    return session_run(statement, NULL, NULL);
}

enum err store_ingestion_config_insert(struct session *session, struct ingestion_config *config)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(session_query(session, QUERY_INGESTION_CONFIG_INSERT, &statement));
    db_bind_integer_or_null(statement, 1, config->id, 0);
    db_bind_integer(statement, 2, config->organization_id);
    db_bind_text(statement, 3, slice_from(config->uuid));
    db_bind_integer(statement, 4, 1);
    db_bind_text(statement, 5, config->document);
    db_bind_integer(statement, 6, session->now_us);
    db_bind_integer(statement, 7, session->now_us);
    int64_t id;
    TRY(insert(session, statement, &id));
    TRY(keep_version(session, id, 1, config->document));
    config->id = id;
    config->version = 1;
    config->created_us = config->modified_us = session->now_us;
    return ERR_OK;
}

enum err store_token_revoke(struct session *session, int64_t organization_id, int64_t id)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(lock_setup(session));
    TRY(session_query(session, QUERY_TOKEN_REVOKE, &statement));
    db_bind_integer(statement, 1, id);
    db_bind_integer(statement, 2, organization_id);
    db_bind_integer(statement, 3, session->now_us);
    bool found;
    TRY(session_run(statement, &found, NULL));
    return found ? raise_version(session) : ERR_NOT_FOUND;
}

enum err store_lead_type_update(struct session *session, struct lead_type *type)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    TRY(lock_setup(session));
    TRY(session_query(session, QUERY_LEAD_TYPE_UPDATE, &statement));
    db_bind_integer(statement, 1, type->id);
    db_bind_integer(statement, 2, type->organization_id);
    db_bind_text(statement, 3, type->name);
    db_bind_text(statement, 4, fields_of(type));
    bind_days(statement, 5, type->min_reengagement_days);
    db_bind_integer(statement, 6, session->now_us);
    db_bind_text(statement, 7, type->calling);
    bool found;
    int64_t created_us = 0;
    TRY(session_run(statement, &found, &created_us));
    if (!found)
        return ERR_NOT_FOUND;
    TRY(raise_version(session));
    type->created_us = created_us;
    type->modified_us = session->now_us;
    return ERR_OK;
}

/* Steps the bound UPDATE to its end; *config gets what it returned. */
static enum err read_update(struct db_statement *statement, struct ingestion_config *config)
{
    bool row;
    TRY(db_step(statement, &row));
    if (!row)
        return ERR_NOT_FOUND;
    config->version = db_column_integer(statement, 0);
    config->created_us = db_column_integer(statement, 1);
    return db_step(statement, &row);
}

enum err store_ingestion_config_update(struct session *session, struct ingestion_config *config)
{
    CLEANUP(db_reset_pointer) struct db_statement *statement = NULL;
    struct ingestion_config changed = *config;
    TRY(lock_setup(session));
    TRY(session_query(session, QUERY_INGESTION_CONFIG_UPDATE, &statement));
    db_bind_integer(statement, 1, config->id);
    db_bind_integer(statement, 2, config->organization_id);
    db_bind_text(statement, 3, config->document);
    db_bind_integer(statement, 4, session->now_us);
    TRY(read_update(statement, &changed));
    TRY(keep_version(session, config->id, changed.version, config->document));
    TRY(raise_version(session));
    changed.modified_us = session->now_us;
    *config = changed;
    return ERR_OK;
}
