/* Regular expressions by PCRE2: compiled once, shared, run under limits. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DESIGN: compiled by the JIT where there is one, else interpreted. Caseless matching follows Unicode by
 * PCRE2_UTF alone; PCRE2_UCP would also widen \d and \w to all scripts, which no phone number or state code
 * wants.
 *
 * The limits: 100,000 match steps are a few milliseconds, far more than honest patterns over lead fields
 * take. The heap limit bounds what backtracking may remember; the depth limit would only bound the same thing
 * in other units, and only without JIT, so it is set where the heap limit strikes first.
 *
 * THREADS: a compiled pattern is read-only. Each thread has its own match data and JIT stack, made at its
 * first match and freed when it ends.
 */
#include "inlet/codec/regex.h"

#include "inlet/base/mem.h"

#include <pthread.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_LIMIT     100000
#define DEPTH_LIMIT     20000
#define HEAP_LIMIT_KIB  1024
#define JIT_STACK_FIRST ((size_t)32 << 10)
#define JIT_STACK_MAX   ((size_t)1 << 20)
#define PATTERN_MAX     32768

struct regex {
    pcre2_code *code;
    size_t groups; /* with group 0, at most REGEX_GROUPS_MAX */
};

/* ---- PCRE2's memory ---- */

static void *take_memory(size_t size, void *nothing)
{
    (void)nothing;
    return mem_alloc(size);
}

static void give_memory(void *memory, void *nothing)
{
    (void)nothing;
    mem_free(memory);
}

static void general_context_done(pcre2_general_context **context)
{
    pcre2_general_context_free(*context);
}

static void compile_context_done(pcre2_compile_context **context)
{
    pcre2_compile_context_free(*context);
}

/* ---- compiling ---- */

static void set_fault(struct regex_fault *fault, int code, size_t offset)
{
    if (!fault)
        return;
    fault->column = offset + 1;
    memset(fault->what, 0, sizeof(fault->what));
    pcre2_get_error_message(code, (PCRE2_UCHAR *)fault->what, sizeof(fault->what));
}

static uint32_t compile_options(unsigned flags)
{
    /* \C could cut a character in two. */
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    if (!(flags & REGEX_BYTES))
        options |= PCRE2_UTF;
    if (flags & REGEX_CASELESS)
        options |= PCRE2_CASELESS;
    if (flags & (REGEX_ANCHORED | REGEX_FULL))
        options |= PCRE2_ANCHORED;
    if (flags & REGEX_FULL)
        options |= PCRE2_ENDANCHORED;
    return options;
}

NODISCARD static enum err compile_code(struct slice pattern, unsigned flags, pcre2_code **ret_code,
                                       struct regex_fault *ret_fault)
{
    CLEANUP(general_context_done)
    pcre2_general_context *general = pcre2_general_context_create(take_memory, give_memory, NULL);
    CLEANUP(compile_context_done)
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    if (!context)
        return ERR_MEMORY;
    pcre2_set_max_pattern_length(context, PATTERN_MAX);
    int code = 0;
    PCRE2_SIZE offset = 0;
    const char *text = pattern.p ? pattern.p : "";
    *ret_code = pcre2_compile((PCRE2_SPTR)text, pattern.n, compile_options(flags), &code, &offset, context);
    if (*ret_code)
        return ERR_OK;
    if (code == PCRE2_ERROR_HEAP_FAILED)
        return ERR_MEMORY;
    set_fault(ret_fault, code, offset);
    return ERR_INVALID;
}

enum err regex_compile(struct slice pattern, unsigned flags, struct regex **ret_regex,
                       struct regex_fault *ret_fault)
{
    CLEANUP(mem_free_pointer) struct regex *regex = mem_zero(1, sizeof(*regex));
    if (!regex)
        return ERR_MEMORY;
    TRY(compile_code(pattern, flags, &regex->code, ret_fault));
    /* Without JIT (not built in, no executable memory, a pattern it cannot do) the interpreter runs the
     * pattern. */
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    uint32_t captures = 0;
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &captures);
    regex->groups = captures < REGEX_GROUPS_MAX ? captures + 1 : REGEX_GROUPS_MAX;
    *ret_regex = TAKE(regex);
    return ERR_OK;
}

