/* The list of tables, and the SQL that is made of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "copy_table.h"

#include <assert.h>
#include <string.h>

const struct copy_table copy_tables[] = {
    {.name = "organization",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .fresh = "id = 1 AND name = 'Default'",
     .columns = {{"id", COPY_INTEGER}, {"name", COPY_TEXT}, {"created_us", COPY_INTEGER}}},
    {.name = "token",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"name", COPY_TEXT},
                 {"key_hash", COPY_BLOB},
                 {"key_hint", COPY_TEXT},
                 {"scope", COPY_TEXT},
                 {"created_us", COPY_INTEGER},
                 {"revoked_us", COPY_INTEGER}}},
    {.name = "lead_type",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"name", COPY_TEXT},
                 {"metadata_fields", COPY_TEXT},
                 {"min_reengagement_days", COPY_INTEGER},
                 {"calling", COPY_TEXT},
                 {"created_us", COPY_INTEGER},
                 {"modified_us", COPY_INTEGER}}},
    {.name = "representative",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"name", COPY_TEXT},
                 {"created_us", COPY_INTEGER}}},
    {.name = "ingestion_config",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"uuid", COPY_TEXT},
                 {"version", COPY_INTEGER},
                 {"document", COPY_TEXT},
                 {"created_us", COPY_INTEGER},
                 {"modified_us", COPY_INTEGER}}},
    {.name = "ingestion_config_version",
     .sqlite_key = {"ingestion_config_id", "version"},
     .pg_key = {"ingestion_config_id", "version"},
     .columns = {{"ingestion_config_id", COPY_INTEGER},
                 {"version", COPY_INTEGER},
                 {"document", COPY_TEXT},
                 {"created_us", COPY_INTEGER}}},
    {.name = "lead",
     .sqlite_key = {"id"},
     .pg_key = {"organization_id", "id"},
     .counts_ids = true,
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"created_us", COPY_INTEGER},
                 {"modified_us", COPY_INTEGER},
                 {"received_us", COPY_INTEGER},
                 {"phone_number", COPY_TEXT},
                 {"email", COPY_TEXT},
                 {"email_key", COPY_TEXT},
                 {"status", COPY_TEXT},
                 {"status_sub_type", COPY_TEXT},
                 {"status_reason", COPY_TEXT},
                 {"lead_type_id", COPY_INTEGER},
                 {"representative_id", COPY_INTEGER},
                 {"next_call_us", COPY_INTEGER},
                 {"next_call_reason", COPY_TEXT},
                 {"external_id", COPY_TEXT},
                 {"us_state", COPY_TEXT},
                 {"lead_source", COPY_TEXT},
                 {"reengagements_count", COPY_INTEGER},
                 {"last_reengagement_us", COPY_INTEGER},
                 {"call_schedule_start_us", COPY_INTEGER},
                 {"call_attempts", COPY_INTEGER},
                 {"last_call_us", COPY_INTEGER},
                 {"call_lease_until_us", COPY_INTEGER},
                 {"sms_dnc", COPY_INTEGER},
                 {"call_dnc", COPY_INTEGER},
                 {"ingestion_config_id", COPY_INTEGER},
                 {"deleted_us", COPY_INTEGER},
                 {"metadata", COPY_TEXT}}},
    {.name = "call",
     .sqlite_key = {"id"},
     .pg_key = {"organization_id", "id"},
     .counts_ids = true,
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"lead_id", COPY_INTEGER},
                 {"phone_number", COPY_TEXT},
                 {"at_us", COPY_INTEGER},
                 {"outcome", COPY_TEXT},
                 {"lease_id", COPY_TEXT},
                 {"lease_until_us", COPY_INTEGER},
                 {"created_us", COPY_INTEGER}}},
    {.name = "lead_count",
     .sqlite_key = {"organization_id", "shard"},
     .pg_key = {"organization_id", "shard"},
     .columns = {{"organization_id", COPY_INTEGER}, {"shard", COPY_INTEGER}, {"leads", COPY_INTEGER}}},
    {.name = "do_not_contact",
     .sqlite_key = {"organization_id", "phone_number"},
     .pg_key = {"organization_id", "phone_number"},
     .columns = {{"organization_id", COPY_INTEGER},
                 {"phone_number", COPY_TEXT},
                 {"call_dnc", COPY_INTEGER},
                 {"sms_dnc", COPY_INTEGER},
                 {"modified_us", COPY_INTEGER}}},
    {.name = "submission",
     .sqlite_key = {"id"},
     .pg_key = {"organization_id", "id"},
     .counts_ids = true,
     .columns = {{"id", COPY_INTEGER},
                 {"organization_id", COPY_INTEGER},
                 {"ingestion_config_id", COPY_INTEGER},
                 {"config_version", COPY_INTEGER},
                 {"endpoint", COPY_TEXT},
                 {"received_us", COPY_INTEGER},
                 {"outcome", COPY_TEXT},
                 {"lead_id", COPY_INTEGER},
                 {"content_type", COPY_TEXT},
                 {"remote_address", COPY_TEXT},
                 {"request_id", COPY_TEXT},
                 {"message", COPY_TEXT},
                 {"body", COPY_BLOB}}},
    /* Behind what it counts the changes of: of a target in use, that is named. */
    {.name = "setup_version",
     .sqlite_key = {"id"},
     .pg_key = {"id"},
     .fresh = "id = 1 AND version = 1",
     .columns = {{"id", COPY_INTEGER}, {"version", COPY_INTEGER}}},
};
const size_t copy_table_count = ARRAY_LENGTH(copy_tables);

