/* How the Sela API lets callers in, and what it says where no endpoint speaks: as Django REST framework does. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../attachment.h"
#include "inlet/base/hash.h"
#include "inlet/base/number.h"
#include "sela.h"

static const struct {
    const char *name;
    unsigned scopes; /* with those it implies (docs/behaviour.md section 7) */
} scope_rows[] = {
    {"ingest", SCOPE_INGEST},
    {"read", SCOPE_READ},
    {"full", SCOPE_FULL | SCOPE_READ | SCOPE_INGEST},
    {"admin", SCOPE_ADMIN | SCOPE_FULL | SCOPE_READ | SCOPE_INGEST},
};

static unsigned scopes_of(struct slice name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(scope_rows); i++) {
        if (slice_equal(slice_from(scope_rows[i].name), name))
            return scope_rows[i].scopes;
    }
    return 0;
}

static enum err unauthorized(struct call *call, const char *detail)
{
    answer_detail(call, 401, slice_from(detail));
    call_answer_header(call, SLICE("WWW-Authenticate"), SLICE("Token"));
    return ERR_INVALID;
}

/* The next word of S, split at ASCII white space as Python's bytes.split() does it; *S moves past it. */
static struct slice next_word(struct slice *s)
{
    *s = slice_trim(*s);
    size_t n = 0;
    while (n < s->n && s->p[n] != ' ' && (s->p[n] < '\t' || s->p[n] > '\r'))
        n++;
    struct slice word = slice_head(*s, n);
    *s = slice_skip(*s, n);
    return word;
}

/* An operator on the control socket acts for the organization named in X-Inlet-Organization, 1 unless it is sent. */
static enum err let_operator_in(struct call *call)
{
    struct slice header = call_header(call, SLICE("X-Inlet-Organization"));
    int64_t organization_id = 1;
    if (!slice_is_null(header) && number_parse_int64(header, &organization_id) != ERR_OK)
        organization_id = 0;
    if (!directory_organization(call_directory(call), organization_id)) {
        answer_detail(call, 404, SLICE("No such organization."));
        return ERR_INVALID;
    }
    call->principal = (struct principal){
        .organization_id = organization_id, .scopes = scopes_of(SLICE("admin")), .is_operator = true};
    return ERR_OK;
}

static enum err authenticate(struct call *call)
{
    if (!call->attachment) {
        sela_dialect.refuse(call, REFUSE_OVERLOAD, "out of memory");
        return ERR_INVALID;
    }
    if (call->over_control_socket)
        return let_operator_in(call);
    struct slice header = call_header(call, SLICE("Authorization"));
    struct slice scheme = next_word(&header), key = next_word(&header), more = next_word(&header);
    if (!slice_equal_nocase(scheme, SLICE("token")))
        return unauthorized(call, "Authentication credentials were not provided.");
    if (key.n == 0)
        return unauthorized(call, "Invalid token header. No credentials provided.");
    if (more.n > 0)
        return unauthorized(call, "Invalid token header. Token string should not contain spaces.");
    if (!slice_is_utf8(key))
        return unauthorized(call,
                            "Invalid token header. Token string should not contain invalid characters.");
    unsigned char digest[SHA256_SIZE];
    hash_sha256(key, digest);
    const struct token *token = directory_token(call_directory(call), digest);
    if (!token)
        return unauthorized(call, "Invalid token.");
    call->principal = (struct principal){
        .organization_id = token->organization_id, .token_id = token->id, .scopes = scopes_of(token->scope)};
    return ERR_OK;
}

static void refuse_method(struct call *call)
{
    struct slice text;
    if (arena_print(&call->arena, &text, "Method \"%.*s\" not allowed.", SLICE_ARG(call->method)) != ERR_OK)
        text = SLICE("Method not allowed.");
    answer_detail(call, 405, text);
}

/* Says why where a lane has told: a full disk is nothing that the next second changes. */
static void refuse_for_now(struct call *call, const char *what)
{
    struct slice text = slice_from(what ? what : "The service cannot take this now. Try again.");
    if (!what && call->lane_error != ERR_OK &&
        arena_print(&call->arena, &text, "The service cannot take this now: %s. Try again.",
                    err_text(call->lane_error)) != ERR_OK)
        text = SLICE("The service cannot take this now. Try again.");
    answer_detail(call, 503, text);
    call_answer_header(call, SLICE("Retry-After"), SLICE("1"));
}

static void refuse(struct call *call, enum refusal refusal, const char *what)
{
    switch (refusal) {
    case REFUSE_BAD_REQUEST: answer_detail(call, 400, slice_from(what ? what : "Bad request.")); return;
    case REFUSE_NOT_FOUND: answer_detail(call, 404, SLICE("Not found.")); return;
    case REFUSE_METHOD: refuse_method(call); return;
    case REFUSE_SCOPE:
        answer_detail(call, 403, SLICE("You do not have permission to perform this action."));
        return;
    case REFUSE_TOO_LARGE:
        answer_detail(call, 413, slice_from(what ? what : "The request body is too large."));
        return;
    case REFUSE_EXPECTATION: answer_detail(call, 417, SLICE("This expectation cannot be met.")); return;
    case REFUSE_OVERLOAD: refuse_for_now(call, what); return;
    case REFUSE_INTERNAL: answer_detail(call, 500, SLICE("Internal server error.")); return;
    }
}

/* rest_framework.metadata.SimpleMetadata, without the serializer's fields. */
static void options(struct call *call)
{
    static const char *const parses[] = {"application/json", "application/x-www-form-urlencoded",
                                         "multipart/form-data"};
    struct jout jout;
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    jout_object_begin(&jout);
    jout_member_string(&jout, "name", slice_from(call->endpoint->name));
    jout_member_string(&jout, "description", SLICE(""));
    jout_key(&jout, SLICE("renders"));
    jout_array_begin(&jout);
    jout_string(&jout, SLICE("application/json"));
    jout_array_end(&jout);
    jout_key(&jout, SLICE("parses"));
    jout_array_begin(&jout);
    for (size_t i = 0; i < ARRAY_LENGTH(parses); i++)
        jout_string(&jout, slice_from(parses[i]));
    jout_array_end(&jout);
    jout_object_end(&jout);
}

const struct dialect sela_dialect = {
    .name = "sela", .path_prefix = "", .authenticate = authenticate, .refuse = refuse, .options = options};
