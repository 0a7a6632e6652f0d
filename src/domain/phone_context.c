/* Telephone numbers as URIs, RFC 3966: their context and their parameters. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_context.h"

#include "phone_symbol.h"

/* DESIGN: buildNationalNumberForParsing of libphonenumber. */

/* Where WHAT starts in S; s.n when it does not occur. */
static size_t find_text(struct slice s, struct slice what)
{
    const char *at = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

/* "+1-914": a plus, digits, separators. */
static bool is_number(struct slice context)
{
    size_t digits = 0;
    if (context.n == 0 || context.p[0] != '+')
        return false;
    for (size_t i = 1; i < context.n; i++) {
        bool digit = phone_symbol_digit(context.p[i]) >= 0;
        if (!digit && (context.p[i] == '\0' || !strchr("-.()", context.p[i])))
            return false;
        digits += digit;
    }
    return digits > 0;
}

static bool is_letter_or_digit(char c)
{
    return phone_symbol_is_letter(c) || phone_symbol_digit(c) >= 0;
}

/* Letters, digits, and hyphens between them. */
static bool is_label(struct slice label)
{
    if (label.n == 0 || !is_letter_or_digit(label.p[0]) || !is_letter_or_digit(label.p[label.n - 1]))
        return false;
    for (size_t i = 0; i < label.n; i++) {
        if (label.p[i] != '-' && !is_letter_or_digit(label.p[i]))
            return false;
    }
    return true;
}

/* "example.com": labels with dots between, perhaps one at the end; the last label starts with a letter. */
static bool is_domain(struct slice context)
{
    struct slice label = SLICE("");
    if (context.n > 0 && context.p[context.n - 1] == '.')
        context.n--;
    for (struct slice rest = context; !slice_is_null(rest);) {
        label = slice_cut(rest, '.', &rest);
        if (!is_label(label))
            return false;
    }
    return label.n > 0 && phone_symbol_is_letter(label.p[0]);
}

/* "tel:863-1234;phone-context=+1-914-555" is +1-914-555 and 863-1234; a context that is a domain says nothing. */
static bool number_in_context(struct slice s, size_t context_at, struct phone_text *storage,
                              struct slice *ret_number)
{
    const struct slice scheme = SLICE("tel:"), label = SLICE(";phone-context=");
    struct slice context = slice_skip(s, context_at + label.n);
    context = slice_head(context, slice_find(context, ';'));
    bool international = is_number(context);
    if (!international && !is_domain(context))
        return false;
    if (!international)
        context = SLICE("");
    struct slice number = slice_head(s, context_at);
    size_t scheme_at = find_text(s, scheme);
    if (scheme_at < s.n)
        number = slice_skip(number, scheme_at + scheme.n);
    if (context.n > 0)
        memcpy(storage->symbols, context.p, context.n);
    if (number.n > 0)
        memcpy(storage->symbols + context.n, number.p, number.n);
    storage->length = context.n + number.n;
    *ret_number = slice_of(storage->symbols, storage->length);
    return true;
}

bool phone_context_candidate(const struct phone_text *text, struct phone_text *storage,
                             struct slice *ret_candidate)
{
    struct slice s = slice_of(text->symbols, text->length), number;
    size_t context_at = find_text(s, SLICE(";phone-context="));
    if (context_at == s.n)
        number = phone_text_possible_number(s);
    else if (!number_in_context(s, context_at, storage, &number))
        return false;
    size_t subaddress = find_text(number, SLICE(";isub="));
    *ret_candidate = subaddress > 0 ? slice_head(number, subaddress) : number;
    return true;
}
