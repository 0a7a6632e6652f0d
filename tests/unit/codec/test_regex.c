/* Regular expressions: matching, groups, faults, limits, threads, memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/regex.h"

#include "codec_test.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct regex *compile(const char *pattern, unsigned flags)
{
    struct regex *regex = NULL;
    struct regex_fault fault;
    enum err error = regex_compile(slice_from(pattern), flags, &regex, &fault);
    ck_assert_msg(error == ERR_OK, "%s: %s", pattern, error == ERR_OK ? "" : fault.what);
    return regex;
}

START_TEST(patterns_match)
{
    static const struct {
        const char *pattern;
        unsigned flags;
        const char *subject, *match; /* NULL: none */
    } rows[] = {
        {"b+", 0, "abbc", "bb"},
        {"b+", 0, "ac", NULL},
        {"", 0, "", ""},
        {"b", REGEX_ANCHORED, "ab", NULL},
        {"a", REGEX_ANCHORED, "ab", "a"},
        {"a|ab", REGEX_FULL, "ab", "ab"},
        {"a", REGEX_FULL, "ab", NULL},
        {"b", REGEX_FULL, "ab", NULL},
        {"a", REGEX_FULL, "a\n", NULL},
        {"a$", 0, "a\n", "a"},
        {"ABC", REGEX_CASELESS, "xabc", "abc"},
        {"\xC3\x89T\xC3\x89", REGEX_CASELESS, "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
        {"\xCE\xA3", REGEX_CASELESS, "\xCF\x82", "\xCF\x82"},
        {"^.$", 0, "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
        {"\\d", 0, "\xD9\xA3", NULL},
        {"[^a]", 0, "a\xC3\xA9", "\xC3\xA9"},
        {"\\p{Lu}", 0, "a\xC3\x89", "\xC3\x89"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct regex *regex = compile(rows[i].pattern, rows[i].flags);
        struct regex_match match;
        enum err error = regex_match(regex, slice_from(rows[i].subject), &match);
        ck_assert_msg(error == (rows[i].match ? ERR_OK : ERR_NOT_FOUND), "%s", rows[i].pattern);
        if (error == ERR_OK)
            ck_assert_slice_eq(match.groups[0], slice_from(rows[i].match));
        ck_assert_int_eq(regex_match(regex, slice_from(rows[i].subject), NULL), error);
        ck_assert_ptr_null(regex_free(regex));
    }
}
END_TEST

START_TEST(groups_are_slices_of_the_subject)
{
    struct regex *regex = compile("(\\d+)-(x)?(\\d*)(y)?", 0);
    struct slice subject = SLICE("ab 12-34");
    struct regex_match match;
    ck_assert_int_eq(regex_match(regex, subject, &match), ERR_OK);
    ck_assert_uint_eq(match.count, 5);
    ck_assert_ptr_eq(match.groups[0].p, subject.p + 3);
    ck_assert_slice_eq(match.groups[0], SLICE("12-34"));
    ck_assert_slice_eq(match.groups[1], SLICE("12"));
    ck_assert(slice_is_null(match.groups[2]));
    ck_assert_slice_eq(match.groups[3], SLICE("34"));
    ck_assert(slice_is_null(match.groups[4]));
    ck_assert_int_eq(regex_match(regex, SLICE("1-"), &match), ERR_OK);
    ck_assert(!slice_is_null(match.groups[3]));
    ck_assert_uint_eq(match.groups[3].n, 0);
    regex_free(regex);

    regex = compile("(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)(b)(c)(d)(e)(f)(g)(h)", 0);
    ck_assert_int_eq(regex_match(regex, SLICE("123456789abcdefgh"), &match), ERR_OK);
    ck_assert_uint_eq(match.count, REGEX_GROUPS_MAX);
    ck_assert_slice_eq(match.groups[15], SLICE("f"));
    regex_free(regex);
    ck_assert_ptr_null(regex_free(NULL));
}
END_TEST

START_TEST(faults_have_words_and_column)
{
    static const struct {
        const char *pattern;
        size_t column;
        const char *what;
    } rows[] = {
        {"a(b", 4, "missing closing parenthesis"},
        {"a)", 2, "unmatched closing parenthesis"},
        {"*", 1, "quantifier does not follow a repeatable item"},
        {"a\xFF", 2, "UTF-8 error: illegal byte (0xfe or 0xff)"},
        {"\\C", 3, "using \\C is disabled by the application"},
        {"[z-a]", 4, "range out of order in character class"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct regex *regex = NULL;
        struct regex_fault fault;
        ck_assert_int_eq(regex_compile(slice_from(rows[i].pattern), 0, &regex, &fault), ERR_INVALID);
        ck_assert_str_eq(fault.what, rows[i].what);
        ck_assert_uint_eq(fault.column, rows[i].column);
        ck_assert_int_eq(regex_compile(slice_from(rows[i].pattern), 0, &regex, NULL), ERR_INVALID);
        ck_assert_ptr_null(regex);
    }
    static char large[40000];
    memset(large, 'a', sizeof(large));
    struct regex *regex = NULL;
    ck_assert_int_eq(regex_compile(slice_of(large, sizeof(large)), 0, &regex, NULL), ERR_INVALID);
}
END_TEST

START_TEST(runaway_patterns_are_stopped)
{
    static char subject[60000];
    memset(subject, 'a', sizeof(subject));
    subject[sizeof(subject) - 1] = '!';
    /* By JIT, where there is one, and interpreted. */
    static const char *const patterns[] = {"(a+)+$", "(*NO_JIT)(a+)+$", "(a|aa)+$", "(*NO_JIT)(a|aa)+$"};
    for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
        struct regex *regex = compile(patterns[i], 0);
        enum err error = regex_match(regex, slice_of(subject + sizeof(subject) - 60, 60), NULL);
        ck_assert_msg(error == ERR_LIMIT, "%s: %s", patterns[i], err_symbol(error));
        error = regex_match(regex, slice_of(subject, sizeof(subject)), NULL);
        ck_assert_msg(error == ERR_LIMIT, "%s: %s", patterns[i], err_symbol(error));
        /* The matcher is good for the next one. */
        ck_assert_int_eq(regex_match(regex, SLICE("aaa"), NULL), ERR_OK);
        regex_free(regex);
    }
}
END_TEST

START_TEST(subject_must_be_utf8)
{
    static const char *const rows[] = {"\xFF",    "a\x80", "\xED\xA0\x80", "\xC3", "\xF4\x90\x80\x80",
                                       "\xC0\x80"};
    struct regex *regex = compile(".", 0);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_int_eq(regex_match(regex, slice_from(rows[i]), NULL), ERR_INVALID);
    ck_assert_int_eq(regex_match(regex, SLICE_NULL, NULL), ERR_NOT_FOUND);
    ck_assert_int_eq(regex_match(regex, SLICE("\0"), NULL), ERR_OK);
    regex_free(regex);
}
END_TEST

START_TEST(bytes_need_no_encoding)
{
    struct regex *regex = compile("\\d{3}", REGEX_BYTES | REGEX_FULL);
    ck_assert_int_eq(regex_match(regex, SLICE("202"), NULL), ERR_OK);
    ck_assert_int_eq(regex_match(regex, SLICE("2025"), NULL), ERR_NOT_FOUND);
    ck_assert_int_eq(regex_match(regex, SLICE("20\xFF"), NULL), ERR_NOT_FOUND);
    regex_free(regex);
    regex = compile("20.", REGEX_BYTES | REGEX_ANCHORED);
    ck_assert_int_eq(regex_match(regex, SLICE("20\xC3\xA9"), NULL), ERR_OK);
    ck_assert_int_eq(regex_match(regex, SLICE("120"), NULL), ERR_NOT_FOUND);
    regex_free(regex);
}
END_TEST

/* Lets this process have no memory that it can both write and run, as systemd's MemoryDenyWriteExecute= does. */
static bool deny_executable_memory(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mprotect, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = ARRAY_LENGTH(filter), .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* What is wrong without memory for machine code; NULL: nothing. */
static const char *fault_of_interpreter(void)
{
    static char subject[60000];
    struct regex *regex = NULL, *runaway = NULL;
    struct regex_match match;
    static struct regex *fill[1000];
    if (!deny_executable_memory())
        return "cannot set the filter";
    /* Earlier tests may have left some memory that patterns are put into first. */
    for (size_t i = 0; i < ARRAY_LENGTH(fill) && regex_engine() != REGEX_JIT_DENIED; i++) {
        if (regex_compile(SLICE("(\\d{3})-(\\d{4})"), 0, &fill[i], NULL) != ERR_OK)
            return "not filled";
    }
    if (regex_engine() != REGEX_JIT_DENIED)
        return "not noticed";
    if (regex_compile(SLICE("(\\d{3})-(\\d{4})"), REGEX_BYTES, &regex, NULL) != ERR_OK ||
        regex_compile(SLICE("(a+)+$"), 0, &runaway, NULL) != ERR_OK)
        return "not compiled";
    if (regex_match(regex, SLICE("call 804-2220 now"), &match) != ERR_OK ||
        !slice_equal(match.groups[2], SLICE("2220")))
        return "not matched";
    memset(subject, 'a', sizeof(subject));
    subject[sizeof(subject) - 1] = '!';
    if (regex_match(runaway, slice_of(subject, sizeof(subject)), NULL) != ERR_LIMIT)
        return "not limited";
    regex_free(regex);
    regex_free(runaway);
    for (size_t i = 0; i < ARRAY_LENGTH(fill); i++)
        regex_free(fill[i]);
    return NULL;
}

START_TEST(without_executable_memory_patterns_are_interpreted)
{
    int status = 0;
    if (regex_engine() == REGEX_JIT_ABSENT)
        return; /* they always are */
    ck_assert_int_eq(regex_engine(), REGEX_JIT);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const char *fault = fault_of_interpreter();
        if (fault)
            fprintf(stderr, "%s\n", fault);
        _exit(fault != NULL);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static void *match_often(void *pointer)
{
    const struct regex *regex = pointer;
    size_t failed = 0;
    for (int i = 0; i < 2000; i++) {
        struct regex_match match;
        failed += regex_match(regex, SLICE("call 804-222-0001 now"), &match) != ERR_OK ||
                  !slice_equal(match.groups[2], SLICE("222"));
    }
    return failed ? NULL : pointer;
}

/* Under the leak sanitizer this also shows that a thread takes its matcher with it. */
START_TEST(threads_share_a_pattern)
{
    struct regex *regex = compile("(\\d{3})-(\\d{3})-(\\d{4})", 0);
    for (int round = 0; round < 5; round++) {
        pthread_t threads[4];
        for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, match_often, regex), 0);
        for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
            void *result = NULL;
            ck_assert_int_eq(pthread_join(threads[i], &result), 0);
            ck_assert_ptr_eq(result, regex);
        }
    }
    regex_free(regex);
}
END_TEST

/* In a thread of its own, which has no matcher yet. */
static void *fail_each_allocation(void *pointer)
{
    enum err error = ERR_MEMORY;
    for (long n = 1; error != ERR_OK && n < 1000; n++) {
        struct regex *regex = NULL;
        mem_fault_set(n);
        error = regex_compile(SLICE("(a|b)+c"), REGEX_CASELESS, &regex, NULL);
        if (error == ERR_OK)
            error = regex_match(regex, SLICE("xABc"), NULL);
        bool as_it_should = error == ERR_OK || (error == ERR_MEMORY && mem_fault_fired());
        mem_fault_set(-1);
        regex_free(regex);
        if (!as_it_should)
            return NULL;
    }
    return error == ERR_OK ? pointer : NULL;
}

START_TEST(every_allocation_may_fail)
{
    pthread_t thread;
    int token = 0;
    void *result = NULL;
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_each_allocation, &token), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_ptr_eq(result, &token);
}
END_TEST

UNIT_MAIN("regex", patterns_match, groups_are_slices_of_the_subject, faults_have_words_and_column,
          runaway_patterns_are_stopped, subject_must_be_utf8, bytes_need_no_encoding,
          without_executable_memory_patterns_are_interpreted, threads_share_a_pattern,
          every_allocation_may_fail)
