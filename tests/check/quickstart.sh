#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The first command of the README, in a copy of the tree: it ends with the line
# that the hypervisor sent back, also the second time, and leaves nothing.
# Speaks TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

check() {
	number=$((number + 1))
	if sh "$work/examples/quickstart.sh" >"$work/output" 2>&1 &&
		[ "$(tail -n 1 "$work/output")" = 'hello, hypervisor' ]; then
		echo "ok $number - $1"
	else
		sed 's/^/# /' "$work/output"
		echo "not ok $number - $1"
	fi
}

git ls-files -co --exclude-standard | while IFS= read -r file; do
	[ ! -f "$file" ] || echo "$file"
done | tar -cT - | tar -xC "$work"
check 'the quick start, from a fresh copy'
check 'the quick start, once more'
echo "1..$number"
