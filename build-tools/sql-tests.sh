#!/usr/bin/env bash
# Runs each SQL test (sql/test/run.sh) on a server of its own, from the build's PostgreSQL, with and without the extension
# preloaded. As root, in a network namespace of its own too: the watchdog listens on its default port.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ]; then
	IN_NAMESPACE=1 exec unshare --net bash -c 'ip link set lo up && exec "$0"' "$PWD/build-tools/sql-tests.sh"
fi

bin=$PWD/build/pg/15/bin
folder=$PWD/build/run/sql
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=postgres --regid=postgres --init-groups --)

stop() {
	"${as[@]}" "$bin/pg_ctl" -s -w -D "$folder/data" -m immediate stop 2>/dev/null || true
	rm -rf "$folder"
}
trap stop EXIT

run() { # TEST SHARED_PRELOAD_LIBRARIES
	stop
	mkdir -p "$folder" "$PWD/build/tmp"
	[ ${#as[@]} = 0 ] || chown postgres: "$folder"
	"${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >/dev/null
	printf "%s\n" "shared_preload_libraries = '$2'" "unix_socket_directories = '$folder'" "listen_addresses = ''" \
		"dynamic_shared_memory_type = mmap" "fsync = off" >>"$folder/data/postgresql.conf"
	"${as[@]}" "$bin/pg_ctl" -s -w -D "$folder/data" -l "$folder/log" start || { cat "$folder/log" >&2; exit 1; }
	TMPDIR=$PWD/build/tmp PGHOST=$folder PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PSQL=$bin/psql \
		sql/test/run.sh "$1" || { cat "$folder/log" >&2; exit 1; }
}

run without_preload ''
run preloaded watchdog
