#!/bin/sh
# generate.sh LIBPQ FOLDER OBJECT...: writes into FOLDER what depends on the libpq that we stand in front of:
#   forwarders.S   one forwarder for each function that libpq exports and the OBJECTs do not define
#   data.c         what it exports besides functions
#   exports.map    exactly its symbols, with their versions, and ours
# Names are all that is needed, so no header has to fit: an argument that is a handle is exchanged, all else passes as it is.
set -eu

libpq=$1
folder=$2
shift 2

# name, version ("-": none), type, size of each symbol that the library defines
LC_ALL=C readelf -W --dyn-syms "$libpq" | awk '
	$7 != "UND" && $7 != "ABS" && ($5 == "GLOBAL" || $5 == "WEAK") && ($4 == "FUNC" || $4 == "OBJECT") {
		split($8, part, /@+/)
		print part[1], (part[2] == "" ? "-" : part[2]), $4, $3
	}' | sort -u >"$folder/exports.txt"
[ -s "$folder/exports.txt" ] || {
	echo "generate.sh: $libpq exports nothing" >&2
	exit 1
}

# what we define ourselves
LC_ALL=C readelf -W --syms "$@" | awk '$6 == "DEFAULT" && $7 != "UND" && $5 == "GLOBAL" && $4 == "FUNC" { print $8 }' |
	sort -u >"$folder/ours.txt"

awk 'NR == FNR { ours[$1]; next }
	$3 == "FUNC" && !($1 in ours) { printf "FORWARD(%s, %d)\n", $1, number++ }
	END { printf "FORWARDED(%d)\n", number }' "$folder/ours.txt" "$folder/exports.txt" >"$folder/forwarders.list"

{
	echo '#include "forward.h"'
	cat "$folder/forwarders.list"
} >"$folder/forwarders.S"

{
	echo '#include "data.h"'
	awk '$3 == "OBJECT" { printf "CM_EXPORT const void *%s[%d / sizeof(void *)];\n", $1, $4 }' "$folder/exports.txt"
	echo 'const CmData cm_data[] = {'
	awk '$3 == "OBJECT" { printf "\t{\"%s\", %s, sizeof(%s)},\n", $1, $1, $1 }' "$folder/exports.txt"
	echo '	{NULL, NULL, 0}};'
} >"$folder/data.c"

awk '
	BEGIN { ours = "\t\tPQcmSocket;\n\t\tPQcmLastHost;\n" }
	{ names[$2] = names[$2] "\t\t" $1 ";\n" }
	END {
		if (length(names) == 1 && "-" in names) {
			printf "{\n\tglobal:\n%s%s\tlocal: *;\n};\n", names["-"], ours
			exit
		}
		for (version in names)
			if (version != "-")
				printf "%s {\n\tglobal:\n%s};\n", version, names[version]
		printf "LIBPQCM_1 {\n\tglobal:\n%s%s\tlocal: *;\n};\n", names["-"], ours
	}' "$folder/exports.txt" >"$folder/exports.map"
