#!/usr/bin/env bash
# A PostgreSQL server of the tests' own, on the loopback address, that is gone when whoever started it is gone.
#
# Usage: server.sh start DIR [--durable] [NAME=VALUE...]    makes one and starts it; settings as in postgresql.conf
#        server.sh standby DIR PRIMARY_DIR                  makes one that follows another
#        server.sh crash DIR                                stops it as a power cut would; what it has is kept
#        server.sh resume DIR                               starts it again, at the same port
#        server.sh promote DIR                              a standby becomes a primary
#        server.sh stop DIR                                 stops and removes it
#
# DIR/url is the connection string of its superuser. Its data is in a directory below TMPDIR, as PostgreSQL refuses to run
# as root and the user that it runs as then need not reach DIR. Without --durable nothing is flushed to disk.
#
# A process of its own watches the process that ran "start": when that is gone, the server goes too.
set -euo pipefail

action=${1:?} dir=${2:?}
shift 2
[ "$action" = watch ] || mkdir -p "$dir"
self=$(realpath "$0")
! dir=$(realpath -q "$dir") || cd "$dir"
bin=$(pg_config --bindir)

# Runs a command as the user that PostgreSQL runs as, at a place that this user can be at.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# A directory that only that user can read. The socket's path has to be short: 107 bytes in all.
make_place() {
    local base
    for base in "${TMPDIR:-/tmp}" /tmp; do
        if place=$(as_server mktemp -d "$base/inlet-postgresql-XXXXXX" 2>/dev/null) && [ ${#place} -lt 80 ]; then
            echo "$place" >"$dir/place"
            return
        fi
    done
    echo "server.sh: no directory can be made below ${TMPDIR:-/tmp}" >&2
    return 1
}

# Below the ports that connections get from the kernel: nobody takes it while the server is down.
free_port() {
    local port tries
    for ((tries = 0; tries < 100; tries++)); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    echo "server.sh: no free port" >&2
    return 1
}

configure() {
    as_server tee -a "$place/data/postgresql.conf" >/dev/null <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$place'
max_connections = 300
logging_collector = off
log_checkpoints = off
$(printf '%s\n' "$@")
END
    echo "postgresql://postgres@127.0.0.1:$port/postgres" >"$dir/url"
}

run_server() {
    place=$(<"$dir/place")
    as_server "$bin/pg_ctl" -D "$place/data" -l "$place/log" -w -t 60 -s start </dev/null || {
        as_server tail -n 20 "$place/log" >&2
        return 1
    }
}

# When a process began, which tells it from a later one with the same number; nothing when it is gone, or dead.
birth_of() {
    sed -n 's/^.*) //; /^[ZX]/!p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

start_watch() {
    setsid "$self" watch "$dir" "$PPID" "$(birth_of "$PPID")" "$(<"$dir/place")" </dev/null >/dev/null 2>&1 &
}

start() {
    local settings=("shared_buffers = 32MB")
    if [ "${1:-}" = --durable ]; then
        shift
    else
        settings+=("fsync = off" "full_page_writes = off")
    fi
    make_place
    port=$(free_port)
    as_server "$bin/initdb" -D "$place/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
    configure "${settings[@]}" "$@"
    start_watch
    run_server
}

standby() {
    local primary=$1
    make_place
    port=$(free_port)
    as_server "$bin/pg_basebackup" -d "$(<"$primary/url")" -D "$place/data" -R -X stream -c fast --no-sync
    configure "hot_standby = on"
    start_watch
    run_server
}

control() {
    as_server "$bin/pg_ctl" -D "$(<"$dir/place")/data" -w -t 60 -s "$@"
}

# Whatever there is: a server that an earlier run left behind too.
remove() {
    local place
    [ -f "$dir/place" ] || return 0
    place=$(<"$dir/place")
    if [ -n "$place" ] && [ -d "$place" ]; then
        control stop -m immediate 2>/dev/null || true
        as_server rm -rf "$place"
    fi
    rm -f "$dir/place" "$dir/url"
}

watch() {
    local owner=$1 birth=$2 place=$3
    while [ "$(birth_of "$owner")" = "$birth" ]; do
        sleep 1
        [ -d "$place" ] || return 0
    done
    # Somebody else's server may be in DIR by now.
    if [ "$(cat "$dir/place" 2>/dev/null)" = "$place" ]; then
        remove
        rmdir "$dir" 2>/dev/null || true
    else
        as_server "$bin/pg_ctl" -D "$place/data" -w -s stop -m immediate || true
        as_server rm -rf "$place"
    fi
}

case $action in
start)
    remove
    start "$@" || {
        remove
        exit 1
    }
    ;;
standby)
    remove
    standby "$@" || {
        remove
        exit 1
    }
    ;;
crash) control stop -m immediate ;;
resume) run_server ;;
promote) control promote ;;
stop) remove ;;
watch) watch "$@" ;;
*)
    echo "server.sh: no such action: $action" >&2
    exit 2
    ;;
esac
