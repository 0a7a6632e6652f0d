#!/usr/bin/env bash
# Runs a command with INLET_TEST_POSTGRESQL set to the connection string of a server that server.sh started.
#
# Usage: with_server.sh DIR COMMAND...
set -euo pipefail

INLET_TEST_POSTGRESQL=$(<"$1/url")
export INLET_TEST_POSTGRESQL
shift
exec "$@"
