#!/usr/bin/env bash
# make faults, after the build: plays the fault matrix (system-tests, package faults). faults.sh [ROWS [REPEATS [LABS]]]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo "faults: only root can make network namespaces" >&2
	exit 1
fi
if unshare --net tc qdisc add dev lo root netem delay 1ms 2>/dev/null; then netem=has; else netem="does not have"; fi
echo "faults: this kernel $netem netem; delay and loss come from our own switch in user space, here as everywhere"
ulimit -n "$(ulimit -Hn)"
exec "${JAVA:-java}" -XX:-UsePerfData -XX:+UseSerialGC -Xmx384m -Dconmgr.root="$PWD" \
	-cp "system-tests/target/classes:system-tests/target/lib/*" io.github.pgconmgr.faults.Faults \
	"${1:-*}" "${2:-20}" "${3:-1}" docs/failure-modes.md
