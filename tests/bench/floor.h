/* What the parts of the floor program share: its requests and their queue. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BENCH_FLOOR_H
#define INLET_BENCH_FLOOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct worker;
struct MHD_Connection;

/* One request, from its first call to its last. */
struct request {
    struct request *next;
    struct worker *worker;
    struct MHD_Connection *connection;
    char *body;
    size_t length, capacity;
    json_t *lead;
    char *metadata;
    bool is_done; /* the engine is done with it */
    bool is_kept; /* and has it */
};

/* The columns of "lead" that a request fills: $1 is the time, $2 to $8 are these members, $9 is the metadata. */
#define FLOOR_MEMBERS                                                                                        \
    {                                                                                                        \
        "phone_number", "email", "lead_type", "representative", "external_id", "us_state", "lead_source"     \
    }
#define FLOOR_MEMBER_COUNT 7
#define FLOOR_INSERT                                                                                         \
    "INSERT INTO lead (organization_id, created_us, modified_us, received_us, phone_number, email, "         \
    "email_key, "                                                                                            \
    "lead_type_id, representative_id, external_id, us_state, lead_source, metadata) "                        \
    "VALUES (1, $1, $1, $1, $2, $3, $3, $4, $5, $6, $7, $8, $9)"

/* Waits for requests and takes MOST of them at most, linked by next. */
struct request *floor_take(size_t most);
/* Answers requests that are done. */
void floor_hand_back(struct request *batch);

/* Creates the tables with SQL in an empty database and starts the threads that keep leads. */
void floor_sqlite_start(const char *path, const char *sql);
void floor_pg_start(const char *url, const char *sql);

_Noreturn void floor_die(const char *what);

#endif