const char *const *copy_table_key(const struct copy_table *table, const struct db_driver *driver)
{
    return strcmp(driver->engine, "pg") == 0 ? table->pg_key : table->sqlite_key;
}

int copy_table_column_count(const struct copy_table *table)
{
    int count = 0;
    while (table->columns[count].name)
        count++;
    return count;
}

int copy_table_column(const struct copy_table *table, const char *name)
{
    int at = 0;
    while (table->columns[at].name && strcmp(table->columns[at].name, name) != 0)
        at++;
    assert(table->columns[at].name); /* a key is one of the columns */
    return at;
}

void copy_sql_strange(const struct copy_table *table, struct buffer *sql)
{
    buffer_print(sql, "SELECT 1 FROM %s", table->name);
    if (table->fresh)
        buffer_print(sql, " WHERE NOT (%s)", table->fresh);
    buffer_append_text(sql, " LIMIT 1");
}

/* "id, organization_id, ..." */
static void print_columns(const struct copy_table *table, struct buffer *sql)
{
    for (const struct copy_column *column = table->columns; column->name; column++)
        buffer_print(sql, "%s%s", column == table->columns ? "" : ", ", column->name);
}

static void print_key(const char *const *key, struct buffer *sql)
{
    for (int i = 0; i < COPY_KEYS_MAX && key[i]; i++)
        buffer_print(sql, "%s%s", i == 0 ? "" : ", ", key[i]);
}

static void print_parameters(int count, struct buffer *sql)
{
    for (int i = 1; i <= count; i++)
        buffer_print(sql, "%s$%d", i == 1 ? "" : ", ", i);
}

void copy_sql_page(const struct copy_table *table, const struct db_driver *driver, int rows,
                   struct buffer *sql)
{
    const char *const *key = copy_table_key(table, driver);
    buffer_append_text(sql, "SELECT ");
    print_columns(table, sql);
    buffer_print(sql, " FROM %s WHERE (", table->name);
    print_key(key, sql);
    buffer_append_text(sql, ") > (");
    print_parameters(key[1] ? 2 : 1, sql);
    buffer_append_text(sql, ") ORDER BY ");
    print_key(key, sql);
    buffer_print(sql, " LIMIT %d", rows);
}

void copy_sql_insert(const struct copy_table *table, struct buffer *sql)
{
    buffer_print(sql, "INSERT INTO %s (", table->name);
    print_columns(table, sql);
    buffer_append_text(sql, ") VALUES (");
    print_parameters(copy_table_column_count(table), sql);
    buffer_append_text(sql, ")");
}
