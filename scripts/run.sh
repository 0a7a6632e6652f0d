#!/usr/bin/env bash
# Builds Inlet and runs it with a new sample database, until Ctrl-C.
#
# Usage: scripts/run.sh        listens on 127.0.0.1:8080; PORT=9090 scripts/run.sh on another port
set -euo pipefail
cd "$(dirname "$0")/.."

PORT=${PORT:-8080}
INLET=build/release/inlet
database=var/demo-$PORT.db
. scripts/server.sh

if port_in_use "$PORT"; then
    echo "Port $PORT of 127.0.0.1 is in use. Choose another one: PORT=$((PORT + 1)) scripts/run.sh" >&2
    exit 1
fi
scripts/dependencies.sh
cmake --preset release >/dev/null
cmake --build --preset release --target inlet

database_create "$database"
database_seed "$database" 123 456

trap 'server_stop || true' EXIT
trap 'exit 0' INT TERM
server_start "$database" "$PORT"

cat <<END

Inlet listens on http://127.0.0.1:$PORT, its database is $database.
A token for leads (scope full):   $TOKEN
A token for operators (admin):    $ADMIN_TOKEN

Create a lead (a second time: reengage it):

curl -sS -w '\n' http://127.0.0.1:$PORT/api/leads/ -H 'Authorization: Token $TOKEN' -H 'Content-Type: application/json' -d '{"phone_number": "+18042221111", "email": "first_name@trysela.com", "first_name": "First", "us_state": "CA", "lead_type": 123, "representative": 456}'

Create several at once:

curl -sS -w '\n' http://127.0.0.1:$PORT/api/leads/bulk-create/ -H 'Authorization: Token $TOKEN' -H 'Content-Type: application/json' -d '{"leads": [{"phone_number": "(804) 222-1112"}, {"phone_number": "+18042221113", "lead_type": 123}, {"phone_number": "nope"}]}'

Post to an ingestion URL (this one needs no token):

curl -sS -w '\n' http://127.0.0.1:$PORT/ingest/$INGEST_UUID/ -H 'Content-Type: application/json' -d '{"phone_number": "+18042221114", "email": "second_name@trysela.com", "loan_amount": 450000}'

List leads:

curl -sS -w '\n' 'http://127.0.0.1:$PORT/api/leads/?page_size=10' -H 'Authorization: Token $TOKEN'

Ctrl-C stops the server.

END
wait "$SERVER_PID"
