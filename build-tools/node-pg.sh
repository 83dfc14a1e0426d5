#!/usr/bin/env bash
# node-pg.sh FOLDER: prints where Node.js finds the driver "pg": Debian's package node-pg, else from npm's registry into FOLDER.
set -euo pipefail

version=8.23.1
for modules in /usr/share/nodejs "$1/node_modules"; do
	if NODE_PATH=$modules node -e 'require("pg")' 2>/dev/null; then
		echo "$modules"
		exit
	fi
done
mkdir -p "$1"
npm install --silent --no-audit --no-fund --no-save --prefix "$1" "pg@$version" >&2
echo "$1/node_modules"
