#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layout: expects that docs/layout.md is the output of tests/lib/layout.py, and that
# each source file of the product has a name of its own. It does not write the file.
# Prints TAP.
set -u

# Names that each module or folder may have (docs/decisions.md).
repeated='debugfs.c
internal.h
main.c'

if python3 tests/lib/layout.py | diff -u docs/layout.md - | sed 's/^/# /' |
	grep .; then
	echo '# to update: python3 tests/lib/layout.py >docs/layout.md'
	echo 'not ok 1 - docs/layout.md is current'
else
	echo 'ok 1 - docs/layout.md is current'
fi

found=$(git ls-files -co --exclude-standard -- 'kmod/*.[ch]' 'vmcfs/*.[ch]' \
	'vmcctl/*.[ch]' 'include/*.[ch]' | while IFS= read -r file; do
	[ ! -f "$file" ] || echo "${file##*/}"
done | sort | uniq -d | grep -vxF "$repeated")
if [ -z "$found" ]; then
	echo 'ok 2 - each source file has a name of its own'
else
	printf '%s\n' "$found" | sed 's/^/# /'
	echo '# two files have that name: choose one that says more'
	echo 'not ok 2 - each source file has a name of its own'
fi
echo 1..2
