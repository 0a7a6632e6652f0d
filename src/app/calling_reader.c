/* Reads the values that rules and plans are made of, and tells what is wrong with them and where. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calling_reader.h"

#include "inlet/base/compiler.h"

enum err calling_complain(struct calling_reader *reader, struct slice where, struct slice sentence)
{
    return faults_add(reader->faults, (struct fault){.field = where, .kind = FAULT_OTHER, .input = sentence});
}

enum err calling_path(struct calling_reader *reader, struct slice where, struct slice key,
                      struct slice *ret_path)
{
    bool separate = where.n > 0 && where.p[where.n - 1] != ' ';
    return arena_print(reader->arena, ret_path, "%.*s%s%.*s", SLICE_ARG(where), separate ? "." : "",
                       SLICE_ARG(key));
}

enum err calling_path_item(struct calling_reader *reader, struct slice where, size_t index,
                           struct slice *ret_path)
{
    return arena_print(reader->arena, ret_path, "%.*s[%zu]", SLICE_ARG(where), index);
}

enum err calling_read_text(struct calling_reader *reader, struct slice where, const struct value *value,
                           struct slice *ret_text)
{
    if (value->kind != VALUE_STRING || value->text.n == 0)
        return calling_complain(reader, where, SLICE("This must be a text that is not empty."));
    *ret_text = value->text;
    return ERR_OK;
}

enum err calling_read_integer(struct calling_reader *reader, struct slice where, const struct value *value,
                              int64_t minimum, int64_t maximum, int64_t *ret_number)
{
    struct slice sentence;
    if (value->kind == VALUE_INTEGER && value->integer >= minimum && value->integer <= maximum) {
        *ret_number = value->integer;
        return ERR_OK;
    }
    TRY(arena_print(reader->arena, &sentence, "This must be a whole number from %lld to %lld.",
                    (long long)minimum, (long long)maximum));
    return calling_complain(reader, where, sentence);
}

enum err calling_read_boolean(struct calling_reader *reader, struct slice where, const struct value *value,
                              bool *ret_boolean)
{
    if (value->kind != VALUE_TRUE && value->kind != VALUE_FALSE)
        return calling_complain(reader, where, SLICE("This must be true or false."));
    *ret_boolean = value->kind == VALUE_TRUE;
    return ERR_OK;
}

enum err calling_read_word(struct calling_reader *reader, struct slice where, const struct value *value,
                           const struct vocabulary *words, int *ret_word)
{
    int word = value->kind == VALUE_STRING ? vocabulary_find(words, value->text) : 0;
    struct slice sentence = SLICE("This must be one of");
    if (word) {
        *ret_word = word;
        return ERR_OK;
    }
    for (size_t i = 1; i < words->count; i++)
        TRY(arena_print(reader->arena, &sentence, "%.*s%s \"%.*s\"", SLICE_ARG(sentence), i > 1 ? "," : "",
                        SLICE_ARG(words->texts[i])));
    TRY(arena_print(reader->arena, &sentence, "%.*s.", SLICE_ARG(sentence)));
    return calling_complain(reader, where, sentence);
}

static enum err read_window(struct calling_reader *reader, struct slice where, const struct value *value,
                            struct calling_day *day)
{
    struct calling_window window;
    if (value->kind != VALUE_STRING || calling_window_parse(value->text, &window) != ERR_OK)
        return calling_complain(reader, where,
                                SLICE("This must be a window like \"09:00-20:00\" that ends after it starts, "
                                      "at \"24:00\" at the latest."));
    if (calling_day_add(day, window) != ERR_OK)
        return calling_complain(reader, where, SLICE("Too many windows on one day."));
    return ERR_OK;
}

enum err calling_read_day(struct calling_reader *reader, struct slice where, const struct value *value,
                          struct calling_day *ret_day)
{
    struct calling_day day = {.count = 0};
    if (value->kind != VALUE_ARRAY)
        return calling_complain(reader, where, SLICE("This must be a list of windows."));
    for (size_t i = 0; i < value->array.count; i++) {
        struct slice path;
        TRY(calling_path_item(reader, where, i, &path));
        TRY(read_window(reader, path, &value->array.items[i], &day));
    }
    *ret_day = day;
    return ERR_OK;
}

enum err calling_read_hours(struct calling_reader *reader, struct slice where, const struct value *value,
                            bool daily, struct calling_hours *ret_hours)
{
    struct calling_hours hours = {.days = {{.count = 0}}};
    const struct value *every = daily ? value_get(value, SLICE("daily")) : NULL;
    struct slice path;
    if (value->kind != VALUE_OBJECT)
        return calling_complain(reader, where,
                                SLICE("This must be an object of weekdays and lists of windows."));
    if (every) {
        TRY(calling_path(reader, where, SLICE("daily"), &path));
        TRY(calling_read_day(reader, path, every, &hours.days[0]));
        for (size_t i = 1; i < ARRAY_LENGTH(hours.days); i++)
            hours.days[i] = hours.days[0];
    }
    VALUE_FOREACH (member, value) {
        int weekday = vocabulary_find(&calling_weekdays, member->key);
        TRY(calling_path(reader, where, member->key, &path));
        if (weekday)
            TRY(calling_read_day(reader, path, &member->value, &hours.days[weekday - 1]));
        else if (&member->value != every)
            TRY(calling_complain(reader, path, SLICE("This is no weekday: \"mon\" to \"sun\" are.")));
    }
    *ret_hours = hours;
    return ERR_OK;
}
