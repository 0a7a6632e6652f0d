/* Hands out the leads whose call is due, each to one dialer at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/dial.h"
#include "inlet/base/random.h"

/* Leads that one request looks at, at most, and how many of them are read at once. */
#define EXAMINED_MAX 400
#define CHUNK        25

/* A chunk of leads with the largest metadata there is. */
#define CHUNK_MEMORY_MAX ((size_t)512 << 20)

/* Metadata that one answer holds, more or less: a lead that goes over it is the last one. */
#define ANSWER_METADATA_MAX ((size_t)8 << 20)

/* A request on its way. */
struct search {
    struct session *session;
    const struct dial *dial;
    struct arena *arena; /* of what is handed out */
    int64_t organization_id;
    size_t limit;
    bool leasing;
    int64_t lease_us;
    struct due_place place;
    size_t metadata; /* bytes of it handed out */
    struct due_leads *due;
};

static bool is_full(const struct search *search)
{
    return search->due->count >= search->limit || search->metadata >= ANSWER_METADATA_MAX;
}

/* A copy that outlives the chunk. */
static enum err keep_lead(struct arena *arena, const struct lead *lead, struct lead *ret_kept)
{
    struct lead kept = *lead;
    struct slice *texts[] = {&kept.email,       &kept.email_key, &kept.phone_number, &kept.metadata,
                             &kept.external_id, &kept.us_state,  &kept.lead_source};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        TRY(arena_copy(arena, *texts[i], texts[i]));
    *ret_kept = kept;
    return ERR_OK;
}

/* The lease stands among the attempts to call the number from now on: the next lead with it is judged by that. */
static enum err lease(struct search *search, struct due_lead *due)
{
    char lease_id[UUID_LENGTH + 1];
    int64_t now_us = session_now_us(search->session);
    TRY(random_uuid(lease_id));
    TRY(arena_copy(search->arena, slice_from(lease_id), &due->lease_id));
    due->lease_until_us = now_us + search->lease_us;
    struct call_record record = {.organization_id = search->organization_id,
                                 .lead_id = due->lead.id,
                                 .phone_number = due->lead.phone_number,
                                 .at_us = now_us,
                                 .lease_id = due->lease_id,
                                 .lease_until_us = due->lease_until_us,
                                 .created_us = now_us};
    TRY(store_call_insert(search->session, &record));
    return store_lead_lease(search->session, search->organization_id, due->lead.id, due->lease_until_us);
}

static enum err hand_out(struct search *search, const struct lead *lead)
{
    struct due_lead *due = &search->due->items[search->due->count];
    *due = (struct due_lead){.lease_until_us = TIME_NONE};
    TRY(keep_lead(search->arena, lead, &due->lead));
    if (search->leasing)
        TRY(lease(search, due));
    search->metadata += lead->metadata.n;
    search->due->count++;
    return ERR_OK;
}

/* A lead whose call was due by what was known when that was set: by now a window may have closed, or a cap been reached. */
static enum err examine(struct search *search, const struct lead *lead)
{
    struct lead judged = *lead;
    struct calling_next next;
    int64_t now_us = session_now_us(search->session);
    TRY(dial_schedule(search->session, search->dial, NULL, &judged, &next));
    if (next.outcome == CALLING_SCHEDULED && next.next_us <= now_us)
        return hand_out(search, lead); /* as it stands: how long it has been due is its place in the line */
    if (!search->leasing)
        return ERR_OK;
    dial_counts_add(search->dial->counts, search->organization_id, next.outcome);
    judged.modified_us = now_us;
    return store_lead_called(search->session, &judged, TIME_NONE);
}

static enum err examine_chunk(struct search *search, size_t *ret_count)
{
    struct arena chunk CLEANUP(arena_done);
    struct lead *leads;
    arena_init(&chunk, CHUNK_MEMORY_MAX);
    TRY(store_due_leads(search->session, &chunk, search->organization_id, search->leasing, CHUNK,
                        &search->place, &leads, ret_count));
    for (size_t i = 0; i < *ret_count && !is_full(search); i++)
        TRY(examine(search, &leads[i]));
    return ERR_OK;
}

static enum err run(struct search *search)
{
    size_t examined = 0, count = CHUNK;
    search->place = DUE_START;
    search->due->count = 0;
    while (count == CHUNK && examined < EXAMINED_MAX && !is_full(search)) {
        TRY(examine_chunk(search, &count));
        examined += count;
    }
    return ERR_OK;
}

enum err due_lease(struct session *session, const struct dial *dial, struct arena *arena,
                   int64_t organization_id, size_t limit, int64_t lease_us, struct due_leads *ret_due)
{
    struct search search = {.session = session,
                            .dial = dial,
                            .arena = arena,
                            .organization_id = organization_id,
                            .limit = limit < DUE_LIMIT_MAX ? limit : DUE_LIMIT_MAX,
                            .leasing = true,
                            .lease_us = lease_us,
                            .due = ret_due};
    TRY(store_dialer_lock(session, organization_id));
    return run(&search);
}

enum err due_peek(struct session *session, const struct dial *dial, struct arena *arena,
                  int64_t organization_id, size_t limit, struct due_leads *ret_due)
{
    struct search search = {.session = session,
                            .dial = dial,
                            .arena = arena,
                            .organization_id = organization_id,
                            .limit = limit < DUE_LIMIT_MAX ? limit : DUE_LIMIT_MAX,
                            .due = ret_due};
    return run(&search);
}
