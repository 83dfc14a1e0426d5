#!/usr/bin/env bash
# make demo, after the build: plays the story (system-tests, package story). Needs root for the network namespaces.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo "demo: only root can make network namespaces" >&2
	exit 1
fi
exec "${JAVA:-java}" -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -Dconmgr.root="$PWD" \
	-cp "system-tests/target/classes:system-tests/target/lib/*" io.github.pgconmgr.story.Demo
