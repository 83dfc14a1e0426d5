#!/usr/bin/env bash
# The last lines of make check: what Surefire counted, per module and together.
set -euo pipefail
shopt -s nullglob
passed=0 failed=0 skipped=0
for module in */target/surefire-reports; do
	counts=$(sed -n 's/^Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\),.*/\1 \2 \3 \4/p' /dev/null "$module"/*.txt |
		awk '{ run += $1; bad += $2 + $3; skip += $4 } END { print run - bad - skip, bad + 0, skip + 0 }')
	read -r good bad skip <<<"$counts"
	printf '%-18s %5d passed, %d failed, %d skipped\n' "${module%%/*}" "$good" "$bad" "$skip"
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
