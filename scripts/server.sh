# shellcheck shell=bash
# Functions for scripts that need a server: a fresh database, what belongs into it, start and stop. To be sourced.
#
# The caller sets INLET (the binary) and, for server_start, may set SERVER_OPTIONS (an array of further options of serve).

# Whether something listens on port $1 of the loopback address.
port_in_use() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints a port from $1 on that nothing listens on.
free_port() {
    local port=$1
    while port_in_use "$port"; do
        port=$((port + 1))
    done
    echo "$port"
}

# Makes a new database at $1, in place of an earlier one.
database_create() {
    mkdir -p "$(dirname "$1")"
    rm -f "$1" "$1-wal" "$1-shm" "$1.lock" "$1.sock"
    "$INLET" migrate --db "sqlite:$1" >/dev/null
}

# Puts tokens, lead types $2, representatives $3 (lists of ids) and an open ingestion config for lead type 123 into the
# database at $1. Sets TOKEN, ADMIN_TOKEN and INGEST_UUID.
# shellcheck disable=SC2034 # they are for the caller
database_seed() {
    local db="sqlite:$1" id
    TOKEN=$("$INLET" token create --db "$db" --name crm --scope full)
    ADMIN_TOKEN=$("$INLET" token create --db "$db" --name operator --scope admin)
    for id in $2; do
        "$INLET" lead-type create --db "$db" --id "$id" --name "Sample campaign${id/123/}" >/dev/null
    done
    for id in $3; do
        "$INLET" representative create --db "$db" --id "$id" --name "Sample representative${id/456/}" >/dev/null
    done
    INGEST_UUID=$("$INLET" ingest create --db "$db" --name "Sample ingestion" --lead-type 123 --open)
}

# Starts a server for the database at $1 on port $2, waits until it is ready and sets SERVER_PID. Its log goes to $3, or
# where standard error goes.
server_start() {
    local command=("$INLET" serve --db "sqlite:$1" --listen "127.0.0.1:$2" ${SERVER_OPTIONS[@]+"${SERVER_OPTIONS[@]}"})
    if [ -n "${3:-}" ]; then
        "${command[@]}" 2>"$3" &
    else
        "${command[@]}" &
    fi
    SERVER_PID=$!
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        if ! kill -0 "$SERVER_PID" 2>/dev/null; then
            wait "$SERVER_PID" || true
            echo "The server ended while it was starting." >&2
            [ -z "${3:-}" ] || tail -n 20 "$3" >&2
            return 1
        fi
        if curl -fsS -o /dev/null "http://127.0.0.1:$2/readyz" 2>/dev/null; then
            return 0
        fi
        sleep 0.1
    done
    echo "The server is not ready after 20 seconds." >&2
    server_stop || true
    return 1
}

# Stops the server gracefully; fails when it did not end well.
server_stop() {
    [ -n "${SERVER_PID:-}" ] || return 0
    local pid=$SERVER_PID
    SERVER_PID=
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid"
}
