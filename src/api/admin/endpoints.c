/* The routes of the administration. Those of lead types do not exist for tokens that may not administer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"

#define ROW(verb, where, what, room)                                                                         \
    .method = (verb), .path = (where), .name = (what), .dialect = &sela_dialect, .lane = (room),             \
    .scopes = SCOPE_ADMIN

#define CHANGE(function) .prepare = function##_prepare, .run = function##_run, .render = function##_render

const struct endpoint admin_endpoints[ADMIN_ENDPOINT_COUNT] = {
    {ROW("GET", "/api/organizations/", "Organization List", LANE_NONE),
     .prepare = organizations_list_prepare},
    {ROW("POST", "/api/organizations/", "Organization List", LANE_WRITE), .body_max = BODY_MAX,
     CHANGE(organization_create)},
    {ROW("GET", "/api/organizations/{id}/", "Organization Detail", LANE_NONE),
     .prepare = organization_get_prepare},
    {ROW("GET", "/api/tokens/", "Token List", LANE_READ), .run = tokens_list_run,
     .render = tokens_list_render},
    {ROW("POST", "/api/tokens/", "Token List", LANE_WRITE), .body_max = BODY_MAX, CHANGE(token_create)},
    {ROW("GET", "/api/tokens/{id}/", "Token Detail", LANE_READ), .run = tokens_list_run,
     .render = token_get_render},
    {ROW("DELETE", "/api/tokens/{id}/", "Token Detail", LANE_WRITE), .run = token_revoke_run,
     .render = token_revoke_render},
    {ROW("POST", "/api/lead-types/", "Lead Type List", LANE_WRITE), .hidden = true, .body_max = BODY_MAX,
     CHANGE(lead_type_create)},
    {ROW("PATCH", "/api/lead-types/{id}/", "Lead Type Detail", LANE_WRITE), .hidden = true,
     .body_max = BODY_MAX, CHANGE(lead_type_update)},
    {ROW("GET", "/api/representatives/", "Representative List", LANE_NONE),
     .prepare = representatives_list_prepare},
    {ROW("POST", "/api/representatives/", "Representative List", LANE_WRITE), .body_max = BODY_MAX,
     CHANGE(representative_create)},
    {ROW("GET", "/api/representatives/{id}/", "Representative Detail", LANE_NONE),
     .prepare = representative_get_prepare},
    {ROW("GET", "/api/ingestion-configs/", "Ingestion Config List", LANE_NONE),
     .prepare = ingestion_configs_list_prepare},
    {ROW("POST", "/api/ingestion-configs/", "Ingestion Config List", LANE_WRITE), .body_max = BODY_MAX,
     CHANGE(ingestion_config_create)},
    {ROW("GET", "/api/ingestion-configs/{uuid}/", "Ingestion Config Detail", LANE_NONE),
     .prepare = ingestion_config_get_prepare},
    {ROW("PUT", "/api/ingestion-configs/{uuid}/", "Ingestion Config Detail", LANE_WRITE),
     .body_max = BODY_MAX, CHANGE(ingestion_config_update)},
};
