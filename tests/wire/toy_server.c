/* Serves the toy application until its input ends, for load tests: toy_server ADDRESS THREADS COMMIT_US. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/log.h"
#include "inlet/base/number.h"
#include "toy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    int64_t threads, delay_us;
    if (count != 4 || number_parse_int64(slice_from(arguments[2]), &threads) != ERR_OK ||
        number_parse_int64(slice_from(arguments[3]), &delay_us) != ERR_OK || threads < 0 || delay_us < 0) {
        fprintf(stderr, "usage: toy_server ADDRESS THREADS COMMIT_US\n");
        return EXIT_FAILURE;
    }
    log_configure(LOG_TEXT, LOG_WARNING);
    struct toy_lane lane;
    if (toy_lane_start(&lane, 8192, (unsigned)delay_us) != ERR_OK)
        return EXIT_FAILURE;
    const char *const addresses[] = {arguments[1]};
    struct http_options options = toy_options(&lane);
    options.listen = addresses;
    options.threads = (size_t)threads;
    struct buffer why;
    buffer_init(&why, 1024);
    struct http_server *server;
    enum err error = http_server_start(&options, &server, &why);
    if (error != ERR_OK) {
        fprintf(stderr, "%.*s\n", SLICE_ARG(buffer_slice(&why)));
    } else {
        printf("%u\n", http_server_port(server, 0));
        fflush(stdout);
        char byte;
        while (read(STDIN_FILENO, &byte, 1) > 0)
            ;
        http_server_stop(server, 2000);
    }
    buffer_done(&why);
    toy_lane_stop(&lane);
    return error == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
