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
    const char *socket_path;
    enum err error = remote_find(invocation, &socket_path, &why);
    if (error == ERR_OK) {
        printf("%s is served: its schema is up to date\n", invocation->settings.db);
        return EXIT_DONE;
    }
    if (error == ERR_NOT_FOUND)
        error = store_open(&options, &store, &why);
    if (error != ERR_OK) {
        complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
        return EXIT_FAILED;
    }
    store_close(store);
    printf("%s is up to date\n", invocation->settings.db);
    return EXIT_DONE;
}

int phone_command(struct invocation *invocation)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    (void)invocation;
    while ((length = getline(&line, &size, stdin)) >= 0) {
        struct slice text = slice_of(line, (size_t)length);
        struct phone phone;
        while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
            text.n--;
        if (phone_parse(slice_trim_unicode(text), &phone) == PHONE_VALID)
            printf("%s\n", phone.e164);
        else
            printf("invalid\n");
    }
    free(line); /* getline's own */
    return ferror(stdin) || fflush(stdout) != 0 ? EXIT_FAILED : EXIT_DONE;
}

int version_command(struct invocation *invocation)
{
    const char *warning = NULL;
    const char *engine = store_engine_version(&warning);
    (void)invocation;
    printf("inlet %s\nSQLite %s\n", INLET_VERSION, engine);
    if (warning)
        printf("  %s\n", warning);
    return EXIT_DONE;
}
