/* inlet serve: opens the store, starts the server, waits for signals, ends in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "inlet/api/api.h"
#include "inlet/app/app.h"
#include "inlet/app/watch.h"
#include "inlet/base/log.h"
#include "inlet/codec/regex.h"
#include "inlet/http/server.h"
#include "inlet/net/listen.h"
#include "inlet/store/store.h"
#include "remote.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define WHY_MAX ((size_t)1 << 20) /* a file of rules may have many faults */

/* All that runs. */
struct service {
    struct invocation *invocation;
    struct timezone *timezone;
    struct store *store;
    struct app app;
    struct watch *watch; /* of a database that others may change; NULL: nobody else can */
    struct http_server *server;
};

static enum log_level level_of(const char *name)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(names[i], name) == 0)
            return (enum log_level)i;
    }
    return LOG_INFO;
}

static enum err configure_log(const struct settings *settings, struct buffer *why)
{
    log_configure(strcmp(settings->log_format, "json") == 0 ? LOG_JSON : LOG_TEXT,
                  level_of(settings->log_level));
    enum err error = log_to_file(settings->log_file);
    if (error != ERR_OK)
        buffer_print(why, "cannot write the log to %s: %s", settings->log_file, strerror(errno));
    return error;
}

static enum err open_store(struct service *service, struct buffer *why)
{
    const struct settings *settings = &service->invocation->settings;
    struct store_options options = {.url = settings->db,
                                    .writers = (size_t)settings->writers,
                                    .readers = (size_t)settings->readers,
                                    .queue_max = (size_t)settings->queue_max,
                                    .relaxed = settings->relaxed,
                                    .create = true,
                                    .migrate = true,
                                    .lanes = true};
    return store_open(&options, &service->store, why);
}

static enum err read_store(void *context, struct job *job)
{
    return store_read(context, job);
}

static enum err start_watch(struct service *service, struct buffer *why)
{
    if (!store_is_shared(service->store))
        return ERR_OK;
    enum err error = watch_start(&service->app, read_store, service->store, &service->watch);
    if (error != ERR_OK)
        buffer_print(why, "cannot watch what other processes set up: %s", err_text(error));
    return error;
}

static enum err start_server(struct service *service, struct buffer *why)
{
    const struct settings *settings = &service->invocation->settings;
    struct http_options options = {
        .listen = settings->listen.items,
        .listen_count = settings->listen.count,
        .control_path = remote_socket_path(service->invocation),
        .threads = (size_t)settings->threads,
        .limits = {.connections = (size_t)settings->connections_max,
                   .connections_per_address = (size_t)(settings->connections_per_address_max > 0
                                                           ? settings->connections_per_address_max
                                                           : settings->connections_max),
                   .bodies_in_flight = (size_t)settings->body_memory_mib << 20,
                   .idle_timeout_s = (unsigned)settings->idle_timeout_s,
                   .header_timeout_ms = (unsigned)settings->header_timeout_s * 1000,
                   .body_timeout_ms = (unsigned)settings->body_timeout_s * 1000},
        .tables = api_tables,
        .table_count = api_table_count,
        .dialects = api_dialects,
        .dialect_count = api_dialect_count,
        .dispatcher = store_dispatcher(service->store),
        .app = &service->app,
        .call_begins = api_call_begins,
        .call_ends = api_call_ends,
    };
    return http_server_start(&options, &service->server, why);
}

/* Before a database is made or changed for a server that cannot be. */
static enum err check_addresses(const struct settings *settings, struct buffer *why)
{
    if (settings->listen.count == 0) {
        buffer_print(why, "there is no address to listen on");
        return ERR_CONFIG;
    }
    if (net_inherited_sockets() > 0) /* of the service manager: they come in place of the addresses */
        return ERR_OK;
    for (size_t i = 0; i < settings->listen.count; i++)
        TRY(net_check_tcp(settings->listen.items[i], why));
    return ERR_OK;
}

