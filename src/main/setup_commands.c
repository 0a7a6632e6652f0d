/* organization, token, lead-type, representative, ingest: what operators set up. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"
#include "inlet/domain/calling.h"
#include "remote.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define DOCUMENT_MAX ((size_t)10 << 20)

/* A request's body under construction. */
struct document {
    struct buffer text;
    struct jout jout;
};

static void document_done(struct document *document)
{
    buffer_done(&document->text);
}

#define DOCUMENT_INIT                                                                                        \
    {                                                                                                        \
        .text = BUFFER_INIT(DOCUMENT_MAX)                                                                    \
    }

static void document_begin(struct document *document)
{
    jout_init(&document->jout, &document->text);
    jout_object_begin(&document->jout);
}

static struct slice document_end(struct document *document)
{
    jout_object_end(&document->jout);
    return buffer_slice(&document->text);
}

/* Options become members: texts as they are, numbers as numbers (what is none goes as text, and the server says so). */
static void put_text(struct document *document, const struct invocation *invocation, const char *flag,
                     const char *key)
{
    const char *value = invocation_value(invocation, flag);
    if (value)
        jout_member_string(&document->jout, key, slice_from(value));
}

static void put_number(struct document *document, const struct invocation *invocation, const char *flag,
                       const char *key)
{
    const char *value = invocation_value(invocation, flag);
    int64_t number;
    if (!value)
        return;
    if (number_parse_int64(slice_from(value), &number) == ERR_OK)
        jout_member_integer(&document->jout, key, number);
    else if (value[0] == '\0')
        jout_member_null(&document->jout, key);
    else
        jout_member_string(&document->jout, key, slice_from(value));
}

/* The whole of a file, or of standard input for "-". Says what is wrong. */
static bool read_file(const char *path, struct buffer *text)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    if (fd < 0) {
        complain("cannot read %s: %s", path, strerror(errno));
        return false;
    }
    do {
        if (buffer_reserve(text, 65536) != ERR_OK)
            break;
        got = read(fd, text->data + text->length, 65536);
        if (got > 0)
            text->length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    int read_errno = errno;
    if (fd != STDIN_FILENO)
        close(fd);
    if (got < 0)
        complain("cannot read %s: %s", path, strerror(read_errno));
    else if (buffer_error(text) != ERR_OK)
        complain("%s is too large", path);
    return got >= 0 && buffer_error(text) == ERR_OK;
}

/* A JSON file as a member; null for the path "". */
static bool put_file(struct document *document, struct invocation *invocation, const char *flag,
                     const char *key)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(DOCUMENT_MAX);
    struct value value;
    struct jin_fault fault;
    const char *path = invocation_value(invocation, flag);
    if (!path)
        return true;
    if (path[0] == '\0') {
        jout_member_null(&document->jout, key);
        return true;
    }
    if (!read_file(path, &text))
        return false;
    enum err error = jin_decode(&invocation->arena, buffer_slice(&text), NULL, &value, &fault);
    if (error == ERR_MEMORY) {
        complain("%s: %s", path, err_text(error));
        return false;
    }
    if (error != ERR_OK) {
        complain("%s: %s: line %zu column %zu", path, fault.what, fault.line, fault.column);
        return false;
    }
    jout_key(&document->jout, slice_from(key));
    jout_value(&document->jout, &value);
    return true;
}

/* Whether an option that must be there is; says so otherwise. */
static bool has(const struct invocation *invocation, const char *flag)
{
    if (invocation_value(invocation, flag))
        return true;
    complain("%s is required", flag);
    return false;
}

/* Sends the document and prints the member KEY of the answer. */
static int send_and_print(struct invocation *invocation, const char *method, const char *path,
                          struct slice body, const char *key)
{
    struct remote *remote CLEANUP(remote_close_pointer) = remote_open(invocation);
    const struct value *answer = remote ? remote_request(remote, method, path, body) : NULL;
    const struct value *member = answer ? value_get(answer, slice_from(key)) : NULL;
    if (!answer)
        return EXIT_FAILED;
    if (member && member->kind == VALUE_STRING)
        printf("%.*s\n", SLICE_ARG(member->text));
    else if (member && member->kind == VALUE_INTEGER)
        printf("%lld\n", (long long)member->integer);
    return EXIT_DONE;
}

