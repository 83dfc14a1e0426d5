#!/usr/bin/env bash
# make bench, after the build: measures the figures (module bench). Needs root for the network namespaces.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo "bench: only root can make network namespaces" >&2
	exit 1
fi
ulimit -n "$(ulimit -Hn)" # 500 sessions, each with two sockets
exec "${JAVA:-java}" -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -Dconmgr.root="$PWD" \
	-cp "bench/target/classes:bench/target/lib/*" io.github.pgconmgr.bench.Bench "$@"
