/* The two ways to the administration's routes; both end in the same functions. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "remote.h"

#include "inlet/api/api.h"
#include "inlet/app/app.h"
#include "inlet/base/mem.h"
#include "inlet/base/number.h"
#include "inlet/codec/jin.h"
#include "inlet/domain/lead.h"
#include "inlet/http/local.h"
#include "inlet/net/listen.h"
#include "inlet/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANSWER_MAX       ((size_t)64 << 20)
#define ANSWER_TIMEOUT_S 60 /* that the server may be silent */
#define WHY_MAX          ((size_t)1 << 20)

struct remote {
    struct invocation *invocation;
    const char *socket_path; /* of the server that runs; NULL: there is none */
    struct store *store;     /* otherwise this process has the database */
    struct app app;
    struct timezone *timezone;
    char organization[NUMBER_TEXT_MAX];
};

const char *remote_socket_path(struct invocation *invocation)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(8192); /* opening the store will say the same */
    char path[STORE_PATH_MAX];
    struct slice text;
    if (invocation->settings.control_socket)
        return invocation->settings.control_socket;
    if (store_sqlite_file(invocation->settings.db, path, &why) != ERR_OK ||
        arena_print(&invocation->arena, &text, "%s.sock", path) != ERR_OK)
        return NULL;
    return text.p;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* What is sent makes tokens and passwords: not to anybody who managed to put a socket there. */
static bool is_trusted(const struct invocation *invocation, uid_t uid)
{
    const char *path = store_sqlite_path(invocation->settings.db);
    struct stat status;
    return uid == 0 || uid == geteuid() || (path && stat(path, &status) == 0 && status.st_uid == uid);
}

static enum err connect_server(const struct invocation *invocation, const char *socket_path, int *ret_fd,
                               struct buffer *why)
{
    int fd CLEANUP(close_fd) = -1;
    uid_t uid;
    enum err error = net_connect_unix_within(socket_path, ANSWER_TIMEOUT_S * 1000, &fd);
    if (error == ERR_OK)
        error = net_peer_uid(fd, &uid);
    if (error == ERR_TIMEOUT)
        buffer_print(why, "the server at %s does not answer", socket_path);
    TRY(error);
    if (!is_trusted(invocation, uid)) {
        buffer_print(why,
                     "user %ju listens on %s and is neither root, nor you, nor the owner of the database: "
                     "nothing was sent",
                     (uintmax_t)uid, socket_path);
        return ERR_CONFIG;
    }
    *ret_fd = fd;
    fd = -1;
    return ERR_OK;
}

enum err remote_find(struct invocation *invocation, const char **ret_socket_path, struct buffer *why)
{
    int fd CLEANUP(close_fd) = -1;
    const char *path = remote_socket_path(invocation);
    if (!path)
        return ERR_NOT_FOUND;
    enum err error = connect_server(invocation, path, &fd, why);
    if (error != ERR_OK) /* without a sentence: opening the store has a better one, if it fails */
        return why->length > 0 ? error : ERR_NOT_FOUND;
    *ret_socket_path = path;
    return ERR_OK;
}

/* Root must not leave files behind that the server's user cannot write. */
static bool become_owner(const char *path)
{
    struct stat status;
    if (!path || geteuid() != 0 || stat(path, &status) != 0 || status.st_uid == 0)
        return true;
    return setegid(status.st_gid) == 0 && seteuid(status.st_uid) == 0;
}

static enum err open_store(struct remote *remote, struct buffer *why)
{
    struct settings *settings = &remote->invocation->settings;
    /* A list of nothing, out of a database that a typing error made, would mislead. */
    const char *verb = remote->invocation->command->verb;
    bool creates = verb && strcmp(verb, "create") == 0;
    const char *path = store_sqlite_path(settings->db);
    /* Servers of an older program may be using a database that is no file: its schema is changed by those who mean to. */
    struct store_options options = {.url = settings->db, .create = creates, .migrate = path != NULL};
    bool is_new = path && access(path, F_OK) != 0;
    if (is_new && !creates) {
        buffer_print(why, "there is no database %s; \"inlet migrate\" makes one", path);
        return ERR_NOT_FOUND;
    }
    if (!become_owner(path)) {
        buffer_print(why, "cannot act as the owner of %s: %s", path, strerror(errno));
        return ERR_SYSTEM;
    }
    TRY(store_open(&options, &remote->store, why));
    if (is_new)
        complain("made a new database: %s", path);
    return ERR_OK;
}

