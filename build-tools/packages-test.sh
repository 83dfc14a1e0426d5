#!/usr/bin/env bash
# Runs inside check-packages.sh's Debian, as root, without a network: install, use, upgrade, refuse, remove, purge.
set -euo pipefail
cd /packages
major=$(ls postgresql-*-watchdog_*.deb | sed 's/postgresql-\([0-9]*\).*/\1/')
watchdog=postgresql-$major-watchdog
cluster=/etc/postgresql/$major/main
data=/var/lib/conmgr/main

say() { echo "packages-test: $*"; }
fail() { echo "packages-test: FAILED: $*" >&2; exit 1; }
quietly() { "$@" >/tmp/output 2>&1 || { cat /tmp/output >&2; fail "$*"; }; }
await() { # WHAT COMMAND...
	local what=$1 end=$((SECONDS + 30))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || fail "not within 30 s: $what"
		sleep 0.2
	done
}
sql() { runuser -u postgres -- psql -XAtq -d postgres -c "$1"; }
restart() { quietly pg_ctlcluster "$major" main restart; }
has() { grep -qF -- "$2" <<<"$1" || fail "\"$2\" is not in: $1"; }
# All files but those of dpkg and of what our packages depend on.
files() { find / -xdev -path /proc -prune -o -path /packages -prune -o -path /tmp -prune -o -path /var/cache -prune -o -path /var/log -prune \
	-o -path /var/lib/dpkg -prune -o -path /var/lib/apt -prune -o -path /var/lib/postgresql -prune -o -print | sort; }

say "install"
quietly apt-get install -y "postgresql-$major" openjdk-17-jre-headless adduser libpq5 libpostgresql-jdbc-java
files >/tmp/files.before
cp /etc/passwd /tmp/passwd.before
quietly apt-get install -y ./*.deb
has "$(getent passwd conmgr)" /usr/sbin/nologin
[ "$(stat -c '%U:%G %a' /etc/conmgr/main/conmgr.conf)" = "root:conmgr 640" ] || fail "conmgr.conf is not root's and conmgr's"
[ "$(stat -c '%U:%G %a' $data)" = "conmgr:conmgr 700" ] || fail "$data is not conmgr's"
[ "$(cat /var/lib/dpkg/info/conmgr.conffiles)" = /etc/conmgr/main/conmgr.conf ] || fail "conffiles"

say "a server with the watchdog, a conmgr"
echo "shared_preload_libraries = 'watchdog'" >>$cluster/postgresql.conf
quietly pg_ctlcluster "$major" main start
sql "CREATE EXTENSION watchdog"
has "$(cm_ctl check -D $data 2>&1 || true)" "backend_host"
printf "backend_host0 = 'localhost'\nbackend_port0 = 5432\nheartbeat_interval = 1\nheartbeat_timeout = 3\n" >>/etc/conmgr/main/conmgr.conf
quietly runuser -u conmgr -- cm_ctl start -D $data
has "$(cm_ctl status -D $data)" primary
[ "$(sql "SELECT count(*) FROM pgx_stat_watchdog")" = 1 ] || fail "the watchdog hears nobody"
sql "CREATE ROLE shop LOGIN PASSWORD 'x'"
PGPASSWORD=x conmgr-exec psql -XAtq "host=localhost port=27546 dbname=postgres user=shop target_session_attrs=primary" -c 'SELECT 1' |
	grep -qx 1 || fail "no way through libpq"

say "upgrade: nothing is cut"
# The next version: its jar has another name, and so have all of conmgr's.
for package in conmgr $watchdog; do
	dpkg-deb -R "$package"_*.deb /tmp/next
	sed -i 's/^Version: .*/Version: 9.0.0-1/' /tmp/next/DEBIAN/control
	find /tmp/next -name '*.jar' | while read -r jar; do mv "$jar" "${jar%.jar}-9.0.0.jar"; done
	rm -f /tmp/next/DEBIAN/md5sums
	dpkg-deb --root-owner-group --build /tmp/next "/tmp/$package-next.deb" >/dev/null
	rm -rf /tmp/next
