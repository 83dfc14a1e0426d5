#!/usr/bin/env bash
# usage: check-traversal.sh PROGRAM
# PostgreSQL refuses to run as root, so root's tests run it as the user postgres. Says which folder keeps that user out.
set -euo pipefail
[ "$(id -u)" = 0 ] || exit 0
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
as_postgres test -x "$1" && exit 0
folder=$1
while [ "$folder" != / ]; do
	folder=$(dirname "$folder")
	if [ -d "$folder" ] && as_postgres test -x "$(dirname "$folder")" && ! as_postgres test -x "$folder"; then
		echo "The user postgres cannot enter $folder, and the tests run PostgreSQL as that user." >&2
		echo "Put the checkout elsewhere, or: chmod o+x $folder" >&2
		exit 1
	fi
done
echo "The user postgres cannot run $1." >&2
exit 1
