#!/bin/sh
# Runs the SQL tests against a server that is up.
#
#   sql/test/run.sh preloaded         the server has shared_preload_libraries = 'watchdog'
#   sql/test/run.sh without_preload   it has not
#
# The server is found by libpq's environment (PGHOST, PGPORT, PGUSER, PGDATABASE);
# the user must be a superuser.  PSQL names the psql to use.  --accept writes the
# result as the new expectation.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
test=${1:?which test: preloaded or without_preload}
expected="$here/expected/$test.out"
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

"${PSQL:-psql}" -X -a -q -v ON_ERROR_STOP=0 -f "$here/sql/$test.sql" 2>&1 |
    sed 's/^psql:[^ ]*: //' > "$actual"

if [ "${2:-}" = --accept ]; then
    cp "$actual" "$expected"
    echo "written: $expected"
elif diff -u "$expected" "$actual"; then
    echo "$test: passed"
else
    echo "$test: FAILED"
    exit 1
fi