static int list(struct invocation *invocation, const char *path, const char *const *columns)
{
    struct remote *remote CLEANUP(remote_close_pointer) = remote_open(invocation);
    const struct value *rows = remote ? remote_list(remote, path) : NULL;
    if (!rows)
        return EXIT_FAILED;
    return table_print(rows, columns, invocation_value(invocation, "--json") != NULL);
}

/* --id and --name: all that organizations and representatives have. */
static int create_named(struct invocation *invocation, const char *path)
{
    struct document document CLEANUP(document_done) = DOCUMENT_INIT;
    document_begin(&document);
    if (!has(invocation, "--name"))
        return EXIT_USAGE;
    put_number(&document, invocation, "--id", "id");
    put_text(&document, invocation, "--name", "name");
    return send_and_print(invocation, "POST", path, document_end(&document), "id");
}

int organization_create_command(struct invocation *invocation)
{
    return create_named(invocation, "/api/organizations/");
}

int organization_list_command(struct invocation *invocation)
{
    static const char *const columns[] = {"id", "name", "created_time", NULL};
    return list(invocation, "/api/organizations/", columns);
}

int representative_create_command(struct invocation *invocation)
{
    return create_named(invocation, "/api/representatives/");
}

int representative_list_command(struct invocation *invocation)
{
    static const char *const columns[] = {"id", "name", "created_time", NULL};
    return list(invocation, "/api/representatives/", columns);
}

int token_create_command(struct invocation *invocation)
{
    struct document document CLEANUP(document_done) = DOCUMENT_INIT;
    document_begin(&document);
    if (!has(invocation, "--name") || !has(invocation, "--scope"))
        return EXIT_USAGE;
    put_text(&document, invocation, "--name", "name");
    put_text(&document, invocation, "--scope", "scope");
    return send_and_print(invocation, "POST", "/api/tokens/", document_end(&document), "key");
}

int token_list_command(struct invocation *invocation)
{
    static const char *const columns[] = {"id",           "name",         "scope", "key_hint",
                                          "created_time", "revoked_time", NULL};
    return list(invocation, "/api/tokens/", columns);
}

/* "/api/tokens/7/": PREFIX, the command's argument, '/'. What cannot stand in a path is refused. */
static const char *path_of(struct invocation *invocation, const char *prefix)
{
    struct slice path, argument = slice_from(invocation->arguments[0]);
    for (size_t i = 0; i < argument.n; i++) {
        char c = argument.p[i];
        bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (!fits) {
            complain("\"%s\" is not %s", argument.p, invocation->command->arguments);
            return NULL;
        }
    }
    if (argument.n == 0 || arena_print(&invocation->arena, &path, "%s%s/", prefix, argument.p) != ERR_OK) {
        complain("%s is missing", invocation->command->arguments);
        return NULL;
    }
    return path.p;
}

int token_revoke_command(struct invocation *invocation)
{
    const char *path = path_of(invocation, "/api/tokens/");
    return path ? send_and_print(invocation, "DELETE", path, SLICE_NULL, "id") : EXIT_USAGE;
}

static int put_lead_type(struct invocation *invocation, const char *method, const char *path)
{
    struct document document CLEANUP(document_done) = DOCUMENT_INIT;
    document_begin(&document);
    put_number(&document, invocation, "--id", "id");
    put_text(&document, invocation, "--name", "name");
    put_number(&document, invocation, "--min-reengagement-days", "min_reengagement_days");
    if (!put_file(&document, invocation, "--metadata-fields", "lead_metadata_fields") ||
        !put_file(&document, invocation, "--calling", "calling"))
        return EXIT_FAILED;
    return send_and_print(invocation, method, path, document_end(&document), "id");
}

int lead_type_create_command(struct invocation *invocation)
{
    return has(invocation, "--name") ? put_lead_type(invocation, "POST", "/api/lead-types/") : EXIT_USAGE;
}

