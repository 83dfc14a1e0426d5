#!/usr/bin/env bash
# deps.sh [GROUP]: names, then installs, the Debian packages of the group that are missing. Does nothing when all are there.
# build (the default): what every command needs; drivers: what only the tests of other drivers and programs need; peers: the poolers that
# "make bench" measures beside ours; deb: the tools that make and test packages; fuzz: the compiler of "make fuzz"; faults: what only
# "make faults" needs.
set -euo pipefail

build=(
	openjdk-17-jdk-headless maven
	gcc libc6-dev binutils make clang-format-14 clang-tidy-14 valgrind
	postgresql-15 postgresql-client-15 postgresql-server-dev-15
	pkg-config libecpg-dev unixodbc unixodbc-dev odbc-postgresql
	iproute2 nftables util-linux procps
	ca-certificates openssl libipc-run-perl
	rsyslog mandoc xz-utils
)
drivers=(
	bzip2
	python3-psycopg2 python3-psycopg
	libdbd-pg-perl php-cli php-pgsql ruby-pg
	python3-asyncpg golang-go golang-github-lib-pq-dev
	faketime
)
# Where there is npm, the driver for Node.js comes from there.
command -v npm >/dev/null || drivers+=(nodejs node-pg)
peers=(pgbouncer pgpool2 haproxy)
deb=(build-essential debhelper dpkg-dev fakeroot lintian systemd systemd-container debootstrap docker.io)
fuzz=(clang-14 libclang-rt-14-dev)
faults=(libfaketime)
group=${1:-build}
case $group in
build | drivers | peers | deb | fuzz | faults) declare -n packages=$group ;;
*) echo "usage: deps.sh [build|drivers|peers|deb|fuzz|faults]" >&2 && exit 2 ;;
esac

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

command -v dpkg-query >/dev/null || {
	echo "deps: this is no Debian system; needed are: ${packages[*]}" >&2
	exit 1
}
missing=()
for package in "${packages[@]}"; do
	installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "deps: missing Debian packages: ${missing[*]}"
if [ "$(id -u)" != 0 ]; then
	echo "deps: only root can install them: apt-get install --no-install-recommends ${missing[*]}" >&2
	exit 1
fi

# The package would create and start a server of its own, which nobody asked for.
if ! installed postgresql-15 && ! [ -e /etc/postgresql-common/createcluster.conf ]; then
	mkdir -p /etc/postgresql-common
	echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi

# Likewise the poolers; Debian's own way to say no is a file that packages ask before they start a service.
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}")
# Lists that are missing or outdated show as a failure; only then are they fetched.
"${install[@]}" || { apt-get update -q && "${install[@]}"; }

# A test runs its own; the machine goes on to log as it did.
if [[ " ${missing[*]} " == *" rsyslog "* ]] && [ -d /run/systemd/system ]; then
	systemctl disable --now rsyslog.service || echo "deps: rsyslog.service could not be disabled" >&2
fi
# Nor do they start with the machine, unless somebody had them before.
for package in "${peers[@]}" docker.io; do
	if [[ " ${missing[*]} " == *" $package "* ]]; then
		service=${package%.io}
		update-rc.d "$service" disable || echo "deps: service $service could not be disabled" >&2
	fi
done
