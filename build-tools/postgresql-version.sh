#!/usr/bin/env bash
# postgresql-version.sh MAJOR: builds the extension for another major version of PostgreSQL, with the headers of
# build/headers/MAJOR. If there is a server in build/servers/MAJOR, the extension is installed into a copy of it, build/pg/MAJOR,
# which gets the programs that the tests use besides. JAVA_HOME, WATCHDOG_JAR.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

major=$1
headers=$PWD/build/headers/$major pg=$PWD/build/pg/$major work=$PWD/build/extension/$major
[ -e "$headers/.complete" ] || { echo "postgresql-version: no headers in $headers" >&2; exit 1; }

# A server of other headers or of another version is none of ours.
stamp=$(cat "$headers/.complete" "build/servers/$major/.version" 2>/dev/null || true)
if [ "$(cat "$work/.stamp" 2>/dev/null)" != "$stamp" ]; then
	rm -rf "$work" "$pg" "build/pg/template-$major"
	mkdir -p "$work" "$pg/bin"
	[ ! -e "build/servers/$major" ] || cp -a "build/servers/$major/." "$pg/"
	echo "$stamp" >"$work/.stamp"
fi

# The packaged one needs the libc of its own suite, and knows nothing of a server that was moved.
cat >"$pg/bin/pg_config" <<-END
	#!/bin/sh
	case \$1 in
	--version) echo "PostgreSQL $major" ;;
	--bindir) echo "$pg/bin" ;;
	--libdir) echo "$pg/lib" ;;
	--pkglibdir) echo "$pg/lib/postgresql" ;;
	--sharedir) echo "$pg/share/postgresql" ;;
	--includedir | --pkgincludedir) echo "$headers/usr/include/postgresql" ;;
	--includedir-server) echo "$headers/usr/include/postgresql/$major/server" ;;
	--pgxs) echo "$headers/usr/lib/postgresql/$major/lib/pgxs/src/makefiles/pgxs.mk" ;;
	*) echo "$pg/none" ;;
	esac
END
chmod 755 "$pg/bin/pg_config"
cp build-tools/stand-ins/* "$pg/bin/"
ln -sf "$PWD/build/pg/15/bin/psql" "$pg/bin/psql"

# With their times, so only what is newer is compiled again. Newer suites' flags are for newer compilers.
tar -cf - --exclude '*.o' --exclude '*.so' --exclude extension-control/tests extension-control sql | tar -C "$work" -xf -
goal=all && [ ! -e "$pg/bin/postgres" ] || goal=install
make -s -C "$work/extension-control" PG_CONFIG="$pg/bin/pg_config" with_llvm=no \
	CFLAGS='-O2 -g -Wall -fno-strict-aliasing -fwrapv -fexcess-precision=standard' "$goal"
[ "$goal" = all ] || build-tools/check-traversal.sh "$pg/bin/postgres"