/* The same rows with one word for the plan, which would not fit into a column: its kind, or "-" where there is none. */
static enum err shorten_plans(struct arena *arena, const struct value *rows, struct value *ret_rows)
{
    struct value *items = ARENA_ARRAY(arena, struct value, rows->array.count + 1);
    if (!items)
        return ERR_MEMORY;
    for (size_t i = 0; i < rows->array.count; i++) {
        const struct value *plan = value_get(&rows->array.items[i], SLICE("calling"));
        const struct value *kind = plan ? value_get(plan, SLICE("kind")) : NULL;
        bool is_planned = plan && plan->kind != VALUE_NULL;
        struct value_member word = {.key = SLICE("calling"), .value = value_string(SLICE("-"))};
        struct value over = {.kind = VALUE_OBJECT, .object = {.members = &word, .count = 1}};
        if (is_planned)
            word.value = kind ? *kind : value_string(vocabulary_text(&calling_kinds, CALLING_LIVE));
        TRY(value_merge(arena, &rows->array.items[i], &over, &items[i]));
    }
    *ret_rows = (struct value){.kind = VALUE_ARRAY, .array = {.items = items, .count = rows->array.count}};
    return ERR_OK;
}

int lead_type_list_command(struct invocation *invocation)
{
    static const char *const columns[] = {"id", "name", "min_reengagement_days", "calling", NULL};
    struct remote *remote CLEANUP(remote_close_pointer) = remote_open(invocation);
    const struct value *rows = remote ? remote_list(remote, "/api/lead-types/") : NULL;
    struct value shortened;
    if (!rows)
        return EXIT_FAILED;
    if (invocation_value(invocation, "--json"))
        return table_print_json(rows);
    enum err error = shorten_plans(&invocation->arena, rows, &shortened);
    if (error == ERR_OK)
        return table_print(&shortened, columns, /* as_json */ false);
    complain("%s", err_text(error));
    return EXIT_FAILED;
}

int lead_type_update_command(struct invocation *invocation)
{
    const char *path = path_of(invocation, "/api/lead-types/");
    return path ? put_lead_type(invocation, "PATCH", path) : EXIT_USAGE;
}

int ingest_create_command(struct invocation *invocation)
{
    struct document document CLEANUP(document_done) = DOCUMENT_INIT;
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(DOCUMENT_MAX);
    const char *file = invocation_value(invocation, "--file");
    document_begin(&document);
    if (file) {
        if (!read_file(file, &text))
            return EXIT_FAILED;
        return send_and_print(invocation, "POST", "/api/ingestion-configs/", buffer_slice(&text), "uuid");
    }
    if (!has(invocation, "--name"))
        return EXIT_USAGE;
    put_text(&document, invocation, "--name", "name");
    put_number(&document, invocation, "--lead-type", "lead_type");
    if (invocation_value(invocation, "--open"))
        jout_member_string(&document.jout, "auth", SLICE("open"));
    return send_and_print(invocation, "POST", "/api/ingestion-configs/", document_end(&document), "uuid");
}

int ingest_list_command(struct invocation *invocation)
{
    static const char *const columns[] = {"uuid",    "name",          "lead_type", "auth",
                                          "version", "modified_time", NULL};
    return list(invocation, "/api/ingestion-configs/", columns);
}

int ingest_show_command(struct invocation *invocation)
{
    const char *path = path_of(invocation, "/api/ingestion-configs/");
    struct remote *remote CLEANUP(remote_close_pointer) = path ? remote_open(invocation) : NULL;
    const struct value *answer = remote ? remote_request(remote, "GET", path, SLICE_NULL) : NULL;
    const struct value *config = answer ? value_get(answer, SLICE("config")) : NULL;
    if (!path)
        return EXIT_USAGE;
    return config ? table_print_json(config) : EXIT_FAILED;
}

int ingest_update_command(struct invocation *invocation)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(DOCUMENT_MAX);
    const char *path = path_of(invocation, "/api/ingestion-configs/");
    if (!path || !has(invocation, "--file"))
        return EXIT_USAGE;
    if (!read_file(invocation_value(invocation, "--file"), &text))
        return EXIT_FAILED;
    return send_and_print(invocation, "PUT", path, buffer_slice(&text), "version");
}
