/* call-window --batch: questions in, answers out, a line each, in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "call_window.h"

#include "inlet/codec/jin.h"
#include "line_reader.h"

#include <stdio.h>
#include <unistd.h>

/* An answer has a rule for each zone at most, which is far from this; what has been answered is written out before. */
#define ANSWERS_MAX ((size_t)32 << 20)
#define ANSWERS_AT  ((size_t)256 << 10)
#define ARENA_MAX   ((size_t)32 << 20)

struct batch {
    const struct window_desk *desk;
    const struct window_question *base;
    struct line_reader reader;
    struct arena arena; /* of a line */
    struct buffer answers;
    size_t lines, bad_lines, unknown_zones;
};

static const struct window_part *find_part(struct slice name)
{
    for (size_t i = 0; i < window_part_count; i++) {
        if (slice_equal(slice_from(window_parts[i].name), name))
            return &window_parts[i];
    }
    return NULL;
}

/* A list of texts, as the option would have them. */
static bool join(const struct value *list, struct buffer *text)
{
    for (size_t i = 0; i < list->array.count; i++) {
        if (list->array.items[i].kind != VALUE_STRING)
            return false;
        buffer_print(text, "%s%.*s", i > 0 ? "," : "", SLICE_ARG(list->array.items[i].text));
    }
    return buffer_error(text) == ERR_OK;
}

static bool read_value(const struct batch *batch, const struct window_part *part, const struct value *value,
                       struct window_question *question)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(LINE_MAX_BYTES);
    if (value->kind == VALUE_STRING)
        return part->read(batch->desk, value->text, question);
    if (value->kind == VALUE_NULL && strcmp(part->name, "phone") == 0)
        return part->read(batch->desk, SLICE(""), question);
    if (value->kind == VALUE_ARRAY && strcmp(part->name, "consent") == 0)
        return join(value, &text) && part->read(batch->desk, buffer_slice(&text), question);
    return value->kind == VALUE_NULL;
}

/* Reads one member. On failure *WHY says what is wrong. */
static bool read_member(const struct batch *batch, const struct value_member *member,
                        struct window_question *question, struct buffer *why)
{
    const struct window_part *part = find_part(member->key);
    if (!part)
        buffer_print(why, "there is no \"%.*s\"", SLICE_ARG(member->key));
    else if (!read_value(batch, part, &member->value, question))
        buffer_print(why, "%s: %s", part->name, part->expected);
    return why->length == 0;
}

static bool read_question(struct batch *batch, struct slice line, struct window_question *question,
                          struct buffer *why)
{
    struct value document;
    struct jin_fault fault;
    enum err error = jin_decode(&batch->arena, line, NULL, &document, &fault);
    if (error == ERR_MEMORY)
        buffer_append_text(why, err_text(error));
    else if (error != ERR_OK)
        buffer_print(why, "%s: column %zu", fault.what, fault.column);
    else if (document.kind != VALUE_OBJECT)
        buffer_append_text(why, "an object expected");
    if (why->length > 0)
        return false;
    *question = *batch->base;
    VALUE_FOREACH (member, &document) {
        if (!read_member(batch, member, question, why))
            return false;
    }
    return true;
}

/* Said once: of a million lines most may have the same mistake. */
static void note_zone(struct batch *batch, const struct window_question *question)
{
    if (window_zone_known(batch->desk, question))
        return;
    if (batch->unknown_zones++ == 0)
        complain("line %zu: timezone: not in the system's time zone data: ignored", batch->lines);
}

static void refuse(struct batch *batch, struct slice why)
{
    struct jout jout;
    batch->bad_lines++;
    jout_init(&jout, &batch->answers);
    jout_object_begin(&jout);
    jout_member_string(&jout, "error", why);
    jout_member_integer(&jout, "line", (int64_t)batch->lines);
    jout_object_end(&jout);
}

static void answer_line(struct batch *batch, struct slice line)
{
    struct buffer why CLEANUP(buffer_done) = BUFFER_INIT(2 * LINE_MAX_BYTES);
    struct window_question question;
    if (!read_question(batch, line, &question, &why)) {
        refuse(batch, buffer_slice(&why));
        return;
    }
    note_zone(batch, &question);
    size_t before = batch->answers.length;
    enum err error = window_answer(batch->desk, &question, &batch->arena, &batch->answers);
    if (error != ERR_OK) {
        batch->answers.length = before;
        batch->answers.error = ERR_OK;
        refuse(batch, slice_from(err_text(error)));
    }
}

static bool write_answers(struct batch *batch)
{
    struct slice answers = buffer_slice(&batch->answers);
    bool good = buffer_error(&batch->answers) == ERR_OK &&
                fwrite(answers.p, 1, answers.n, stdout) == answers.n && fflush(stdout) == 0;
    buffer_clear(&batch->answers);
    if (!good)
        complain("the answers cannot be written");
    return good;
}

/* Until the input ends; what is answered is written before more input is waited for. */
static bool answer_all(struct batch *batch)
{
    for (;;) {
        struct slice line;
        if (batch->answers.length > ANSWERS_AT || !line_reader_ready(&batch->reader)) {
            if (!write_answers(batch))
                return false;
        }
        enum err error = line_reader_next(&batch->reader, &line);
        if (error == ERR_NOT_FOUND)
            return write_answers(batch);
        if (error == ERR_IO) {
            complain("standard input cannot be read");
            (void)write_answers(batch);
            return false;
        }
        batch->lines++;
        if (error == ERR_LIMIT)
            refuse(batch, SLICE("the line is too long"));
        else
            answer_line(batch, line);
        buffer_append_byte(&batch->answers, '\n');
        arena_reset(&batch->arena);
    }
}

int window_batch(const struct window_desk *desk, const struct window_question *base)
{
    struct batch batch = {.desk = desk, .base = base};
    line_reader_init(&batch.reader, STDIN_FILENO);
    arena_init(&batch.arena, ARENA_MAX);
    buffer_init(&batch.answers, ANSWERS_MAX);
    bool good = answer_all(&batch);
    if (batch.unknown_zones > 1)
        complain("%zu lines name time zones that are not in the system's data: ignored", batch.unknown_zones);
    if (batch.bad_lines > 0)
        complain("%zu of %zu lines could not be answered", batch.bad_lines, batch.lines);
    arena_done(&batch.arena);
    buffer_done(&batch.answers);
    return good && batch.bad_lines == 0 ? EXIT_DONE : EXIT_FAILED;
}
