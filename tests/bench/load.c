/* The load generator: sends one kind of request over N connections and prints what came of it as one line of JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: bench_load --port PORT --mode MODE [--connections 64] [--seconds 5] [--token KEY] [--ingest UUID]
 *                   [--offset 0] [--leads N] [--set 1000]
 *
 * MODE create, ingest and bulk send leads OFFSET, OFFSET + 1, ... (at most LEADS of them); reengage sends leads 0 to
 * SET - 1 again and again; list_external_id and list_email look for one of leads 0 to SET - 1.
 */
#include "inlet/base/number.h"
#include "load_client.h"
#include "load_lead.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BULK_LEADS  1000
#define REQUEST_MAX ((size_t)2 << 20)

struct script {
    const char *mode, *token, *ingest;
    uint64_t offset, leads, set;
    uint64_t sent;       /* requests so far */
    uint64_t leads_sent; /* leads in them */
    struct buffer body;
};

static void append_post(struct script *script, struct buffer *out, const char *path, const char *argument)
{
    buffer_print(out,
                 "POST %s%s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token %s\r\nContent-Type: "
                 "application/json\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 path, argument, argument[0] ? "/" : "", script->token, script->body.length);
    buffer_append(out, buffer_slice(&script->body));
}

/* The number of the next lead; false when all were sent. */
static bool take_lead(struct script *script, uint64_t *ret_number)
{
    if (script->leads_sent == script->leads || script->offset + script->leads_sent >= LEADS_MAX)
        return false;
    *ret_number = script->offset + script->leads_sent++;
    return true;
}

static bool next_create(void *context, struct buffer *out)
{
    struct script *script = context;
    uint64_t number;
    if (!take_lead(script, &number))
        return false;
    buffer_clear(&script->body);
    lead_append(&script->body, number);
    append_post(script, out, "/api/leads/", "");
    return true;
}

static bool next_ingest(void *context, struct buffer *out)
{
    struct script *script = context;
    uint64_t number;
    if (!take_lead(script, &number))
        return false;
    buffer_clear(&script->body);
    lead_append(&script->body, number);
    append_post(script, out, "/ingest/", script->ingest);
    return true;
}

static bool next_bulk(void *context, struct buffer *out)
{
    struct script *script = context;
    uint64_t number;
    size_t count = 0;
    buffer_clear(&script->body);
    buffer_append_text(&script->body, "{\"leads\": [");
    for (; count < BULK_LEADS && take_lead(script, &number); count++) {
        if (count > 0)
            buffer_append_byte(&script->body, ',');
        lead_append(&script->body, number);
    }
    buffer_append_text(&script->body, "]}");
    append_post(script, out, "/api/leads/bulk-create/", "");
    return count > 0;
}

static bool next_reengage(void *context, struct buffer *out)
{
    struct script *script = context;
    buffer_clear(&script->body);
    lead_append(&script->body, script->sent++ % script->set);
    append_post(script, out, "/api/leads/", "");
    return true;
}

/* Some lead of the set, other ones in another order than they were created in. */
static uint64_t any_of_set(struct script *script)
{
    return script->sent++ * UINT64_C(2654435761) % script->set;
}

static void append_get_end(const struct script *script, struct buffer *out)
{
    buffer_print(out, " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token %s\r\n\r\n", script->token);
}

static bool next_list_external_id(void *context, struct buffer *out)
{
    struct script *script = context;
    buffer_append_text(out, "GET /api/leads/?external_id=");
    lead_append_external_id(out, any_of_set(script));
    append_get_end(script, out);
    return true;
}

static bool next_list_email(void *context, struct buffer *out)
{
    struct script *script = context;
    buffer_append_text(out, "GET /api/leads/?email=");
    lead_append_email(out, any_of_set(script));
    append_get_end(script, out);
    return true;
}

static const struct {
    const char *name;
    bool (*next)(void *context, struct buffer *out);
} modes[] = {
    {"create", next_create},     {"ingest", next_ingest},         {"bulk", next_bulk},
    {"reengage", next_reengage}, {"list_email", next_list_email}, {"list_external_id", next_list_external_id},
};

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "bench_load: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
    exit(2);
}

static uint64_t number_option(const char *name, const char *value, uint64_t max)
{
    uint64_t number = 0;
    if (number_parse_unsigned(slice_from(value), max, &number) != ERR_OK)
        die("not a number, or too large a one", name);
    return number;
}

static void read_options(int count, char **words, struct script *script, struct load *load)
{
    for (int i = 1; i < count; i += 2) {
        const char *name = words[i], *value = words[i + 1];
        if (i + 1 >= count)
            die("an option without its value", name);
        if (strcmp(name, "--mode") == 0)
            script->mode = value;
        else if (strcmp(name, "--token") == 0)
            script->token = value;
        else if (strcmp(name, "--ingest") == 0)
            script->ingest = value;
        else if (strcmp(name, "--port") == 0)
            load->port = (uint16_t)number_option(name, value, UINT16_MAX);
        else if (strcmp(name, "--connections") == 0)
            load->connections = number_option(name, value, 60000);
        else if (strcmp(name, "--seconds") == 0)
            load->duration_us = (int64_t)number_option(name, value, 86400) * 1000000;
        else if (strcmp(name, "--offset") == 0)
            script->offset = number_option(name, value, LEADS_MAX);
        else if (strcmp(name, "--leads") == 0)
            script->leads = number_option(name, value, LEADS_MAX);
        else if (strcmp(name, "--set") == 0)
            script->set = number_option(name, value, LEADS_MAX);
        else
            die("no such option", name);
    }
    for (size_t i = 0; script->mode && i < ARRAY_LENGTH(modes); i++)
        if (strcmp(script->mode, modes[i].name) == 0)
            load->next = modes[i].next;
    if (!load->next || load->port == 0 || load->connections == 0 || script->set == 0)
        die("usage: bench_load --port PORT --mode MODE [--connections N] [--seconds N] [--token KEY] ...",
            NULL);
}

static void report(const struct script *script, const struct load *load, const struct load_result *result)
{
    double seconds = (double)result->elapsed_us / 1e6;
    printf("{\"mode\": \"%s\", \"connections\": %zu, \"requests\": %" PRIu64
           ", \"seconds\": %.3f, \"rate\": %.0f, "
           "\"leads\": %" PRIu64
           ", \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"refused\": %" PRIu64
           ", \"lost\": %" PRIu64 ", \"first_refusal\": %u, \"next\": %" PRIu64 "}\n",
           script->mode, load->connections, result->requests, seconds,
           seconds > 0 ? (double)result->requests / seconds : 0.0, script->leads_sent,
           (double)load_percentile_us(result, 0.50) / 1e3, (double)load_percentile_us(result, 0.99) / 1e3,
           (double)result->latency_max_us / 1e3, result->refused, result->lost, result->first_status,
           script->offset + script->leads_sent);
}

int main(int argc, char **argv)
{
    static struct load_result result;
    struct script script = {.token = "", .ingest = "", .leads = LEADS_MAX, .set = 1000};
    struct load load = {
        .connections = 64, .duration_us = 5000000, .request_max = REQUEST_MAX, .context = &script};
    read_options(argc, argv, &script, &load);
    buffer_init(&script.body, REQUEST_MAX);
    enum err error = load_run(&load, &result);
    buffer_done(&script.body);
    if (error != ERR_OK)
        die(err_text(error), error == ERR_SYSTEM ? strerror(errno) : NULL);
    report(&script, &load, &result);
    return 0;
}
