#!/usr/bin/env bash
# postgresql-headers.sh FOLDER MAJOR...: fetches what compiling an extension for these major versions needs into FOLDER/MAJOR,
# unless it is there: from Debian's packages, unpacked, not installed. The newer suites are taken from the mirror that this
# machine's own apt uses, in a state of its own, so apt's lists stay as they are.
set -euo pipefail

folder=$1 && shift
missing=()
for major; do
	[ -e "$folder/$major/.complete" ] || missing+=("$major")
done
[ ${#missing[@]} -gt 0 ] || exit 0

mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | head -n 1
}
from=$(mirror)
[ -n "$from" ] || { apt-get -q update >&2 && from=$(mirror); }
[ -n "$from" ] || { echo "postgresql-headers: apt has no Debian mirror" >&2; exit 1; }

mkdir -p "$folder"
apt=$(mktemp -d "$(cd "$folder" && pwd)/apt.XXXXXX")
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" && : >"$apt/status"
for suite in trixie sid experimental; do
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $suite main"
done >"$apt/sources.list"
options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State=$apt/state"
	-o "Dir::Cache=$apt/cache" -o "Dir::State::status=$apt/status" -o APT::Sandbox::User=root -o Acquire::Languages=none
	# A mirror that stands still will do: these files are compiled against, not installed.
	-o Acquire::Check-Valid-Until=false)
apt-get "${options[@]}" update >&2

for major in "${missing[@]}"; do
	# The same version of all three; libpq-dev has no number in its name.
	version=$(apt-cache "${options[@]}" madison "postgresql-server-dev-$major" | awk -F' *[|] *' 'NR == 1 { print $2 }')
	[ -n "$version" ] || { echo "postgresql-headers: no suite has PostgreSQL $major" >&2; exit 1; }
	target=$folder/$major
	rm -rf "$target" && mkdir -p "$target/packages"
	(cd "$target/packages" && apt-get "${options[@]}" download \
		"postgresql-server-dev-$major=$version" "postgresql-client-$major=$version" "libpq-dev=$version" >&2)
	for package in "$target"/packages/*.deb; do
		dpkg-deb -x "$package" "$target"
	done
	rm -rf "$target/packages"
	echo "$version" >"$target/.complete"
done
