#!/usr/bin/env bash
# usage: package-root.sh FOLDER (as root)
# Makes FOLDER/root.tar, if it is not there: a minimal Debian of this machine's suite, with apt's lists and the downloaded, not
# installed, packages that ours depend on. A machine without a network can install ours from it as a user would. Nothing of it runs.
# Anew after a week, or FOLDER/root.tar removed.
set -euo pipefail
folder=$1
tar=$folder/root.tar
[ -z "$(find "$tar" -mtime -7 2>/dev/null)" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "package-root: only root can make a Debian root" >&2; exit 1; }

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The mirror that apt uses here: it is reachable.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk -v suite="$suite" '$2 == suite { print $1; exit }')
root=$folder/root
mkdir -p "$folder"
rm -rf --one-file-system "$root"
echo "package-root: a $suite of ${mirror:=http://deb.debian.org/debian}, about two minutes"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$folder/debootstrap.log" || { tail -5 "$folder/debootstrap.log"; exit 1; }

# Whatever Debian's apt is told on this machine: mirrors, keys, proxies. Other vendors' sources are of no use here.
printf 'deb %s %s main\n' "$mirror" "$suite" >"$root/etc/apt/sources.list"
apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
	awk -v security="$suite-security" '$2 == security { print "deb", $1, $2, "main"; exit }' >>"$root/etc/apt/sources.list"
printf 'Acquire::Check-Valid-Until "false";\nAcquire::Languages "none";\nBinary::apt::APT::Keep-Downloaded-Packages "true";\nAPT::Install-Recommends "false";\n' \
	>"$root/etc/apt/apt.conf.d/90packages"
# No service starts by itself: the tests say when.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/"
major=15
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$root" apt-get update -q >"$folder/apt.log"
chroot "$root" apt-get upgrade -y -q >>"$folder/apt.log" 2>&1
chroot "$root" apt-get install -y -q iproute2 procps >>"$folder/apt.log" 2>&1
# The rest stays to be installed with our packages.
rm -f "$root"/var/cache/apt/archives/*.deb
chroot "$root" apt-get install -y -q --download-only adduser openjdk-17-jre-headless "postgresql-$major" libpq5 libpostgresql-jdbc-java \
	odbc-postgresql unixodbc systemd systemd-sysv dbus >>"$folder/apt.log" 2>&1 || { tail -5 "$folder/apt.log"; exit 1; }
rm -f "$root/etc/resolv.conf"
tar -C "$root" --one-file-system -cf "$tar.tmp" .
mv "$tar.tmp" "$tar"
rm -rf --one-file-system "$root"
