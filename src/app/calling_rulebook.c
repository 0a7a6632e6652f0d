/* Reads the files behind the calling rules, once, at the start. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/app/calling_rules.h"

#include "inlet/base/compiler.h"
#include "inlet/base/mem.h"
#include "inlet/codec/jin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* data/calling-rules.json */
extern const unsigned char calling_rules_document[];
extern const size_t calling_rules_document_size;

#define FILE_MAX  ((size_t)16 << 20)
#define ARENA_MAX ((size_t)64 << 20)
#define READ_SIZE 65536

struct calling_rulebook {
    struct arena arena;
    struct places *places;
    const struct calling_rules *rules;
};

static enum err read_open_file(int fd, struct buffer *text)
{
    while (true) {
        TRY(buffer_reserve(text, READ_SIZE));
        ssize_t n = read(fd, text->data + text->length, READ_SIZE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return ERR_OK;
        text->length += (size_t)n;
    }
}

/* After ERR_IO errno says more: "Is a directory". */
static enum err read_file(const char *path, struct buffer *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    enum err error = read_open_file(fd, text);
    int read_errno = errno;
    close(fd);
    errno = read_errno;
    return error;
}

/* As read_file; what goes wrong is the operator's to mend and told so. */
static enum err read_needed_file(const char *path, struct buffer *text, struct buffer *faults)
{
    enum err error = read_file(path, text);
    if (error == ERR_OK || error == ERR_MEMORY)
        return error;
    buffer_print(faults, "%s: cannot be read: %s\n", path,
                 error == ERR_IO ? strerror(errno) : err_text(error));
    return ERR_CONFIG;
}

static enum err load_places(struct calling_rulebook *rulebook, const struct calling_sources *sources,
                            struct slice names, struct buffer *faults)
{
    const char *path = sources->zone_tab ? sources->zone_tab : PLACE_ZONE_TAB;
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    char fault[PLACES_FAULT_MAX];
    enum err error = read_needed_file(path, &text, faults);
    if (error != ERR_OK) {
        buffer_print(faults, "time zones of countries come from tzdata: install the package tzdata\n");
        return error;
    }
    error = places_new(buffer_slice(&text), names, &rulebook->places, fault);
    if (error == ERR_CONFIG)
        buffer_print(faults, "%s: %s\n", path, fault);
    return error;
}

/* "# version 2025b" is the first line of tzdata.zi. */
static struct slice tzdata_version(struct slice names)
{
    struct slice line = slice_cut(names, '\n', &names), prefix = SLICE("# version ");
    return slice_starts(line, prefix) ? slice_trim(slice_skip(line, prefix.n)) : SLICE_NULL;
}

static enum err parse(struct arena *arena, struct slice text, const char *path, struct value *ret_document,
                      struct buffer *faults)
{
    /* A second "rules" would put the first one out of force without a word. */
    static const struct jin_options strict = {.unique_keys = true};
    struct jin_fault fault;
    enum err error = jin_decode(arena, text, &strict, ret_document, &fault);
    if (error != ERR_INVALID && error != ERR_LIMIT)
        return error;
    buffer_print(faults, "%s: line %zu, column %zu: %s\n", path, fault.line, fault.column, fault.what);
    return ERR_CONFIG;
}

static void tell(const struct faults *found, const char *own_path, struct buffer *faults)
{
    struct slice own = SLICE("own: ");
    for (size_t i = 0; i < found->count; i++) {
        struct slice field = found->items[i].field;
        bool is_own = slice_starts(field, own);
        struct slice key = is_own ? slice_skip(field, own.n) : field;
        buffer_print(faults, "%s: %.*s%s%.*s\n", is_own ? own_path : "calling-rules.json", SLICE_ARG(key),
                     key.n > 0 ? ": " : "", SLICE_ARG(found->items[i].input));
    }
}

static enum err load_rules(struct calling_rulebook *rulebook, const struct calling_sources *sources,
                           struct slice names, struct buffer *faults)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    struct slice built_in_text = slice_of((const char *)calling_rules_document, calling_rules_document_size),
                 own_text;
    struct value built_in, own;
    struct faults found;
    struct slice version;
    faults_init(&found, &rulebook->arena);
    TRY(arena_copy(&rulebook->arena, tzdata_version(names), &version));
    TRY(parse(&rulebook->arena, built_in_text, "calling-rules.json", &built_in, faults));
    if (sources->own_rules) {
        TRY(read_needed_file(sources->own_rules, &text, faults));
        TRY(arena_copy(&rulebook->arena, buffer_slice(&text), &own_text));
        TRY(parse(&rulebook->arena, own_text, sources->own_rules, &own, faults));
    }
    enum err error =
        calling_rules_decode(&rulebook->arena, rulebook->places, &built_in, sources->own_rules ? &own : NULL,
                             version, &rulebook->rules, &found);
    if (error != ERR_INVALID)
        return error;
    tell(&found, sources->own_rules, faults);
    return ERR_CONFIG;
}

enum err calling_rulebook_open(const struct calling_sources *sources, struct buffer *faults,
                               struct calling_rulebook **ret_rulebook)
{
    CLEANUP(calling_rulebook_free_pointer) struct calling_rulebook *rulebook = mem_zero(1, sizeof(*rulebook));
    struct buffer names CLEANUP(buffer_done) = BUFFER_INIT(FILE_MAX);
    if (!rulebook)
        return ERR_MEMORY;
    arena_init(&rulebook->arena, ARENA_MAX);
    enum err error = read_file(sources->tzdata_zi ? sources->tzdata_zi : PLACE_TZDATA_ZI, &names);
    if (error == ERR_MEMORY)
        return error;
    if (error != ERR_OK)
        buffer_clear(&names); /* some systems have none: zones then go by the names of zone.tab */
    TRY(load_places(rulebook, sources, buffer_slice(&names), faults));
    TRY(load_rules(rulebook, sources, buffer_slice(&names), faults));
    *ret_rulebook = TAKE(rulebook);
    return ERR_OK;
}

struct calling_rulebook *calling_rulebook_free(struct calling_rulebook *rulebook)
{
    if (rulebook) {
        places_free(rulebook->places);
        arena_done(&rulebook->arena);
        mem_free(rulebook);
    }
    return NULL;
}

void calling_rulebook_free_pointer(struct calling_rulebook **rulebook)
{
    *rulebook = calling_rulebook_free(*rulebook);
}

const struct calling_rules *calling_rulebook_rules(const struct calling_rulebook *rulebook)
{
    return rulebook->rules;
}
