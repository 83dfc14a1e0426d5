#!/usr/bin/env bash
# usage: relocate-postgresql.sh PG_CONFIG TARGET
# Copies an installed PostgreSQL to TARGET, so that tests install extensions there and not into the system. PostgreSQL finds
# its files relative to its programs, so the copy keeps their relative positions below what the folders have in common.
# Prints that common folder. TARGET/bin leads to the programs.
set -euo pipefail
config=$1 target=$2
bin=$("$config" --bindir) lib=$("$config" --pkglibdir) share=$("$config" --sharedir)

common=$bin
for folder in "$lib" "$share"; do
	while [ "${folder#"$common"/}" = "$folder" ]; do common=${common%/*}; done
done
[ -n "$common" ] || { echo "PostgreSQL's folders have nothing in common: $bin $lib $share" >&2; exit 1; }

stamp=$("$config" --version; stat -c '%Y' "$bin/postgres"; cat "$share/extension/pljava.control" 2>/dev/null || true)
if [ "$(cat "$target/.stamp" 2>/dev/null)" != "$stamp" ]; then
	rm -rf "$target"
	for folder in "$bin" "$lib" "$share"; do
		part=${folder#"$common"/}
		mkdir -p "$target/$part"
		# What only compiling or inlining needs stays behind: it is most of the size.
		tar -C "$folder" --exclude ./pgxs --exclude ./bitcode --exclude ./man -cf - . | tar -C "$target/$part" -xf -
	done
	[ -e "$target/bin" ] || ln -s "${bin#"$common"/}" "$target/bin"
	echo "$stamp" >"$target/.stamp"
fi
echo "$common"
