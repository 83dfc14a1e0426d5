#!/usr/bin/env bash
# deps.sh [drivers]: names, then installs, the Debian packages that are missing. Does nothing when all are there.
# "make deps" runs it without an argument; with "drivers" it is about what only the tests of libpq's programs need.
set -euo pipefail

build=(
	openjdk-17-jdk-headless maven
	gcc libc6-dev binutils make clang-format-14 clang-tidy-14 valgrind
	postgresql-15 postgresql-client-15 postgresql-server-dev-15
	iproute2 nftables util-linux procps
	ca-certificates openssl libipc-run-perl
	rsyslog mandoc
)
drivers=(
	pkg-config libecpg-dev bzip2 xz-utils
	unixodbc unixodbc-dev odbc-postgresql
	python3-psycopg2 python3-psycopg
	libdbd-pg-perl php-cli php-pgsql ruby-pg
)
case ${1-} in
'') packages=("${build[@]}") ;;
drivers) packages=("${drivers[@]}") ;;
*) echo "usage: deps.sh [drivers]" >&2 && exit 2 ;;
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

export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}")
# Lists that are missing or outdated show as a failure; only then are they fetched.
"${install[@]}" || { apt-get update -q && "${install[@]}"; }

# A test runs its own; the machine goes on to log as it did.
if [[ " ${missing[*]} " == *" rsyslog "* ]] && [ -d /run/systemd/system ]; then
	systemctl disable --now rsyslog.service || echo "deps: rsyslog.service could not be disabled" >&2
fi
