#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Licences: expects that every file names its licence in its first three lines. It does
# not compare the licences. Prints TAP.
set -u
tag='SPDX-License-Ident''ifier'
found=$(git ls-files -co --exclude-standard -- . ':!LICENSES' \
	':!.gitignore' |
	while IFS= read -r file; do
		[ -f "$file" ] || continue
		head -n 3 "$file" | grep -q "$tag" || echo "# $file"
	done)
if [ -n "$found" ]; then
	printf '%s\nnot ok 1 - every file names its licence\n' "$found"
else
	echo 'ok 1 - every file names its licence'
fi
echo 1..1
