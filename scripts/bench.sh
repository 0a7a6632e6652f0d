#!/usr/bin/env bash
# Builds Inlet for release and measures it on SQLite and on PostgreSQL, each beside the floor program (tests/bench/floor.c).
# Never fails on a time.
#
# Usage: scripts/bench.sh                     about 8 minutes
#        scripts/bench.sh --quick             about 2 minutes
#        scripts/bench.sh --sqlite            without PostgreSQL
#        scripts/bench.sh --large 5000000     also with 1 and 5 million leads in the file
#
# BENCH_DIR (default build/bench) should be on the kind of disk that the figures are for; what is put there is removed.
# PostgreSQL's data is there too, unless the user that it runs as does not get there: then it is below /tmp.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/dependencies.sh --test
cmake --preset release >/dev/null
cmake --build --preset release --target inlet bench_floor bench_load -- --quiet
# Every connection of the widest sweep is a descriptor, in the server and in the client.
ulimit -n 8192 2>/dev/null || ulimit -n "$(ulimit -Hn)"
exec python3 tests/bench/bench.py "$@"
