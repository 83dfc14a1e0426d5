#!/usr/bin/env bash
# make soak, after the build: faults of the matrix at random for hours (system-tests, class Soak). soak.sh HOURS [ROWS [SEED]]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo "soak: only root can make network namespaces" >&2
	exit 1
fi
if ! [[ $1 =~ ^[0-9]+([.][0-9]+)?$ && ${3:-0} =~ ^[0-9]{1,18}$ ]]; then
	echo "soak: HOURS is a number such as 8 or 0.5, SEED a whole number" >&2
	exit 2
fi
ulimit -n "$(ulimit -Hn)"
exec "${JAVA:-java}" -XX:-UsePerfData -XX:+UseSerialGC -Xmx384m -Dconmgr.root="$PWD" \
	-cp "system-tests/target/classes:system-tests/target/lib/*" io.github.pgconmgr.faults.Soak \
	"$1" "${2:-*}" "${3:-$((RANDOM * 32768 + RANDOM))}" docs/failure-modes.md
