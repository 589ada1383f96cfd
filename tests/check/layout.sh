#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layout: expects that docs/layout.md is the output of tests/lib/layout.py. It does not
# write the file. Prints TAP.
set -u
if python3 tests/lib/layout.py | diff -u docs/layout.md - | sed 's/^/# /' |
	grep .; then
	echo '# to update: python3 tests/lib/layout.py >docs/layout.md'
	echo 'not ok 1 - docs/layout.md is current'
else
	echo 'ok 1 - docs/layout.md is current'
fi
echo 1..1
