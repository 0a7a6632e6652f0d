/* How long Inlet takes for a phone number: reads "REGION<tab>TEXT" lines, prints nanoseconds per number. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/phone.h"
#include "inlet/base/buffer.h"
#include "inlet/base/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_MAX   ((size_t)256 << 20)
#define MEASURE_MIN 1000000 /* microseconds */

static bool read_input(struct buffer *input)
{
    ssize_t got = 0;
    do {
        if (buffer_reserve(input, 65536) != ERR_OK)
            return false;
        got = read(STDIN_FILENO, input->data + input->length, 65536);
        input->length += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    return got == 0;
}

/* Parses every line once. */
static uint64_t parse_all(struct slice input, uint64_t *valid)
{
    uint64_t count = 0;
    struct slice name = SLICE_NULL;
    const struct phone_region *region = NULL;
    while (!slice_is_null(input) && input.n > 0) {
        struct slice text, home = slice_cut(slice_cut(input, '\n', &input), '\t', &text);
        struct phone phone;
        if (!slice_equal(home, name)) { /* lines of a region stand together */
            name = home;
            region = phone_region_find(home);
        }
        *valid += phone_parse(text, region, &phone) == PHONE_VALID;
        count++;
    }
    return count;
}

int main(void)
{
    struct buffer input CLEANUP(buffer_done) = BUFFER_INIT(INPUT_MAX);
    uint64_t count = 0, valid = 0;
    if (phone_module_init() != ERR_OK || !read_input(&input)) {
        fprintf(stderr, "bench_phone: no memory, or no input\n");
        return 1;
    }
    int64_t begin_us = clock_monotonic_us(), passed_us = 0;
    do {
        count += parse_all(buffer_slice(&input), &valid);
        passed_us = clock_monotonic_us() - begin_us;
    } while (passed_us < MEASURE_MIN && count > 0);
    printf("%.1f\n", count ? (double)passed_us * 1000 / (double)count : 0.0);
    phone_module_done();
    return count == 0;
}