static enum err open_here(struct remote *remote, struct buffer *why)
{
    const char *zone = remote->invocation->settings.time_zone;
    enum err error = timezone_load(zone, &remote->timezone);
    if (error != ERR_OK) {
        buffer_print(why, "the time zone \"%s\" is not in the system's time zone data", zone);
        return error;
    }
    struct calling_sources sources = {.own_rules = remote->invocation->settings.calling_rules};
    TRY(app_load_calling(&remote->app, &sources, why));
    TRY(open_store(remote, why));
    remote->app.timezone = remote->timezone;
    remote->app.phone_region = remote->invocation->settings.phone_region;
    remote->app.min_reengagement_days = remote->invocation->settings.min_reengagement_days;
    return app_init(&remote->app, remote->store);
}

struct remote *remote_open(struct invocation *invocation)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(WHY_MAX);
    struct remote *remote = mem_zero(1, sizeof(*remote));
    if (!remote) {
        complain("out of memory");
        return NULL;
    }
    remote->invocation = invocation;
    number_format_int64(invocation->organization_id, remote->organization);
    enum err error = remote_find(invocation, &remote->socket_path, &why);
    if (error == ERR_NOT_FOUND)
        error = open_here(remote, &why);
    if (error == ERR_OK)
        return remote;
    complain_lines(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error)));
    return remote_close(remote);
}

struct remote *remote_close(struct remote *remote)
{
    if (!remote)
        return NULL;
    app_done(&remote->app);
    store_close(remote->store);
    timezone_free(remote->timezone);
    mem_free(remote);
    return NULL;
}

void remote_close_pointer(struct remote **remote)
{
    *remote = remote_close(*remote);
}

