#!/usr/bin/env bash
# Builds Inlet in every way that is tested and runs all checks; ends with "N passed, N failed".
#
# Usage: scripts/test.sh               everything
#        scripts/test.sh --quick       debug, lint without clang-tidy, openapi, phone
#        scripts/test.sh PART...       some of: release debug lint openapi phone asan tsan coverage
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh

passed=0
failed=0
summary=()
logs=build/test-logs

# count TITLE PASSED FAILED: adds a part's result to the sum.
count() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    summary+=("$(printf '%-28s %5d passed, %d failed' "$1" "$2" "$3")")
}

# count_output TITLE EXIT_STATUS LOG: takes the sums of all "N passed, N failed" lines of LOG; a failure that no line
# tells of counts too.
count_output() {
    local good bad
    good=$(sed -nE 's/^(.*[^0-9])?([0-9]+) passed, ([0-9]+) failed.*$/\2/p' "$3" | awk '{s += $1} END {print s + 0}')
    bad=$(sed -nE 's/^(.*[^0-9])?([0-9]+) passed, ([0-9]+) failed.*$/\3/p' "$3" | awk '{s += $1} END {print s + 0}')
    if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    count "$1" "$good" "$bad"
}

# run LOG COMMAND...: runs it, shows and keeps its output, returns its status.
run() {
    local log=$logs/$1.log
    shift
    "$@" 2>&1 | tee "$log"
}

# build PRESET [TARGET...]: all targets unless named. Warnings are errors in all presets. Returns false when it failed.
build() {
    local targets=("${@:2}")
    [ ${#targets[@]} -gt 0 ] || targets=(all)
    echo "=== build $1"
    if cmake --preset "$1" >"$logs/configure-$1.log" 2>&1 &&
        run "build-$1" cmake --build --preset "$1" --target "${targets[@]}" -- --quiet; then
        count "build $1" 1 0
    else
        cat "$logs/configure-$1.log"
        count "build $1" 0 1
        return 1
    fi
}

# run_ctest PRESET [PREFIX...]: the tests of a build; PREFIX is a command to run them under. Everything runs on SQLite in every
# build. Only debug runs everything on PostgreSQL too: the sanitizers get what shows them the code, coverage what is short.
run_ctest() {
    local preset=$1 status=0 bad all which=(-LE debug-only)
    shift
    case $preset in
    debug) which=() ;;
    cov) which+=(-E ^pg/durability/) ;;
    esac
    echo "=== tests $preset"
    run "ctest-$preset" "$@" ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "${which[@]}" ||
        status=$?
    read -r bad all < <(sed -nE 's/^.*tests passed, ([0-9]+) tests? failed out of ([0-9]+).*$/\1 \2/p' "$logs/ctest-$preset.log") || true
    if [ -z "${all:-}" ]; then
        count "tests $preset" 0 1
    else
        [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
        count "tests $preset" $((all - bad)) "$bad"
    fi
}

part_release() {
    build release all bench_floor bench_load bench_phone || true
}

part_debug() {
    if build debug; then run_ctest debug; fi
}

part_asan() {
    if build asan; then run_ctest asan; fi
}

# The thread sanitizer of gcc 12 does not cope with the address randomization of newer kernels.
part_tsan() {
    local prefix=()
    ! setarch "$(uname -m)" -R true 2>/dev/null || prefix=(setarch "$(uname -m)" -R)
    if build tsan; then run_ctest tsan "${prefix[@]}"; fi
}

part_lint() {
    local status=0
    echo "=== lint"
    run lint tools/lint.sh "$@" || status=$?
    count_output lint "$status" "$logs/lint.log"
}

# npm_packages FOLDER: installs what its lock file names, unless that is there.
npm_packages() {
    cmp -s "$1/package-lock.json" "$1/node_modules/.inlet-lock" && return 0
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
    cp "$1/package-lock.json" "$1/node_modules/.inlet-lock"
}

openapi_checks() {
    npm_packages tests/openapi || return 1
    cd tests/openapi
    if npm run -s lint; then echo "openapi lint: 1 passed, 0 failed"; else echo "openapi lint: 0 passed, 1 failed"; fi
    if npm run -s bundle:check; then echo "openapi bundle: 1 passed, 0 failed"; else echo "openapi bundle: 0 passed, 1 failed"; fi
    BASE=http://127.0.0.1:$port TOKEN=$TOKEN ADMIN_TOKEN=$ADMIN_TOKEN INGEST_UUID=$INGEST_UUID npm run -s replay
}

part_openapi() {
    local status=0 port database=build/openapi/inlet.db
    [ -x build/debug/inlet ] || build debug inlet || return 0
    echo "=== openapi"
    INLET=$PWD/build/debug/inlet
    port=$(free_port 18180)
    if database_create "$database" && database_seed "$database" "1 123" "1 456" &&
        server_start "$database" "$port" "$logs/openapi-server.log"; then
        (run openapi openapi_checks) || status=$?
        server_stop || status=$?
        count_output openapi "$status" "$logs/openapi.log"
    else
        count openapi 0 1
    fi
}

# The debug build gives the answers that are compared, the release build the speed.
phone_checks() {
    local status=0
    npm_packages tools/phone-metadata && npm_packages tests/phone || return 1
    if (cd tools/phone-metadata && npm run -s check); then
        echo "phone metadata: 1 passed, 0 failed"
    else
        echo "phone metadata: 0 passed, 1 failed"
    fi
    tests/phone/without_jit.py build/debug/inlet || status=1
    cd tests/phone
    INLET=../../build/debug/inlet npm run -s compare || status=1
    BENCH=../../build/release/tests/bench/bench_phone npm run -s speed || status=1
    return "$status"
}

part_phone() {
    local status=0
    [ -x build/debug/inlet ] || build debug inlet || return 0
    [ -x build/release/tests/bench/bench_phone ] || build release bench_phone || return 0
    echo "=== phone"
    (run phone phone_checks) || status=$?
    count_output phone "$status" "$logs/phone.log"
}

part_coverage() {
    build cov || return 0
    # Counters of an earlier run would be added to.
    find build/cov -name '*.gcda' -delete
    run_ctest cov
    echo "=== coverage"
    run coverage gcovr --root . --object-directory build/cov --filter src/ --exclude-throw-branches --print-summary ||
        count "coverage report" 0 1
    coverage=$(sed -nE 's/^(lines|branches): ([0-9.]+%).*$/\1 \2/p' "$logs/coverage.log" | paste -sd, | sed 's/,/, /')
}

quick=
case ${1:-} in
--quick)
    quick=yes
    set -- debug lint openapi phone
    ;;
"") set -- release debug lint openapi phone asan tsan coverage ;;
esac
for part in "$@"; do
    declare -F "part_$part" >/dev/null || {
        echo "test.sh: no such part: $part" >&2
        exit 2
    }
done

scripts/dependencies.sh --test
mkdir -p "$logs"
trap 'server_stop || true' EXIT
coverage=
started=$SECONDS
for part in "$@"; do
    if [ "$part" = lint ] && [ -n "$quick" ]; then
        part_lint --quick
    else
        "part_$part"
    fi
done

echo
echo "=== summary"
printf '%s\n' "${summary[@]}"
[ -z "$coverage" ] || echo "coverage of src/: $coverage"
echo "took $((SECONDS - started)) seconds"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
