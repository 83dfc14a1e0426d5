#!/usr/bin/env bash
# usage: check-packages.sh (as root, behind "make deb")
# lintian; systemd's view of the unit; packages-test.sh and, with a systemd that has booted it, unit-test.sh in a Debian of its own,
# which has neither our processes nor our network.
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
fresh_root() {
	cleanup
	mkdir -p "$root"
	tar -C "$root" -xf "$packages/root.tar"
	mkdir -p "$root/packages"
	find build/deb -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*' -exec cp -t "$root/packages" {} +
	cp build-tools/packages-test.sh build-tools/unit-test.sh "$root/packages/"
}

fresh_root
# The namespaces end with the first process, and everything in them.
timeout -k 10 480 unshare --mount --pid --fork --kill-child --net --ipc --uts -- bash -euc '
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

# The same Debian, booted.
fresh_root
rm "$root/usr/sbin/policy-rc.d"
chroot "$root" apt-get install -y -q systemd systemd-sysv dbus >"$packages/boot.log" 2>&1
cat >"$root/etc/systemd/system/unit-test.service" <<'END'
[Unit]
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/bash -c "/packages/unit-test.sh && touch /packages/ok"
StandardOutput=append:/packages/unit-test.log
StandardError=inherit
[Install]
WantedBy=multi-user.target
END
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../unit-test.service "$root/etc/systemd/system/multi-user.target.wants/"
# --register, --keep-unit: there need not be a systemd on this machine.
timeout -k 10 300 systemd-nspawn --quiet --directory="$root" --boot --private-network --register=no --keep-unit --console=read-only \
	>>"$packages/boot.log" 2>&1 </dev/null || true
rmdir "/run/systemd/nspawn/propagate/$(basename "$root")" 2>/dev/null || true
if [ ! -e "$root/packages/unit-test.log" ]; then
	# Where the kernel's control groups do not let systemd boot in a container.
	echo "check-packages: the unit was not tried under systemd: $(tail -1 "$packages/boot.log" | tr -d '\r')"
else
	cat "$root/packages/unit-test.log"
	[ -e "$root/packages/ok" ] || exit 1
fi
echo "check-packages: ok"
