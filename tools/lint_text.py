#!/usr/bin/env python3
"""Checks what can be seen in the text of C sources: banned functions, libraries outside their module, first lines."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import sys

# Functions with a better way, and where that way is.
BANNED = {
    "strcpy": "buffer_append", "strcat": "buffer_append", "strncpy": "slices", "strncat": "slices",
    "sprintf": "buffer_print or snprintf", "vsprintf": "vsnprintf", "gets": "slices",
    "strtok": "slice_cut", "strtok_r": "slice_cut", "strdup": "arena_copy", "strndup": "arena_copy",
    "atoi": "number_parse_int64", "atol": "number_parse_int64", "atoll": "number_parse_int64", "atof": "number.h",
    "strtol": "number_parse_int64", "strtoll": "number_parse_int64", "strtoul": "number_parse_unsigned",
    "strtoull": "number_parse_unsigned", "sscanf": "slice_cut and number.h",
    "gmtime": "datetime.h", "localtime": "timezone.h", "setlocale": "nothing: the locale stays C", "alloca": "an arena",
}
HEAP = {"malloc", "calloc", "realloc", "free", "reallocarray", "posix_memalign", "aligned_alloc"}

# A library's header, and the only place in src/ and include/ that may include it.
LIBRARIES = [
    (r"jansson\.h", "src/codec/"),
    (r"pcre2\.h", "src/codec/"),
    (r"libxml/.*", "src/codec/"),
    (r"sqlite3\.h", "src/store/sqlite/"),
    (r"libpq-fe\.h", "src/store/pg/"),
    (r"microhttpd\.h", "src/http/mhd.c"),
    (r"idn2\.h", "src/domain/email.c"),
    (r"glib.*\.h|gio/.*|gmodule\.h", "src/base/"),
    (r"nettle/.*", "src/base/"),
]
# What a library allocated with malloc has to go the same way: free(line); /* getline's own */
FOREIGN = re.compile(r"/\* \w+'s own\b")
COMMENTS_AND_LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
WORD = re.compile(r"\b(" + "|".join(sorted(BANNED | {word: "" for word in HEAP})) + r")\b(?=\s*[(),;])")
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.M)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def faults(name, text):
    code = COMMENTS_AND_LITERALS.sub(blank, text)
    own = name.startswith(("src/", "include/"))
    for match in WORD.finditer(code):
        word = match.group(1)
        # A member or a parameter of that name is not the function.
        if re.search(r"(->|\.)\s*$", code[:match.start()][-4:]):
            continue
        if word in BANNED:
            yield line_of(code, match.start()), f"{word} is banned: use {BANNED[word]}"
        elif word == "free" and FOREIGN.search(text.split("\n")[line_of(code, match.start()) - 1]):
            continue
        elif own and name != "src/base/mem.c":
            yield line_of(code, match.start()), f"{word} is for base/mem.c: use mem_* or an arena"
    if own:
        for match in INCLUDE.finditer(code):
            for pattern, place in LIBRARIES:
                if re.fullmatch(pattern, match.group(1)) and not name.startswith(place):
                    yield line_of(code, match.start()), f"<{match.group(1)}> is for {place} alone"
    lines = text.split("\n")
    if not re.fullmatch(r"/\* \S.*[.?!] \*/", lines[0]):
        yield 1, "the first line is not one sentence of purpose as a /* */ comment"
    if len(lines) < 2 or lines[1] != "/* SPDX-License-Identifier: Apache-2.0 */":
        yield 2, "the second line is not the licence's identifier"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    files = [path for top in ("src", "include", "tests") for path in sorted((root / top).rglob("*.[ch]"))
             if "node_modules" not in path.parts]
    count = 0
    for path in files:
        name = str(path.relative_to(root))
        for line, fault in faults(name, path.read_text()):
            print(f"{name}:{line}: {fault}")
            count += 1
    if count == 0:
        print(f"{len(files)} files, nothing banned")
    return count != 0


sys.exit(main())
