#!/usr/bin/env bash
# libpq-sources.sh FOLDER: PostgreSQL's own tests of libpq, fetched from Debian's source package and compiled in the folder. The
# lists of this machine's apt stay as they are: its state for this is in the folder. Does nothing when all is there.
set -euo pipefail

folder=$1
mkdir -p "$folder"
cd "$folder"
[ ! -x libpq_pipeline ] || [ ! -x libpq_uri_regress ] || exit 0

mkdir -p state/lists/partial cache/archives/partial
shopt -s nullglob
# The same archives, for sources.
for list in /etc/apt/sources.list.d/*.sources; do sed 's/^Types:.*/Types: deb-src/' "$list"; echo; done >all.sources
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
	if [ -e "$list" ]; then sed -n 's/^deb /deb-src /p' "$list"; fi
done >all.list
mkdir -p parts && mv all.sources all.list parts/
apt=(-q -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$PWD/parts" -o "Dir::State=$PWD/state"
	-o "Dir::Cache=$PWD/cache" -o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User=root)
apt-get "${apt[@]}" update
# The newest whose files the archive (or its mirror) has; the tests of one major version change little.
for version in $(apt-cache "${apt[@]}" showsrc postgresql-15 | sed -n 's/^Version: //p' | sort -ruV); do
	if apt-get "${apt[@]}" source --download-only "postgresql-15=$version"; then break; fi
done

rm -rf source && mkdir source
tar xf postgresql-15_*.orig.tar.* -C source --strip-components=1 --wildcards '*/src/test/modules/libpq_pipeline' \
	'*/src/interfaces/libpq/test' '*/src/interfaces/libpq/t'
libdir=$(/usr/lib/postgresql/15/bin/pg_config --pkglibdir)
compile() {
	gcc -O1 -g -I"$(/usr/lib/postgresql/15/bin/pg_config --includedir-server)" -I"$(pg_config --includedir)" -o "$2" "$1" \
		-lpq "$libdir/libpgcommon.a" "$libdir/libpgport.a"
}
compile source/src/interfaces/libpq/test/libpq_uri_regress.c libpq_uri_regress
compile source/src/test/modules/libpq_pipeline/libpq_pipeline.c libpq_pipeline
