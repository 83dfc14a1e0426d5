#!/usr/bin/env bash
# regress.sh SOURCE FOLDER HOST PORT DATABASE: PostgreSQL's regression tests against a server that runs, in a database that is
# there, as user postgres; SOURCE is PostgreSQL's source. Prints "ok NAME" or "not ok NAME" for each test, sorted; what pg_regress itself
# says, and its differences, stay in FOLDER. A test that fails is no error of this script.
set -euo pipefail

source=$1/src/test/regress
folder=$2
installed=/usr/lib/postgresql/15
mkdir -p "$folder"
# The tests load these two of contrib by the path of the first.
ln -sf "$installed/lib/autoinc.so" "$installed/lib/refint.so" "$folder/"
cc -w -O1 -shared -fPIC -I /usr/include/postgresql/15/server -o "$folder/regress.so" "$source/regress.c"
cd "$folder"
"$installed/lib/pgxs/src/test/regress/pg_regress" --inputdir="$source" --outputdir="$folder" --dlpath="$folder" --bindir="$installed/bin" \
	--schedule="$source/parallel_schedule" --max-concurrent-tests=20 \
	--use-existing --host="$3" --port="$4" --user=postgres --dbname="$5" >pg_regress.out 2>&1 || true
sed -En 's/^(test|    ) +([a-z0-9_]+) +\.\.\. (ok|FAILED).*/\3 \2/p' pg_regress.out | sed 's/^FAILED/not ok/' | sort
