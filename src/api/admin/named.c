/* Rows that have an id, a name and a time: organizations and representatives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "admin.h"

static const struct field rows[] = {
    {.name = "id",
     .kind = FIELD_INTEGER,
     .offset = offsetof(struct named_input, id),
     .has_minimum = true,
     .has_maximum = true,
     .minimum = 1,
     .maximum = ID_MAX},
    {.name = "name",
     .kind = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct named_input, name),
     .length_max = NAME_MAX_LENGTH},
};

const struct field_table named_fields = {rows, ARRAY_LENGTH(rows)};

void named_write(struct jout *jout, struct call *call, int64_t id, struct slice name, int64_t created_us)
{
    jout_object_begin(jout);
    jout_member_integer(jout, "id", id);
    jout_member_string(jout, "name", name);
    jout_key(jout, SLICE("created_time"));
    time_write(jout, created_us, call_app(call)->timezone);
    jout_object_end(jout);
}
