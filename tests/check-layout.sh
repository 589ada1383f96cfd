#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The layout in docs/layout.md, of the tests in docs/layout-tests.md and of the
# emulated machines in docs/layout-vm.md is that of the tree: each file and each
# directory stands there, nothing else does. In the block between the markers, a
# line that begins with a directory's path, and a slash, is followed by indented
# lines that each begin with the name of a file in it; "name.[ch]" is name.c and
# name.h; a "*" in a name stands for anything, where there are many of a kind.
# Behind each stands what it is. Speaks TAP.
set -u
documents='docs/layout.md docs/layout-tests.md docs/layout-vm.md'
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
# shellcheck disable=SC2086 # words wanted
sed -n '/^<!-- layout begins -->$/,/^<!-- layout ends -->$/p' $documents |
	awk '
		NF < 2 || /^[<`]/ { next }
		/^[^ ]/ {
			directory = $1 == "./" ? "" : $1
			if (directory)
				print directory
			next
		}
		sub(/\.\[ch\]$/, "", $1) {
			print directory $1 ".c"
			$1 = $1 ".h"
		}
		{ print directory $1 }' |
	while IFS= read -r path; do
		case $path in
		*'*'*)
			# shellcheck disable=SC2086 # a pattern
			printf '%s\n' $path
			;;
		*) echo "$path" ;;
		esac
	done | sort >"$work/document"

echo "# paths: $(wc -l <"$work/tree") in the tree"
if ! [ -s "$work/document" ]; then
	echo 'not ok 1 - there is a layout'
elif diff "$work/document" "$work/tree" >"$work/differences"; then
	echo 'ok 1 - the layout lists the tree'
else
	sed -n -e "s,^<,# only in the layout:,p" -e "s,^>,# only in the tree:,p" \
		"$work/differences"
	echo 'not ok 1 - the layout lists the tree'
fi
echo 1..1
