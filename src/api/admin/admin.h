/* The administration: organizations, tokens, lead types, representatives and ingestion configs over REST. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_API_ADMIN_ADMIN_H
#define INLET_API_ADMIN_ADMIN_H

#include "../attachment.h"
#include "../sela/sela.h"

#define ADMIN_ENDPOINT_COUNT 16
extern const struct endpoint admin_endpoints[ADMIN_ENDPOINT_COUNT];

#define NAME_MAX_LENGTH 255

/* Ids that JSON readers hold exactly; and the one after the largest must still be an id. */
#define ID_MAX INT64_C(9007199254740991)

/* change.c: what all changes share. */

/* Decodes the body (an object or a form) into TARGET by TABLE; keys nobody knows are faults too. Otherwise answers 400 and
 * returns ERR_INVALID. */
NODISCARD enum err admin_decode(struct call *call, const struct field_table *table, bool partial,
                                void *target);

/* Adds to what a prepare found wrong itself, and answers it: ERR_INVALID. */
NODISCARD enum err admin_fault(struct call *call, struct slice field, struct slice sentence);

/* In run, after the change: builds the directory that shows it. An id that is taken (ERR_CONFLICT in ERROR) is answered. */
NODISCARD enum err admin_changed(struct session *session, struct call *call, enum err error);

/* In render: lets everybody see the change. */
void admin_publish(struct call *call);

/* Answers 404 and returns ERR_OK. */
NODISCARD enum err admin_missing(struct call *call);

/* The id in the call's path; 0 when it is none. */
int64_t admin_path_id(const struct call *call);

/* A page over COUNT rows that MATCH says belong to it, written by WRITE; for lists that stand in the directory. */
NODISCARD enum err admin_list(struct call *call, size_t count, bool (*match)(struct call *call, size_t index),
                              void (*write)(struct jout *jout, struct call *call, size_t index));

/* Begins an answer that is one object; the caller writes it. */
void admin_answer(struct call *call, unsigned status, struct jout *jout);

/* named.c: rows that have an id, a name and a time. */

struct named_input {
    struct optional_integer id;
    struct optional_text name;
};
extern const struct field_table named_fields; /* decodes into a named_input */
void named_write(struct jout *jout, struct call *call, int64_t id, struct slice name, int64_t created_us);

NODISCARD enum err organizations_list_prepare(struct call *call);
NODISCARD enum err organization_get_prepare(struct call *call);
NODISCARD enum err organization_create_prepare(struct call *call);
NODISCARD enum err organization_create_run(struct session *session, struct call *call);
NODISCARD enum err organization_create_render(struct call *call);
NODISCARD enum err tokens_list_run(struct session *session, struct call *call);
NODISCARD enum err tokens_list_render(struct call *call);
NODISCARD enum err token_get_render(struct call *call);
NODISCARD enum err token_create_prepare(struct call *call);
NODISCARD enum err token_create_run(struct session *session, struct call *call);
NODISCARD enum err token_create_render(struct call *call);
NODISCARD enum err token_revoke_run(struct session *session, struct call *call);
NODISCARD enum err token_revoke_render(struct call *call);
NODISCARD enum err lead_type_create_prepare(struct call *call);
NODISCARD enum err lead_type_create_run(struct session *session, struct call *call);
NODISCARD enum err lead_type_create_render(struct call *call);
NODISCARD enum err lead_type_update_prepare(struct call *call);
NODISCARD enum err lead_type_update_run(struct session *session, struct call *call);
NODISCARD enum err lead_type_update_render(struct call *call);
NODISCARD enum err representatives_list_prepare(struct call *call);
NODISCARD enum err representative_get_prepare(struct call *call);
NODISCARD enum err representative_create_prepare(struct call *call);
NODISCARD enum err representative_create_run(struct session *session, struct call *call);
NODISCARD enum err representative_create_render(struct call *call);
NODISCARD enum err ingestion_configs_list_prepare(struct call *call);
NODISCARD enum err ingestion_config_get_prepare(struct call *call);
NODISCARD enum err ingestion_config_create_prepare(struct call *call);
NODISCARD enum err ingestion_config_create_run(struct session *session, struct call *call);
NODISCARD enum err ingestion_config_create_render(struct call *call);
NODISCARD enum err ingestion_config_update_prepare(struct call *call);
NODISCARD enum err ingestion_config_update_run(struct session *session, struct call *call);
NODISCARD enum err ingestion_config_update_render(struct call *call);

#endif
