#!/usr/bin/env bash
# Runs as a service inside check-packages.sh's Debian, which systemd has booted: the unit conmgr@.service, with all of its sandbox.
set -euo pipefail
cd /packages
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
unit=conmgr@main
config=/etc/conmgr/main/conmgr.conf

say() { echo "unit-test: $*"; }
fail() { echo "unit-test: FAILED: $*" >&2; systemctl status "$unit" --no-pager >&2 || true; exit 1; }
quietly() { "$@" >/tmp/output 2>&1 || { cat /tmp/output >&2; fail "$*"; }; }
await() { # WHAT COMMAND...
	local what=$1 end=$((SECONDS + 60))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || fail "not within 60 s: $what"
		sleep 0.2
	done
}
shows() { systemctl show -P "$1" "$unit"; }
status_is() { [ "$(shows StatusText)" = "$1" ]; }
is() { [ "$(shows "$1")" = "$2" ] || fail "$1 is $(shows "$1"), not $2"; }
sql() { runuser -u postgres -- psql -XAtq -d postgres -c "$1"; }

say "install; nothing starts by itself"
quietly apt-get install -y ./*.deb
is ActiveState inactive
echo "shared_preload_libraries = 'watchdog'" >/etc/postgresql/15/main/conf.d/watchdog.conf
quietly systemctl restart postgresql@15-main
quietly sql "CREATE EXTENSION watchdog"

say "a mistake in conmgr.conf: the unit fails and stays so"
if systemctl start $unit 2>/dev/null; then fail "started without an instance"; fi
gave_up() { [ "$(systemctl is-failed $unit)" = failed ]; }
await "systemd gives up" gave_up
printf "backend_host0 = 'localhost'\nbackend_port0 = 5432\nheartbeat_interval = 1\nheartbeat_timeout = 3\n" >>$config
systemctl reset-failed $unit

say "start, status, a way to the server"
quietly systemctl enable --now $unit
is ActiveState active
is Type notify
await "the status names the primary" status_is "primary: 0 (localhost:5432); 1 of 1 instances alive"
sql "ALTER ROLE postgres PASSWORD 'x'"
PGPASSWORD=x conmgr-exec psql -XAtq "host=localhost port=27546 dbname=postgres user=postgres target_session_attrs=primary" -c 'SELECT 1' |
	grep -qx 1 || fail "no way through conmgr"
pid=$(shows MainPID)
[ "$(stat -c %U "/proc/$pid")" = conmgr ] || fail "conmgr runs as $(stat -c %U "/proc/$pid")"
grep -qx 'NoNewPrivs:	1' "/proc/$pid/status" && grep -qx 'Seccomp:	2' "/proc/$pid/status" || fail "no sandbox"
grep -qx 'CapBnd:	0000000000000000' "/proc/$pid/status" || fail "capabilities"

say "reload"
quietly systemctl reload $unit
echo "nonsense" >>$config
if systemctl reload $unit 2>/dev/null; then fail "a reload with a mistake succeeds"; fi
sed -i '$d' $config
is ActiveState active
is MainPID "$pid"

say "the server stops, and is back"
quietly systemctl stop postgresql@15-main
await "the status says so" status_is "no primary; 0 of 1 instances alive"
quietly systemctl start postgresql@15-main
await "the status says so again" status_is "primary: 0 (localhost:5432); 1 of 1 instances alive"

say "a crash: started again"
kill -KILL "$pid"
restarted() { [ "$(shows NRestarts)" = 1 ] && [ "$(shows ActiveState)" = active ]; }
await "conmgr is there again" restarted

say "a second instance set"
install -d -o root -g conmgr -m 750 /etc/conmgr/billing
sed 's/^#port.*//' $config | install -o root -g conmgr -m 640 /dev/stdin /etc/conmgr/billing/conmgr.conf
echo "port = 27646" >>/etc/conmgr/billing/conmgr.conf
quietly systemctl start conmgr@billing
quietly cm_ctl status -D /var/lib/conmgr/billing
quietly systemctl stop conmgr@billing
[ "$(systemctl show -P Result conmgr@billing)" = success ] || fail "the stop was no success"
quietly systemctl start conmgr@billing

say "an upgrade under it restarts nothing"
pid=$(shows MainPID)
quietly apt-get install -y --reinstall ./conmgr_*.deb
is MainPID "$pid"

say "remove, purge"
quietly apt-get remove -y conmgr
[ -z "$(pgrep -u conmgr || true)" ] || fail "conmgr runs although it was removed"
quietly apt-get purge -y conmgr
[ -z "$(find /etc /var/lib /usr /lib /run \( -path /var/lib/apt -o -path /var/cache \) -prune -o -name '*conmgr*' -print | grep -v libpq5-conmgr |
	grep -v libconmgr-jdbc | grep -v /usr/lib/conmgr | grep -v conmgr-)" ] || fail "left: $(find /etc /var/lib /run -name '*conmgr*')"
say "ok in $SECONDS s"
