#!/usr/bin/env bash
# bench.sh Bench|ScaleBench|... [ARGUMENT ...]: after the build, runs a program of module bench. Needs root for the network namespaces.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo "bench: only root can make network namespaces" >&2
	exit 1
fi
program=$1
shift
wanted=65536 # 20,000 sessions on one conmgr
if [ "$(ulimit -Hn)" != unlimited ] && [ "$(ulimit -Hn)" -lt $wanted ]; then
	ulimit -Hn $wanted 2>/dev/null || echo "bench: no more than $(ulimit -Hn) open files are allowed here" >&2
fi
ulimit -Sn "$(ulimit -Hn)"
exec "${JAVA:-java}" -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -Dconmgr.root="$PWD" \
	-cp "bench/target/classes:bench/target/lib/*" "io.github.pgconmgr.bench.$program" "$@"
