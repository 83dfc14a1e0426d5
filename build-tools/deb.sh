#!/usr/bin/env bash
# Makes the Debian packages in build/deb; "make deb" calls it, with JAVA_HOME, PG_CONFIG and VERSION. Any user may.
set -euo pipefail
CONMGR_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG=$("$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
export CONMGR_ROOT PG PG_CONFIG VERSION JAVA_HOME
deb=$CONMGR_ROOT/build/deb
src=$deb/src

rm -rf "$src"
mkdir -p "$src"
rm -f "$deb"/*.deb "$deb"/*.changes "$deb"/*.buildinfo
# Objects that were made for another PostgreSQL, or without hardening, stay behind.
tar -C "$CONMGR_ROOT" --exclude build --exclude '*.o' --exclude '*.so' --exclude target -cf - \
	debian extension-control libpqcm sql docs conmgr-jdbc/README.md README.md CHANGELOG.md | tar -C "$src" -xf -

for file in "$src"/debian/postgresql-NN-*; do
	mv "$file" "${file/NN/$PG}"
done
sed -i "s/@PG@/$PG/g; s/@VERSION@/$VERSION/g" "$src"/debian/control.in "$src"/debian/postgresql-* "$src"/debian/*.links
mv "$src/debian/control.in" "$src/debian/control"

# The pom's date, so that the same sources give the same packages.
date=$(sed -n 's|.*<project.build.outputTimestamp>\(.*\)</project.build.outputTimestamp>.*|\1|p' "$CONMGR_ROOT/pom.xml")
cat >"$src/debian/changelog" <<END
pgconmgr ($VERSION-1) unstable; urgency=medium

  * Version $VERSION; its changes are in changelog.gz.

 -- $(sed -n 's/^Maintainer: //p' "$src/debian/control")  $(date -u -d "$date" -R)
END

cd "$src"
dpkg-buildpackage -b -us -uc -rfakeroot >"$deb/build.log" 2>&1 || { tail -40 "$deb/build.log"; exit 1; }
for package in "$deb"/*.deb; do
	echo "$package"
done