done
conmgr_pid=$(head -1 $data/conmgr.pid)
worker() { sql "SELECT pid FROM pg_stat_activity WHERE backend_type = 'watchdog'"; }
before=$(worker)
ls -l "/proc/$conmgr_pid/fd" | grep -o '[^/]*\.jar' | sort -u >/tmp/held
(cd /usr/lib/conmgr && ls ./*.jar | sed 's|./||' | sort) | diff - /tmp/held || fail "conmgr does not hold all of its jars"
quietly apt-get install -y /tmp/conmgr-next.deb "/tmp/$watchdog-next.deb"
has "$(cat /tmp/output)" "goes on with the version it was started with"
[ "$(head -1 $data/conmgr.pid)" = "$conmgr_pid" ] || fail "the upgrade has restarted conmgr"
[ "$(worker)" = "$before" ] || fail "the upgrade has restarted the watchdog"
has "$(cm_ctl status -D $data)" ALIVE
kill "$before"
again() { [ -n "$(worker)" ] && [ "$(worker)" != "$before" ] && cm_ctl status -D $data | grep -q ALIVE; }
await "the old server's watchdog starts again behind the upgrade" again
quietly apt-get install -y --reinstall --allow-downgrades ./conmgr_*.deb "./$watchdog"_*.deb
[ "$(head -1 $data/conmgr.pid)" = "$conmgr_pid" ] || fail "the downgrade has restarted conmgr"
restart

say "the removal is refused while a cluster needs it"
refused() {
	if apt-get remove -y "$watchdog" >/tmp/output 2>&1; then fail "removed although $1"; fi
	has "$(cat /tmp/output)" "shared_preload_libraries still names watchdog"
	has "$(cat /tmp/output)" "$major/main"
	has "$(dpkg-query -W -f '${db:Status-Abbrev}' "$watchdog")" "ii"
}
refused "postgresql.conf says so and the server runs"
quietly pg_ctlcluster "$major" main stop
refused "postgresql.conf says so and the server is stopped"
sed -i '$d' $cluster/postgresql.conf
echo "shared_preload_libraries = 'auto_explain, \$libdir/watchdog'" >$cluster/conf.d/libraries.conf
refused "conf.d says so"
rm $cluster/conf.d/libraries.conf
echo "shared_preload_libraries = 'watchdog'" >"/var/lib/postgresql/$major/main/postgresql.auto.conf"
refused "ALTER SYSTEM says so"
: >"/var/lib/postgresql/$major/main/postgresql.auto.conf"
printf "shared_preload_libraries = watchdog\nmax_connections = many\n" >$cluster/conf.d/libraries.conf
refused "a configuration that the server cannot read says so"
printf "# shared_preload_libraries = 'watchdog'\nshared_preload_libraries = 'watchdog_of_others'\n" >$cluster/conf.d/libraries.conf
echo "# shared_preload_libraries = 'watchdog'" >>$cluster/postgresql.conf

say "remove"
quietly apt-get remove -y "$watchdog"
echo "shared_preload_libraries = 'watchdog'" >$cluster/conf.d/libraries.conf
quietly apt-get install -y "./$watchdog"_*.deb
WATCHDOG_REMOVE=force quietly apt-get remove -y "$watchdog"
rm $cluster/conf.d/libraries.conf
quietly pg_ctlcluster "$major" main start
[ -d "/proc/$conmgr_pid" ] || fail "conmgr has ended too early"
quietly apt-get remove -y conmgr
[ ! -d "/proc/$conmgr_pid" ] || fail "conmgr runs although it was removed"
[ -e /etc/conmgr/main/conmgr.conf ] && [ -d $data ] || fail "configuration and state go with purge, not before"

say "purge"
quietly apt-get purge -y conmgr "$watchdog" libpq5-conmgr libconmgr-jdbc-java
quietly pg_ctlcluster "$major" main stop
files | diff /tmp/files.before - || fail "files are left, or gone"
diff /tmp/passwd.before /etc/passwd || fail "a user is left"
say "ok in $SECONDS s"