static enum err write_all(int fd, struct slice data)
{
    while (data.n > 0) {
        ssize_t sent = send(fd, data.p, data.n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return sent < 0 && errno == EAGAIN ? ERR_TIMEOUT : ERR_CONNECTION;
        data = slice_skip(data, (size_t)sent);
    }
    return ERR_OK;
}

static enum err read_all(int fd, struct buffer *answer)
{
    for (;;) {
        TRY(buffer_reserve(answer, 16384));
        ssize_t got = read(fd, answer->data + answer->length, 16384);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN ? ERR_TIMEOUT : ERR_CONNECTION;
        if (got == 0)
            return ERR_OK;
        answer->length += (size_t)got;
    }
}

/* Splits "HTTP/1.1 200 OK\r\n…\r\n\r\nbody". The server closes the connection, so the body is what follows. */
static enum err split_answer(struct slice text, unsigned *ret_status, struct slice *ret_body)
{
    int64_t status;
    const char *end = text.n ? memmem(text.p, text.n, "\r\n\r\n", 4) : NULL;
    if (!end || text.n < 12 || number_parse_int64(slice_of(text.p + 9, 3), &status) != ERR_OK)
        return ERR_CONNECTION;
    *ret_status = (unsigned)status;
    *ret_body = slice_skip(text, (size_t)(end - text.p) + 4);
    return ERR_OK;
}

static enum err ask_server(struct remote *remote, const char *method, const char *path, struct slice body,
                           unsigned *ret_status, struct buffer *answer, struct buffer *why)
{
    struct buffer request CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    struct buffer raw CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    int fd CLEANUP(close_fd) = -1;
    struct slice answer_body;
    buffer_print(&request,
                 "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Inlet-Organization: %s\r\n"
                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                 method, path, remote->organization, body.n);
    TRY(buffer_append(&request, body));
    TRY(connect_server(remote->invocation, remote->socket_path, &fd, why));
    enum err error = write_all(fd, buffer_slice(&request));
    if (error == ERR_OK)
        error = read_all(fd, &raw);
    if (error == ERR_OK)
        error = split_answer(buffer_slice(&raw), ret_status, &answer_body);
    if (error == ERR_OK)
        return buffer_append(answer, answer_body);
    if (error == ERR_TIMEOUT)
        buffer_print(why, "the server at %s has not answered for %d s", remote->socket_path,
                     ANSWER_TIMEOUT_S);
    else if (error == ERR_CONNECTION)
        buffer_print(why, "the server at %s ended the connection without an answer", remote->socket_path);
    return error;
}

static enum err run_job(void *context, struct job *job)
{
    return store_run(context, job);
}

static enum err ask_here(struct remote *remote, const char *method, const char *path, struct slice body,
                         unsigned *ret_status, struct buffer *answer)
{
    struct call_header headers[] = {
        {SLICE("Host"), SLICE("localhost")},
        {SLICE("Content-Type"), SLICE("application/json")},
        {SLICE("X-Inlet-Organization"), slice_from(remote->organization)},
    };
    struct http_options options = {.tables = api_tables,
                                   .table_count = api_table_count,
                                   .dialects = api_dialects,
                                   .dialect_count = api_dialect_count,
                                   .app = &remote->app,
                                   .call_begins = api_call_begins,
                                   .call_ends = api_call_ends};
    struct local_request request = {.method = method,
                                    .target = slice_from(path),
                                    .headers = headers,
                                    .header_count = ARRAY_LENGTH(headers),
                                    .body = body,
                                    .over_control_socket = true};
    return http_local(&options, &request, run_job, remote->store, ret_status, answer);
}

/* "field: message" of every message of an error document, a line each. */
static void complain_of(const struct value *document, unsigned status)
{
    bool said = false;
    if (document->kind == VALUE_OBJECT) {
        VALUE_FOREACH (member, document) {
            const struct value *messages = &member->value;
            size_t count = messages->kind == VALUE_ARRAY ? messages->array.count : 1;
            for (size_t i = 0; i < count; i++) {
                const struct value *message =
                    messages->kind == VALUE_ARRAY ? &messages->array.items[i] : messages;
                bool plain = slice_equal(member->key, SLICE("detail")) ||
                             slice_equal(member->key, SLICE("non_field_errors"));
                if (message->kind == VALUE_STRING && plain)
                    complain("%.*s", SLICE_ARG(message->text));
                else if (message->kind == VALUE_STRING)
                    complain("%.*s: %.*s", SLICE_ARG(member->key), SLICE_ARG(message->text));
                said = said || message->kind == VALUE_STRING;
            }
        }
    }
    if (!said)
        complain("the server answered %u", status);
}

const struct value *remote_request(struct remote *remote, const char *method, const char *path,
                                   struct slice body)
{
    struct arena *arena = &remote->invocation->arena;
    struct buffer answer CLEANUP(buffer_done) = BUFFER_INIT(ANSWER_MAX);
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(8192);
    struct jin_fault fault;
    struct jin_options options = {.values_max = SIZE_MAX / 2};
    struct value *document = ARENA_NEW(arena, struct value);
    unsigned status = 0;
    enum err error = !document             ? ERR_MEMORY
                     : remote->socket_path ? ask_server(remote, method, path, body, &status, &answer, &why)
                                           : ask_here(remote, method, path, body, &status, &answer);
    if (error == ERR_OK && answer.length > 0)
        error = jin_decode(arena, buffer_slice(&answer), &options, document, &fault);
    if (error != ERR_OK) {
        complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
        return NULL;
    }
    if (status >= 200 && status < 300)
        return document;
    if (status == 404 && remote->invocation->argument_count > 0)
        complain("there is no %s %s", remote->invocation->command->noun, remote->invocation->arguments[0]);
    else
        complain_of(document, status);
    return NULL;
}

#define LIST_PAGES_MAX 100000

const struct value *remote_list(struct remote *remote, const char *path)
{
    struct arena *arena = &remote->invocation->arena;
    struct value_builder rows;
    struct value *list = ARENA_NEW(arena, struct value);
    value_build(&rows, arena);
    for (int page = 1; list && page <= LIST_PAGES_MAX; page++) {
        struct slice target;
        if (arena_print(arena, &target, "%s?page=%d&page_size=1000", path, page) != ERR_OK)
            break;
        const struct value *document = remote_request(remote, "GET", target.p, SLICE_NULL);
        const struct value *results = document ? value_get(document, SLICE("results")) : NULL;
        const struct value *next = document ? value_get(document, SLICE("next")) : NULL;
        if (!results || !next || results->kind != VALUE_ARRAY)
            return NULL;
        enum err error = ERR_OK;
        for (size_t i = 0; i < results->array.count && error == ERR_OK; i++)
            error = value_build_item(&rows, results->array.items[i]);
        if (error != ERR_OK)
            break;
        if (next->kind == VALUE_NULL) {
            *list = value_built_array(&rows);
            return list;
        }
    }
    complain("out of memory");
    return NULL;
}
