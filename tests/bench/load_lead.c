/* Distinct leads for the load generator, each a function of its number. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "load_lead.h"

#include "inlet/base/compiler.h"

#include <inttypes.h>

/* Area codes that exist, and the central office codes that anybody may have: 200 to 999 without N11 and 555. */
static const unsigned area_codes[] = {206, 212, 213, 214, 215, 216, 303, 305, 312, 404,
                                      415, 503, 512, 602, 617, 702, 713, 804, 916, 919};
#define OFFICES 791
#define LINES   10000

/*
 * A permutation of the numbers below LEADS_MAX: neighbours in time are no neighbours in an index, as with real leads.
 * The factor has no divisor in common with LEADS_MAX.
 */
static uint64_t scramble(uint64_t number)
{
    return number * UINT64_C(61803403) % LEADS_MAX;
}

static unsigned office_code(uint64_t at)
{
    for (unsigned code = 200; code <= 999; code++)
        if (code % 100 != 11 && code != 555 && at-- == 0)
            return code;
    return 200;
}

static void append_phone_number(struct buffer *out, uint64_t number)
{
    static unsigned offices[OFFICES];
    if (offices[0] == 0)
        for (uint64_t i = 0; i < OFFICES; i++)
            offices[i] = office_code(i);
    uint64_t at = scramble(number);
    buffer_print(out, "+1%u%u%04u", area_codes[at / LINES / OFFICES % ARRAY_LENGTH(area_codes)],
                 offices[at / LINES % OFFICES], (unsigned)(at % LINES));
}

void lead_append_external_id(struct buffer *out, uint64_t number)
{
    buffer_print(out, "crm-%09" PRIu64, scramble(number));
}

void lead_append_email(struct buffer *out, uint64_t number)
{
    buffer_print(out, "first.name.%09" PRIu64 "@example.com", scramble(number));
}

void lead_append(struct buffer *out, uint64_t number)
{
    buffer_append_text(out, "{\"email\": \"");
    lead_append_email(out, number);
    buffer_append_text(out, "\", \"phone_number\": \"");
    append_phone_number(out, number);
    buffer_append_text(out,
                       "\", \"metadata\": {\"first_name\": \"First\", \"last_name\": \"Name\", "
                       "\"timezone\": \"America/Los_Angeles\", \"property_address\": \"123 Main St\", "
                       "\"property_city\": \"San Francisco\", \"property_state\": \"California\", "
                       "\"property_zip\": \"94101\", \"address\": \"456 2nd St\", \"city\": \"Los Angeles\", "
                       "\"state\": \"California\", \"zip\": \"90001\"}, \"external_id\": \"");
    lead_append_external_id(out, number);
    buffer_append_text(out,
                       "\", \"lead_source\": \"USDALoans.com\", \"lead_type\": 123, \"representative\": 456, "
                       "\"us_state\": \"CA\"}");
}