static enum err start(struct service *service, struct buffer *why)
{
    const struct settings *settings = &service->invocation->settings;
    TRY(check_addresses(settings, why));
    TRY(configure_log(settings, why));
    enum err error = timezone_load(settings->time_zone, &service->timezone);
    if (error != ERR_OK) {
        buffer_print(why, "the time zone \"%s\" is not in the system's time zone data", settings->time_zone);
        return error;
    }
    struct calling_sources sources = {.own_rules = settings->calling_rules};
    TRY(app_load_calling(&service->app, &sources, why));
    service->app.timezone = service->timezone;
    service->app.phone_region = settings->phone_region;
    service->app.min_reengagement_days = settings->min_reengagement_days;
    service->app.trusted_proxies = settings->trusted_proxies.items;
    service->app.trusted_proxy_count = settings->trusted_proxies.count;
    TRY(open_store(service, why));
    error = app_init(&service->app, service->store);
    if (error != ERR_OK) {
        buffer_print(why, "cannot read what is set up in the database: %s", err_text(error));
        return error;
    }
    TRY(start_watch(service, why));
    return start_server(service, why);
}

/* The order matters: calls in the store's lanes must come back before the server can end, and the store writes until the
 * last of them has. */
static void stop(struct service *service)
{
    const struct settings *settings = &service->invocation->settings;
    if (service->server)
        service->server = http_server_stop(service->server, (unsigned)settings->shutdown_grace_s * 1000);
    service->watch = watch_stop(service->watch);
    app_done(&service->app);
    service->store = store_close(service->store);
    service->timezone = timezone_free(service->timezone);
}

static void announce(const struct service *service)
{
    const struct settings *settings = &service->invocation->settings;
    struct store_engine engines[STORE_ENGINES];
    store_engines(engines);
    const struct store_engine *engine = &engines[store_is_shared(service->store)];
    for (size_t i = 0; i < settings->listen.count; i++)
        LOG(LOG_INFO, "listening", LOG_TEXT_FIELD("address", slice_from(settings->listen.items[i])),
            LOG_INTEGER_FIELD("port", http_server_port(service->server, i)));
    LOG(LOG_INFO, "calling rules",
        LOG_TEXT_FIELD("own_file", slice_from(settings->calling_rules ? settings->calling_rules : "none")),
        LOG_TEXT_FIELD("data_version", service->app.calling->version));
    LOG(LOG_INFO, "ready", LOG_TEXT_FIELD("version", SLICE(INLET_VERSION)),
        LOG_TEXT_FIELD("db", slice_from(shown_url(service->invocation, settings->db))),
        LOG_TEXT_FIELD("engine", slice_from(engine->name)),
        LOG_TEXT_FIELD("library", slice_from(engine->version)),
        LOG_TEXT_FIELD("time_zone", slice_from(settings->time_zone)));
    if (regex_engine() == REGEX_JIT_DENIED)
        LOG(LOG_WARNING, "no memory to run code from: patterns are interpreted",
            LOG_TEXT_FIELD("library", SLICE("pcre2")));
    if (engine->warning)
        LOG(LOG_WARNING, "the database's library has a known defect",
            LOG_TEXT_FIELD("engine", slice_from(engine->name)),
            LOG_TEXT_FIELD("defect", slice_from(engine->warning)));
    net_notify("READY=1");
}

/* SIGHUP opens again what can be opened again; SIGTERM and SIGINT end the loop. */
static void wait_for_end(const sigset_t *signals)
{
    for (;;) {
        int number = sigwaitinfo(signals, NULL);
        if (number == SIGHUP) {
            enum err error = log_reopen();
            LOG(error == ERR_OK ? LOG_INFO : LOG_ERROR, "log opened again",
                LOG_TEXT_FIELD("result", slice_from(err_text(error))));
        } else if (number > 0) {
            LOG(LOG_INFO, "stopping", LOG_TEXT_FIELD("signal", slice_from(sigabbrev_np(number))));
            net_notify("STOPPING=1");
            return;
        }
    }
}

int serve_command(struct invocation *invocation)
{
    struct service service = {.invocation = invocation};
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(WHY_MAX);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before any thread, so that all of them have it */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(), not the end */
    enum err error = start(&service, &why);
    if (error != ERR_OK) {
        complain_lines(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error)));
        stop(&service);
        return EXIT_FAILED;
    }
    announce(&service);
    wait_for_end(&signals);
    stop(&service);
    LOG(LOG_INFO, "stopped", LOG_TEXT_FIELD("version", SLICE(INLET_VERSION)));
    return EXIT_DONE;
}
