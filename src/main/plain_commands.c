/* migrate, phone, version. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "inlet/domain/phone.h"
#include "inlet/store/store.h"
#include "remote.h"

#include <stdio.h>
#include <stdlib.h>

int migrate_command(struct invocation *invocation)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(4096);
    struct store *store = NULL;
    struct store_options options = {.url = invocation->settings.db, .create = true, .migrate = true};
    const char *socket_path, *shown = shown_url(invocation, invocation->settings.db);
    enum err error = remote_find(invocation, &socket_path, &why);
    if (error == ERR_OK) {
        printf("%s is served: its schema is up to date\n", shown);
        return EXIT_DONE;
    }
    if (error == ERR_NOT_FOUND)
        error = store_open(&options, &store, &why);
    if (error != ERR_OK) {
        complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
        return EXIT_FAILED;
    }
    store_close(store);
    printf("%s is up to date\n", shown);
    return EXIT_DONE;
}

/* E.164 or "invalid"; with EXPLAIN also region, type and verdict, in columns. */
static void print_phone(struct slice text, const struct phone_region *home, bool explain)
{
    struct phone phone;
    enum phone_verdict verdict = phone_parse(slice_trim_unicode(text), home, &phone);
    bool valid = verdict == PHONE_VALID;
    fputs(valid ? phone.e164 : "invalid", stdout);
    if (explain)
        printf("\t%s\t%s\t%s", valid ? phone.region : "-", valid ? phone_type_name(phone.type) : "-",
               phone_verdict_text(verdict));
    putchar('\n');
}

int phone_command(struct invocation *invocation)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(1024);
    const char *region = invocation_value(invocation, "--phone-region");
    bool explain = invocation_value(invocation, "--explain") != NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (region && settings_set_flag(&invocation->settings, SLICE("--phone-region"), slice_from(region),
                                    &why) != ERR_OK) {
        complain("%.*s", SLICE_ARG(buffer_slice(&why)));
        return EXIT_USAGE;
    }
    while ((length = getline(&line, &size, stdin)) >= 0) {
        struct slice text = slice_of(line, (size_t)length);
        while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
            text.n--;
        print_phone(text, invocation->settings.phone_region, explain);
    }
    free(line); /* getline's own */
    return ferror(stdin) || fflush(stdout) != 0 ? EXIT_FAILED : EXIT_DONE;
}

int version_command(struct invocation *invocation)
{
    struct store_engine engines[STORE_ENGINES];
    (void)invocation;
    store_engines(engines);
    printf("inlet %s\n", INLET_VERSION);
    for (size_t i = 0; i < ARRAY_LENGTH(engines); i++) {
        printf("%s %s\n", engines[i].name, engines[i].version);
        if (engines[i].warning)
            printf("  %s\n", engines[i].warning);
    }
    return EXIT_DONE;
}
