#!/usr/bin/env bash
# usage: docker-engine.sh up|down (as root)
# up: prints the address of a Docker engine for tests. One that answers already (DOCKER_HOST or the usual socket) is used as it is;
# else a private one is started below build/engine: in a network namespace of its own, so that bridges, addresses and packet filters
# of the machine stay as they are, and with names of its own in containerd and the control groups. Where none can be started it says
# why in one line and ends with status 3.
# down: ends the private one and removes everything that was in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
engine=$PWD/build/engine
name=conmgr-$(printf %s "$engine" | cksum | cut -d' ' -f1)
socket=$engine/docker.sock

cannot() { echo "docker-engine: no engine can be started: $*" >&2; exit 3; }
# Never the number alone: it may be somebody else's by now.
is_alive() {
	[ -s "$engine/pid" ] && tr '\0' ' ' <"/proc/$(cat "$engine/pid")/cmdline" 2>/dev/null | grep -qF -- "--data-root $engine/data "
}
ask() { docker -H "unix://$socket" "$@"; }

up() {
	if ! is_alive && docker version >/dev/null 2>&1; then
		echo "${DOCKER_HOST:-unix:///var/run/docker.sock}"
		return
	fi
	is_alive && ask version >/dev/null 2>&1 && echo "unix://$socket" && return
	[ "$(id -u)" = 0 ] || cannot "that takes root"
	for program in dockerd docker ip nsenter; do
		command -v $program >/dev/null || cannot "there is no $program"
	done
	[ -n "$(find /sys/fs/cgroup -mindepth 1 -maxdepth 1 2>/dev/null | head -1)" ] || cannot "no control groups at /sys/fs/cgroup"
	# There the engine starts, but what it mounts does not get into a container: images, files, names.
	[ "$(awk '$5 == "/" { root = $4 } END { print root }' /proc/self/mountinfo)" = / ] || cannot "/ is a chroot, no file system's own root"
	down
	mkdir -p "$engine"
	ip netns add "$name" 2>"$engine/log" || cannot "$(tail -1 "$engine/log")"
	# Not "ip -n", which wants to change how / propagates, and may not in a chroot.
	nsenter --net="/run/netns/$name" ip link set lo up
	setsid nsenter --net="/run/netns/$name" dockerd --data-root "$engine/data" --exec-root "$engine/exec" --pidfile "$engine/pid" \
		-H "unix://$socket" --containerd-namespace "$name" --containerd-plugins-namespace "$name-plugins" \
		--cgroup-parent "/$name" >"$engine/log" 2>&1 </dev/null 9>&- &
	for _ in {1..300}; do
		is_alive && ask version >/dev/null 2>&1 && echo "unix://$socket" && return
		[ -e "/proc/$!" ] || break
		sleep 0.1
	done
	local reason
	reason=$(grep -E 'fail|level=(error|fatal)' "$engine/log" | tail -1 || tail -1 "$engine/log")
	down
	cannot "$reason"
}

down() {
	if is_alive; then
		local pid
		pid=$(cat "$engine/pid")
		ask ps -aq | xargs -r docker -H "unix://$socket" rm -fv >/dev/null || true
		kill "$pid" || true
		for _ in {1..150}; do [ -e "/proc/$pid" ] || break; sleep 0.1; done
		[ ! -e "/proc/$pid" ] || kill -KILL "$pid"
	fi
	ip netns del "$name" 2>/dev/null || true
	# What a crashed one has left mounted.
	awk -v below="$engine/" 'index($2, below) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r umount -l
	find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} \; 2>/dev/null || true
	rm -rf --one-file-system "$engine/data" "$engine/exec" "$engine/pid" "$socket"
}

mkdir -p "$PWD/build"
exec 9>"$PWD/build/engine.lock"
flock 9
case ${1-} in
up) up ;;
down) down ;;
*) echo "usage: docker-engine.sh up|down" >&2 && exit 2 ;;
esac
