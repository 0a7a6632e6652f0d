/* GET /api/leads/{id}/call-window/: whether a lead may be called now, and by which rules. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/call_window.h"

#include "../attachment.h"
#include "inlet/app/dial.h"
#include "inlet/store/lead.h"
#include "sela.h"

struct window_call {
    int64_t lead_id;
    struct call_window window;
};

enum err call_window_prepare(struct call *call)
{
    struct window_call *state = ARENA_NEW(&call->arena, struct window_call);
    if (!state)
        return ERR_MEMORY;
    call->state = state;
    state->lead_id = lead_id_of_path(call);
    return ERR_OK;
}

/* The next call is the lead's: its cadence counts as well, and a lead that is not called has none. A number that said stop
 * must not be called, whatever the hour. */
static enum err judge(struct session *session, struct call *call, const struct lead *lead,
                      struct call_window *ret_window)
{
    const struct dial *dial = call_dial(call);
    struct dial_look look;
    struct calling_next next;
    /* The tree of the largest metadata is more than a call may hold. */
    struct arena trees CLEANUP(arena_done);
    arena_init(&trees, DIAL_LOOK_MEMORY_MAX);
    TRY(dial_look(session, dial, &trees, lead, NULL, &look));
    TRY(calling_next(dial->rules, look.plan, &look.state, &next));
    const struct call_window_question question = {
        .subject = look.state.subject,
        .kind = look.plan ? look.plan->kind : CALLING_LIVE,
        .hours = look.plan ? &look.plan->hours : NULL,
        .attempts = look.state.attempts,
        .attempt_count = look.state.attempt_count,
        .at_us = look.state.now_us,
    };
    TRY(call_window_find(dial->rules, &question, &call->arena, ret_window));
    ret_window->next_call_us = next.next_us;
    ret_window->allowed &= !lead->call_dnc;
    return ERR_OK;
}

enum err call_window_run(struct session *session, struct call *call)
{
    struct window_call *state = call->state;
    struct lead lead;
    enum err error =
        store_lead_by_id(session, &call->arena, call->principal.organization_id, state->lead_id, &lead);
    if (error == ERR_NOT_FOUND) {
        answer_detail(call, 404, SLICE("Not found."));
        return ERR_OK;
    }
    TRY(error);
    return judge(session, call, &lead, &state->window);
}

enum err call_window_render(struct call *call)
{
    struct window_call *state = call->state;
    struct jout jout;
    if (call_is_answered(call))
        return ERR_OK;
    call_answer(call, 200);
    jout_init(&jout, &call->answer);
    call_window_write(&jout, call_dial(call)->rules, &state->window, call_app(call)->timezone);
    return buffer_error(&call->answer);
}
