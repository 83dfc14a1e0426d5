#!/usr/bin/env bash
# usage: check-hosts.sh COMMAND... (as root, behind "make deb")
# Runs COMMAND (the tests of module container-tests) with an engine for containers and the image of its hosts. Where no engine can be
# started this says so in one line, and is no error. Leaves nothing behind in an engine that was there before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOCKER_HOST CONMGR_TEST_IMAGE=conmgr-test/debian:$$
# No registry is needed: no other image than ours is used.
export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1

status=0
DOCKER_HOST=$(build-tools/docker-engine.sh up) || status=$?
if [ $status = 3 ]; then
	echo "check-hosts: skipped, see the line above"
	exit 0
fi
[ $status = 0 ] || exit $status

cleanup() {
	# What a test that was killed has left, and nobody else's.
	docker ps -aq --filter "ancestor=$CONMGR_TEST_IMAGE" | xargs -r docker rm -fv >/dev/null
	docker network prune -f --filter "label=conmgr-test=$CONMGR_TEST_IMAGE" >/dev/null
	docker image rm -f "$CONMGR_TEST_IMAGE" >/dev/null 2>&1 || true
	build-tools/docker-engine.sh down
}
trap cleanup EXIT
build-tools/package-root.sh build/packages
# With our packages in it: an engine that runs in a chroot says yes to "docker cp", and does nothing.
mkdir -p build/packages/image/packages
find build/deb -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*' -exec cp -t build/packages/image/packages {} +
cp --reflink=auto build/packages/root.tar build/packages/image.tar
tar -C build/packages/image -rf build/packages/image.tar ./packages
docker import build/packages/image.tar "$CONMGR_TEST_IMAGE" >/dev/null
rm -rf build/packages/image build/packages/image.tar
"$@"
