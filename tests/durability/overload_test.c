/* More requests than the queue takes: some are refused and told so, none hangs, nothing acknowledged is lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "evidence.h"
#include "server.h"

#include <stdio.h>

#define LEADS_MAX   60000
#define CONNECTIONS 96
#define SLOWEST_MS  15000

static void play(struct harness *harness, struct load *load)
{
    load->connections = CONNECTIONS;
    for (int tries = 0; tries < 10 && atomic_load(&load->refused) == 0; tries++) {
        load_start(load, 4000);
        load_wait(load);
    }
    int64_t slowest_ms = atomic_load(&load->slowest_us) / 1000;
    size_t stored = atomic_load(&load->stored);
    printf("%d connections, a queue of 8: %zu leads acknowledged, %zu refused, the slowest answer after %lld "
           "ms\n",
           CONNECTIONS, stored, atomic_load(&load->refused), (long long)slowest_ms);
    check(atomic_load(&load->refused) > 0, "nothing was refused");
    check(stored > 0, "nothing was stored");
    check(slowest_ms < SLOWEST_MS, "an answer took %lld ms", (long long)slowest_ms);
    check(server_get(harness, "/readyz") == 200, "overload makes the server unready");

    load->connections = 4; /* at most 4 requests wait */
    size_t refused = atomic_load(&load->refused);
    load_start(load, 400);
    load_wait(load);
    check(atomic_load(&load->refused) == refused, "%zu leads refused under normal load",
          atomic_load(&load->refused) - refused);
    check(atomic_load(&load->stored) > stored, "nothing was stored under normal load");
    check(atomic_load(&load->wrong) == 0, "%zu wrong answers", atomic_load(&load->wrong));
    check(atomic_load(&load->broken) == 0, "%zu requests without an answer", atomic_load(&load->broken));
}

int main(void)
{
    static const char *const options[] = {"--queue-max", "8", "--log-level", "error", NULL};
    struct harness harness;
    struct load load;
    harness_open(&harness);
    load_init(&load, &harness, LEADS_MAX);
    harness_start(&harness, options);
    play(&harness, &load);
    evidence_from_server(&load, 1000);
    check(harness_stop(&harness) == 0, "the server ended badly");
    evidence_from_database(&load);
    load_done(&load);
    harness_close(&harness);
    return check_end();
}
