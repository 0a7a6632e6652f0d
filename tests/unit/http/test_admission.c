/* Admission: the caps, and that every place that was taken comes back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admission.h"
#include "unit.h"

#include <stdio.h>

static struct connection from(const char *address)
{
    struct connection connection = {.fd = -1};
    snprintf(connection.remote_address, sizeof(connection.remote_address), "%s", address);
    return connection;
}

START_TEST(an_address_has_its_share)
{
    static const struct {
        const char *address;
        bool admitted;
    } rows[] = {
        {"192.0.2.1", true},   {"192.0.2.1", true},   {"192.0.2.1", false},   {"192.0.2.2", true},
        {"2001:db8::1", true}, {"2001:db8::2", true}, {"2001:db8::3", false}, {"2001:db8:0:1::1", true},
        {"127.0.0.1", true},   {"127.0.0.1", true},   {"127.0.0.1", true},    {"::1", true},
        {"192.0.2.9", false}, /* ten are open */
    };
    struct admission admission;
    const struct http_limits limits = {.connections = 10, .connections_per_address = 2};
    ck_assert_int_eq(admission_init(&admission, &limits), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct connection connection = from(rows[i].address);
        ck_assert_msg(admission_enter(&admission, &connection) == rows[i].admitted, "row %zu", i);
    }
    ck_assert_uint_eq(admission.connections, 10);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct connection connection = from(rows[i].address);
        if (rows[i].admitted)
            admission_leave(&admission, &connection);
    }
    ck_assert_uint_eq(admission.connections, 0);
    ck_assert_uint_eq(admission.refused, 3);
    admission_done(&admission);
}
END_TEST

START_TEST(entries_are_used_again)
{
    struct admission admission;
    const struct http_limits limits = {.connections = 4, .connections_per_address = 1};
    ck_assert_int_eq(admission_init(&admission, &limits), ERR_OK);
    for (unsigned i = 0; i < 1000; i++) {
        struct connection open[4];
        for (unsigned k = 0; k < 4; k++) {
            char address[NET_ADDRESS_MAX];
            snprintf(address, sizeof(address), "10.0.%u.%u", i % 256, k);
            open[k] = from(address);
            ck_assert(admission_enter(&admission, &open[k]));
        }
        for (unsigned k = 0; k < 4; k++)
            admission_leave(&admission, &open[(k + i) % 4]);
    }
    admission_done(&admission);
}
END_TEST

UNIT_MAIN("admission", an_address_has_its_share, entries_are_used_again)