struct regex *regex_free(struct regex *regex)
{
    if (regex)
        pcre2_code_free(regex->code);
    mem_free(regex);
    return NULL;
}

enum regex_engine regex_engine(void)
{
    uint32_t built = 0;
    (void)pcre2_config(PCRE2_CONFIG_JIT, &built);
    if (!built)
        return REGEX_JIT_ABSENT;
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *probe = pcre2_compile((PCRE2_SPTR) "a", 1, 0, &code, &offset, NULL);
    bool works = probe && pcre2_jit_compile(probe, PCRE2_JIT_COMPLETE) == 0;
    pcre2_code_free(probe);
    return works ? REGEX_JIT : REGEX_JIT_DENIED;
}

/* ---- matching ---- */

/* What a thread needs to match. */
struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static _Thread_local struct matcher *own_matcher;
static pthread_key_t matcher_key;
static bool matcher_key_made;

static void matcher_free(void *pointer)
{
    struct matcher *matcher = pointer;
    if (!matcher)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    mem_free(matcher);
    own_matcher = NULL;
}

static void make_matcher_key(void)
{
    matcher_key_made = pthread_key_create(&matcher_key, matcher_free) == 0;
}

static void matcher_free_pointer(struct matcher **pointer)
{
    matcher_free(*pointer);
}

NODISCARD static enum err matcher_new(struct matcher **ret_matcher)
{
    CLEANUP(matcher_free_pointer) struct matcher *matcher = mem_zero(1, sizeof(*matcher));
    CLEANUP(general_context_done)
    pcre2_general_context *general = pcre2_general_context_create(take_memory, give_memory, NULL);
    if (!matcher || !general)
        return ERR_MEMORY;
    matcher->data = pcre2_match_data_create(REGEX_GROUPS_MAX, general);
    matcher->context = pcre2_match_context_create(general);
    matcher->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, general);
    uint32_t jit = 0;
    (void)pcre2_config(PCRE2_CONFIG_JIT, &jit);
    if (!matcher->data || !matcher->context || (jit && !matcher->stack))
        return ERR_MEMORY;
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    *ret_matcher = TAKE(matcher);
    return ERR_OK;
}

NODISCARD static enum err get_matcher(struct matcher **ret_matcher)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!own_matcher) {
        struct matcher *matcher = NULL;
        if (pthread_once(&once, make_matcher_key) != 0 || !matcher_key_made)
            return ERR_MEMORY;
        TRY(matcher_new(&matcher));
        if (pthread_setspecific(matcher_key, matcher) != 0) {
            matcher_free(matcher);
            return ERR_MEMORY;
        }
        own_matcher = matcher;
    }
    *ret_matcher = own_matcher;
    return ERR_OK;
}

static enum err match_error(int code)
{
    switch (code) {
    case PCRE2_ERROR_NOMATCH: return ERR_NOT_FOUND;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT: return ERR_LIMIT;
    case PCRE2_ERROR_NOMEMORY: return ERR_MEMORY;
    default: break;
    }
    if (code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21)
        return ERR_INVALID;
    return ERR_INTERNAL;
}

static void fill_match(const struct regex *regex, struct slice subject, pcre2_match_data *data,
                       struct regex_match *match)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    *match = (struct regex_match){.count = regex->groups};
    for (size_t i = 0; i < regex->groups; i++) {
        size_t start = offsets[2 * i];
        size_t end = offsets[2 * i + 1];
        if (start == PCRE2_UNSET)
            continue;
        /* \K in a lookahead can put the start behind the end. */
        match->groups[i] = slice_of(subject.p + start, end > start ? end - start : 0);
    }
}

enum err regex_match(const struct regex *regex, struct slice subject, struct regex_match *ret_match)
{
    struct matcher *matcher = NULL;
    TRY(get_matcher(&matcher));
    if (slice_is_null(subject))
        subject = SLICE("");
    int code =
        pcre2_match(regex->code, (PCRE2_SPTR)subject.p, subject.n, 0, 0, matcher->data, matcher->context);
    if (code < 0)
        return match_error(code);
    if (ret_match)
        fill_match(regex, subject, matcher->data, ret_match);
    return ERR_OK;
}
