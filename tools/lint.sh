#!/usr/bin/env bash
# All checks that look at the sources without running them; ends with "lint: N passed, N failed".
#
# Usage: tools/lint.sh             everything
#        tools/lint.sh --quick     without clang-tidy
#        tools/lint.sh CHECK...    some of: format text floors paths shell cppcheck tidy
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/debug

# Files of the tree that are, or would be, under version control.
tree_files() {
    git ls-files --cached --others --exclude-standard -z -- "$@" | while IFS= read -r -d '' file; do
        [ ! -f "$file" ] || printf '%s\0' "$file"
    done
}

check_format() {
    tree_files 'src/*.[ch]' 'include/*.[ch]' 'tests/*.[ch]' | xargs -0 -r clang-format --dry-run -Werror 2>&1 |
        sed -nE 's/^([^:]+):([0-9]+):.* error: .*$/\1:\2: not as clang-format has it/p' | sort -u -t: -k1,1
}

check_text() {
    python3 tools/lint_text.py
}

check_floors() {
    python3 tools/include_floors.py
}

# Nothing in the tree may know where it stands on somebody's machine.
check_paths() {
    local found
    found=$(tree_files | xargs -0 -r grep -nIE '/[w]ork/|/tmp/[b]ash|/home/[a-z]' -- || true)
    [ -z "$found" ] || echo "$found"
    [ -z "$found" ]
}

check_shell() {
    local scripts=(.ci/run)
    while IFS= read -r -d '' file; do
        scripts+=("$file")
    done < <(tree_files '*.sh')
    shellcheck -x "${scripts[@]}"
}

compile_commands() {
    [ -f "$build/compile_commands.json" ] || cmake --preset debug >/dev/null
}

# cppcheck 2.10 reads hexadecimal reals as 0, hence the line on value.c.
check_cppcheck() {
    cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr -j "$(nproc)" \
        --suppress=missingIncludeSystem --suppress=incorrectLogicOperator:src/codec/value.c -D_GNU_SOURCE '-DINLET_VERSION="0"' \
        -D__linux__ -I include src
}

# One file at a time: clang-tidy 14 carries the state of a va_list over from one file to the next.
check_tidy() {
    compile_commands
    tree_files 'src/*.c' | xargs -0 -r -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet 2>&1 |
        { grep -vE '^[0-9]+ warnings? (generated|treated as errors?)|^Suppressed|^Use -header-filter' || true; }
}

case ${1:-} in
"") set -- format text floors paths shell cppcheck tidy ;;
--quick) set -- format text floors paths shell cppcheck ;;
esac
passed=0
failed=0
for check in "$@"; do
    declare -F "check_$check" >/dev/null || {
        echo "lint.sh: no such check: $check" >&2
        exit 2
    }
    started=$SECONDS
    if "check_$check"; then
        passed=$((passed + 1))
        echo "ok   $check ($((SECONDS - started)) s)"
    else
        failed=$((failed + 1))
        echo "FAIL $check"
    fi
done
echo "lint: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
