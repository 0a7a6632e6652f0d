/* /api/tokens/: keys that let callers in. A key is shown once, when it is made; only its hash is kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"

#define KEY_BYTES   20 /* 40 hex digits, as rest_framework.authtoken makes them */
#define KEY_LENGTH  40
#define HINT_LENGTH 4

static const struct slice scope_texts[] = {
    {NULL, 0}, SLICE_INIT("read"), SLICE_INIT("ingest"), SLICE_INIT("full"), SLICE_INIT("admin")};
static const struct vocabulary scopes = {scope_texts, ARRAY_LENGTH(scope_texts)};

struct token_call {
    struct optional_text name;
    struct optional_choice scope;
    char key[KEY_LENGTH + 1];
    struct token row;
    struct token *tokens;
    size_t count;
};

static const struct field rows[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct token_call, name),
     .length_max = NAME_MAX_LENGTH},
    {.name = "scope",
     .kind = FIELD_CHOICE,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct token_call, scope),
     .choices = &scopes},
};
static const struct field_table table = {rows, ARRAY_LENGTH(rows)};

/* KEY: a null slice but when the token has just been made. */
static void write_row(struct jout *jout, struct call *call, const struct token *token, struct slice key)
{
    const struct timezone *zone = call_app(call)->timezone;
    jout_object_begin(jout);
    jout_member_integer(jout, "id", token->id);
    jout_member_string(jout, "name", token->name);
    jout_member_string(jout, "scope", token->scope);
    jout_member_string(jout, "key_hint", token->key_hint);
    jout_key(jout, SLICE("created_time"));
    time_write(jout, token->created_us, zone);
    jout_key(jout, SLICE("revoked_time"));
    time_write(jout, token->revoked_us, zone);
    if (!slice_is_null(key))
        jout_member_string(jout, "key", key);
    jout_object_end(jout);
}

enum err tokens_list_run(struct session *session, struct call *call)
{
    struct token_call *state = ARENA_NEW(&call->arena, struct token_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    return store_token_list(session, &call->arena, call->principal.organization_id, &state->tokens,
                            &state->count);
}

static bool match(struct call *call, size_t index)
{
    (void)call;
    (void)index;
    return true; /* they were read for the organization */
}

static void write_at(struct jout *jout, struct call *call, size_t index)
{
    struct token_call *state = call->state;
    write_row(jout, call, &state->tokens[index], SLICE_NULL);
}

enum err tokens_list_render(struct call *call)
{
    struct token_call *state = call->state;
    return admin_list(call, state->count, match, write_at);
}

enum err token_get_render(struct call *call)
{
    struct token_call *state = call->state;
    struct jout jout;
    for (size_t i = 0; i < state->count; i++) {
        if (state->tokens[i].id == admin_path_id(call)) {
            admin_answer(call, 200, &jout);
            write_row(&jout, call, &state->tokens[i], SLICE_NULL);
            return buffer_error(&call->answer);
        }
    }
    return admin_missing(call);
}

enum err token_create_prepare(struct call *call)
{
    unsigned char bytes[KEY_BYTES];
    struct token_call *state = ARENA_NEW(&call->arena, struct token_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    enum err error = admin_decode(call, &table, /* partial */ false, state);
    if (error == ERR_INVALID)
        return ERR_OK;
    TRY(error);
    TRY(random_bytes(bytes, sizeof(bytes)));
    hash_hex(bytes, sizeof(bytes), state->key);
    return ERR_OK;
}

enum err token_create_run(struct session *session, struct call *call)
{
    struct token_call *state = call->state;
    state->row = (struct token){.organization_id = call->principal.organization_id,
                                .name = state->name.value,
                                .key_hint = slice_of(state->key, HINT_LENGTH),
                                .scope = vocabulary_text(&scopes, state->scope.value),
                                .revoked_us = TIME_NONE};
    hash_sha256(slice_of(state->key, KEY_LENGTH), state->row.key_hash);
    return admin_changed(session, call, store_token_insert(session, &state->row));
}

enum err token_create_render(struct call *call)
{
    struct token_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    admin_answer(call, 201, &jout);
    write_row(&jout, call, &state->row, slice_of(state->key, KEY_LENGTH));
    return buffer_error(&call->answer);
}

enum err token_revoke_run(struct session *session, struct call *call)
{
    return admin_changed(session, call,
                         store_token_revoke(session, call->principal.organization_id, admin_path_id(call)));
}

enum err token_revoke_render(struct call *call)
{
    if (call_is_answered(call))
        return ERR_OK;
    admin_publish(call);
    call_answer(call, 204);
    return ERR_OK;
}
