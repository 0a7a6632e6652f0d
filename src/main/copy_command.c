/* inlet copy: one database into another, with a look at both at the end. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "inlet/base/clock.h"
#include "inlet/store/copy.h"

#include <stdio.h>

/* How fast it goes. */
struct pace {
    const char *table;
    bool checking;
    int64_t begun_us;
};

static int64_t rows_per_second(int64_t rows, int64_t elapsed_us)
{
    return elapsed_us > 0 ? rows * 1000000 / elapsed_us : 0;
}

static void show_progress(void *context, const struct copy_progress *progress)
{
    struct pace *pace = context;
    int64_t now_us = clock_monotonic_us();
    if (pace->table != progress->table || pace->checking != progress->checking)
        *pace = (struct pace){progress->table, progress->checking, now_us};
    if (progress->rows == 0)
        return;
    fprintf(stderr, "%s %s: %lld", progress->checking ? "checked" : "copied", progress->table,
            (long long)progress->rows);
    if (progress->total > progress->rows)
        fprintf(stderr, " of about %lld", (long long)progress->total);
    fprintf(stderr, " rows, %lld rows/s\n",
            (long long)rows_per_second(progress->rows, now_us - pace->begun_us));
}

static void print_report(const struct copy_report *report)
{
    printf("%-24s %12s  %s\n", "table", "rows", "checksum, the same in both databases");
    for (int i = 0; i < report->table_count; i++)
        printf("%-24s %12lld  %s\n", report->tables[i].table, (long long)report->tables[i].rows,
               report->tables[i].checksum);
}

int copy_command(struct invocation *invocation)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(8192);
    struct pace pace = {0};
    struct copy_report report;
    struct copy_options options = {.from = invocation_value(invocation, "--from"),
                                   .to = invocation_value(invocation, "--to"),
                                   .progress = show_progress,
                                   .context = &pace};
    if (!options.from || !options.to) {
        complain("%s is required", options.from ? "--to" : "--from");
        return EXIT_USAGE;
    }
    enum err error = store_copy(&options, &report, &why);
    if (error != ERR_OK) {
        complain("%.*s", SLICE_ARG(why.length > 0 ? buffer_slice(&why) : slice_from(err_text(error))));
        return EXIT_FAILED;
    }
    print_report(&report);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}
