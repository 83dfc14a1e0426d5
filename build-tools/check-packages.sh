#!/usr/bin/env bash
# usage: check-packages.sh (as root, behind "make deb")
# lintian; systemd's view of the unit; then packages-test.sh in a Debian of its own, which has neither our processes nor our network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packages=$PWD/build/packages
root=$packages/check
lintian --allow-root --fail-on error build/deb/*.changes
build-tools/package-root.sh "$packages"

# As the unit is on a machine that has the package.
rm -rf "$packages/unit"
dpkg-deb -x build/deb/conmgr_*.deb "$packages/unit"
sed -i "s|=/usr/bin/|=$packages/unit/usr/bin/|" "$packages"/unit/lib/systemd/system/conmgr@.service
systemd-analyze verify --man=no "$packages/unit/lib/systemd/system/conmgr@main.service"

cleanup() { rm -rf --one-file-system "$root"; }
trap cleanup EXIT
cleanup
mkdir -p "$root"
tar -C "$root" -xf "$packages/root.tar"
mkdir -p "$root/packages"
find build/deb -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*' -exec cp -t "$root/packages" {} +
cp build-tools/packages-test.sh "$root/packages/"

# The namespaces end with the first process, and everything in them.
timeout -k 10 480 unshare --mount --pid --fork --kill-child --net --ipc --uts --propagation private -- bash -euc '
	root=$1
	mount --bind "$root" "$root"
	mount -t proc proc "$root/proc"
	mount -t tmpfs tmpfs "$root/tmp" -o mode=1777
	mount -t tmpfs tmpfs "$root/dev" -o mode=755
	for device in null zero full random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
	ln -s /proc/self/fd "$root/dev/fd"
	mkdir "$root/dev/shm"
	mount -t tmpfs tmpfs "$root/dev/shm" -o mode=1777
	ip link set lo up
	hostname packages
	exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash /packages/packages-test.sh
' check-packages "$root"
echo "check-packages: ok"
