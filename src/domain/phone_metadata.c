/* Numbering plans: the generated table, and its patterns at work. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_metadata.h"

#include "inlet/base/compiler.h"

#include <assert.h>

/*
 * DESIGN: phone_metadata.inc is libphonenumber's metadata as tools/phone-metadata writes it, in four tables that point into
 * each other by number. Patterns that several regions share are there once. All are compiled at start: 1,300 of
 * them take some ten milliseconds with the JIT, and nothing can fail later for want of memory to compile in.
 *
 * The metadata as packed by libphonenumber-js leave out the lengths of numbers that can only be dialled locally. libphonenumber
 * asks for them when it weighs a national prefix, and there a length that is only local counts as one that is too short.
 *
 * THREADS: the patterns are set once by phone_module_init and only read afterwards.
 */
enum { FULL = REGEX_BYTES | REGEX_FULL, START = REGEX_BYTES | REGEX_ANCHORED };

static const struct {
    const char *text;
    unsigned flags;
} patterns[] = {
#define PHONE_PATTERN(number, mode, text) [number] = {text, mode},
#include "phone_metadata.inc"
#undef PHONE_PATTERN
};

static const struct phone_kind kinds[] = {
#define PHONE_KIND(type, numbers, lengths) {type, numbers, lengths},
#include "phone_metadata.inc"
#undef PHONE_KIND
};

static const struct phone_region regions[] = {
#define PHONE_REGION(name, code, international, numbers, lengths, national, group, head, leading, first,     \
                     count)                                                                                  \
    {name, code, international, numbers, lengths, national, group, head, leading, first, count},
#include "phone_metadata.inc"
#undef PHONE_REGION
};

static const struct {
    uint16_t first, count;
} codes[PHONE_CALLING_CODE_MAX + 1] = {
#define PHONE_CODE(code, first, count) [code] = {first, count},
#include "phone_metadata.inc"
#undef PHONE_CODE
};

static struct regex *regexes[ARRAY_LENGTH(patterns)];

enum err phone_module_init(void)
{
    for (size_t i = PHONE_NO_PATTERN + 1; i < ARRAY_LENGTH(patterns); i++) {
        enum err error = regex_compile(slice_from(patterns[i].text), patterns[i].flags, &regexes[i], NULL);
        if (error != ERR_OK) {
            phone_module_done();
            return error == ERR_MEMORY ? error : ERR_INTERNAL;
        }
    }
    return ERR_OK;
}

void phone_module_done(void)
{
    for (size_t i = 0; i < ARRAY_LENGTH(regexes); i++)
        regexes[i] = regex_free(regexes[i]);
}

const char *phone_metadata_version(void)
{
#define PHONE_VERSION(text) return text;
#include "phone_metadata.inc"
#undef PHONE_VERSION
}

const struct phone_region *phone_region_find(struct slice name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(regions); i++) {
        if (slice_equal(slice_from(regions[i].name), name))
            return slice_equal(name, SLICE("001")) ? NULL : &regions[i];
    }
    return NULL;
}

const struct phone_region *phone_regions_of_code(unsigned calling_code, size_t *ret_count)
{
    if (calling_code > PHONE_CALLING_CODE_MAX || codes[calling_code].count == 0)
        return NULL;
    *ret_count = codes[calling_code].count;
    return &regions[codes[calling_code].first];
}

const struct phone_kind *phone_region_kinds(const struct phone_region *region)
{
    return &kinds[region->first_kind];
}

bool phone_match(phone_pattern pattern, struct slice digits, struct regex_match *ret_match)
{
    if (pattern == PHONE_NO_PATTERN)
        return false;
    assert(regexes[pattern]); /* phone_module_init */
    return regex_match(regexes[pattern], digits, ret_match) == ERR_OK;
}
