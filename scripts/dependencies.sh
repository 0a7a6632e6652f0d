#!/usr/bin/env bash
# Installs what building Inlet needs on Debian 12 and, with --test, what testing it needs. Quick where all is there.
#
# Usage: scripts/dependencies.sh [--test]
set -euo pipefail

packages=(
    gcc libc6-dev cmake ninja-build pkg-config ca-certificates curl
    libmicrohttpd-dev libjansson-dev libsqlite3-dev libpq-dev libpcre2-dev libglib2.0-dev nettle-dev libidn2-dev
)
if [ "${1:-}" = --test ]; then
    packages+=(check clang clang-format clang-tidy libclang-rt-14-dev cppcheck shellcheck gcovr python3 util-linux postgresql)
    # Some machines have a Node of their own; that one stays.
    command -v node >/dev/null || packages+=(nodejs)
    command -v npm >/dev/null || packages+=(npm)
fi

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "dependencies.sh: installing ${missing[*]} needs root or sudo" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
# The tests start servers of their own: installing PostgreSQL is not to start one.
clusters=/etc/postgresql-common/createcluster.conf
if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e "$clusters" ]; then
    "${as_root[@]}" mkdir -p "$(dirname "$clusters")"
    echo "create_main_cluster = false" | "${as_root[@]}" tee "$clusters" >/dev/null
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"
