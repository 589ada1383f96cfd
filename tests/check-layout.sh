#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The layout in docs/architecture.md is that of the tree: each file and each
# directory stands there, nothing else does. An entry is a line that begins, in
# the block between the markers, with the path and goes on with what it is. A
# directory's path ends in a slash; "name.[ch]" is name.c and name.h. Speaks TAP.
set -u
document=docs/architecture.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

git ls-files -co --exclude-standard | while IFS= read -r file; do
	[ -f "$file" ] || continue
	echo "$file"
	while directory=$(dirname "$file") && [ "$directory" != . ]; do
		echo "$directory/"
		file=$directory
	done
done | sort -u >"$work/tree"
sed -n '/^<!-- layout begins -->$/,/^<!-- layout ends -->$/p' "$document" |
	sed -n 's/^\([^ `<][^ ]*\)  *[^ ].*/\1/p' |
	sed -e 'p; s/\.\[ch\]$/.h/; t; d' | sed 's/\.\[ch\]$/.c/' |
	sort >"$work/document"

echo "# paths: $(wc -l <"$work/tree") in the tree"
if ! [ -s "$work/document" ]; then
	echo "not ok 1 - $document has a layout"
elif diff "$work/document" "$work/tree" >"$work/differences"; then
	echo "ok 1 - $document lists the tree"
else
	sed -n -e "s/^</# only in $document:/p" -e 's/^>/# only in the tree:/p' \
		"$work/differences"
	echo "not ok 1 - $document lists the tree"
fi
echo 1..1
