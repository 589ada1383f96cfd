#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No file is above 32 KB, but for the texts of licences, which are not ours to
# cut. Speaks TAP.
set -u
limit=32000
found=$(git ls-files -co --exclude-standard -- . ':!LICENSES' ':!docs/layout.md' |
	while IFS= read -r file; do
		[ -f "$file" ] || continue
		size=$(wc -c <"$file")
		if [ "$size" -gt $limit ]; then
			echo "# $file has $size bytes"
		fi
	done)
if [ -n "$found" ]; then
	printf '%s\nnot ok 1 - no file is above 32 KB\n' "$found"
else
	echo 'ok 1 - no file is above 32 KB'
fi
echo 1..1
