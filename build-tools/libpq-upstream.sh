#!/usr/bin/env bash
# libpq-upstream.sh FOLDER: PostgreSQL's own test programs for libpq, from Debian's source package, compiled in the folder:
# libpq_pipeline, libpq_uri_regress, libpq_testclient; the sources stay in FOLDER/source. apt's state is one of our own.
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd)
[ ! -e "$folder/libpq_testclient" ] || exit 0
cd "$folder"

mkdir -p apt/lists/partial apt/archives/partial
sed -s 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >apt/debian.sources 2>/dev/null || rm -f apt/debian.sources
sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >apt/debian.list 2>/dev/null || true
sources=$folder/apt/debian.list
[ ! -s apt/debian.sources ] || sources=$folder/apt/debian.sources
apt=(-q -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt" -o "Dir::Etc::SourceList=$sources"
	-o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root)
apt-get "${apt[@]}" update >&2
# A mirror may lack the newest: any of this major version will do.
for version in $(apt-cache "${apt[@]}" showsrc postgresql-15 | sed -n 's/^Version: //p' | sort -ruV); do
	apt-get "${apt[@]}" source --tar-only --download-only "postgresql-15=$version" >&2 && break
done
mkdir -p source
tar xf postgresql-15_*.orig.tar.* --strip-components=1 -C source
rm postgresql-15_*.orig.tar.*

compile() {
	cc -w -O1 -I /usr/include/postgresql -I /usr/include/postgresql/15/server -I /usr/include/postgresql/internal \
		-o "$folder/$(basename "$1" .c)" "source/$1" -L /usr/lib/postgresql/15/lib -lpgcommon -lpgport -lpq
}
compile src/test/modules/libpq_pipeline/libpq_pipeline.c
compile src/interfaces/libpq/test/libpq_uri_regress.c
compile src/interfaces/libpq/test/libpq_testclient.c
