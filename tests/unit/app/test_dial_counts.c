/* Leads that cannot be scheduled are counted, and each organization's are logged once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/dial_counts.h"

#include "inlet/base/log.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t lines_with(const char *path, const char *words)
{
    char line[512];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file))
        count += strstr(line, words) != NULL;
    fclose(file);
    return count;
}

START_TEST(each_organization_gets_one_line)
{
    char path[] = P_tmpdir "/inlet-counts-XXXXXX";
    struct dial_counts counts = {0};
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    log_configure(LOG_TEXT, LOG_INFO);
    ck_assert_int_eq(log_to_file(path), ERR_OK);
    ck_assert_int_eq(dial_counts_init(&counts), ERR_OK);
    for (int i = 0; i < 3; i++) {
        dial_counts_add(&counts, 1, CALLING_NO_ZONE);
        dial_counts_add(&counts, 2, CALLING_NO_WINDOW);
        dial_counts_add(&counts, 3, CALLING_SCHEDULED);
        dial_counts_add(&counts, 3, CALLING_OFF);
        dial_counts_add(&counts, 3, CALLING_COMPLETED);
        dial_counts_add(NULL, 4, CALLING_NO_ZONE);
    }
    ck_assert_uint_eq(atomic_load(&counts.no_zone), 3);
    ck_assert_uint_eq(atomic_load(&counts.no_window), 3);
    ck_assert_uint_eq(lines_with(path, "leads cannot be scheduled"), 2);
    ck_assert_uint_eq(lines_with(path, "organization=1 no_zone=1 no_window=0"), 1);
    ck_assert_uint_eq(lines_with(path, "organization=2 no_zone=0 no_window=1"), 1);
    dial_counts_done(&counts);
    ck_assert_int_eq(log_to_file(NULL), ERR_OK);
    unlink(path);
}
END_TEST

UNIT_MAIN("dial_counts", each_organization_gets_one_line)
