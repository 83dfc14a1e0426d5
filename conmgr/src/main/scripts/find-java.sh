# Read by conmgr and cm_ctl: sets "java" to a Java 17 or newer, "prefix" to the folder that we are installed in.
# A Java's version is read from its file "release": starting each candidate to ask it would cost more than cm_ctl itself.

java_major() {
	[ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
	version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
	[ -n "$version" ] && [ "$version" -ge 17 ]
}

find_java() {
	in_path=$(command -v java || true)
	[ -z "$in_path" ] || in_path=$(readlink -f "$in_path")
	for home in "${JAVA_HOME:-}" "${in_path%/bin/java}" /usr/lib/jvm/*; do
		if [ -n "$home" ] && java_major "$home"; then
			java=$home/bin/java
			return
		fi
	done
	echo "${0##*/}: no Java 17 or newer found (JAVA_HOME, PATH, /usr/lib/jvm)" >&2
	echo "HINT:  Install a headless Java run-time, such as openjdk-17-jre-headless, or set JAVA_HOME." >&2
	exit 1
}

find_java
