#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Quickstart: expects that examples/quickstart.sh, in a copy of the tree, ends with the
# line that the hypervisor returned, also the second time, and that it installs the
# package of each library that the build requires. It does not run on a machine without
# these packages. Prints TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# check SENTENCE: runs the quickstart; one test.
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
check 'the quickstart returns the line from a fresh copy'
check 'the quickstart returns the line with an existing build'

# libraries: prints the required ones of meson.build, by their names in pkg-config.
libraries() {
	grep -v get_option meson.build |
		sed -n "s/.*dependency('\([^']*\)', version.*/\1/p"
}

number=$((number + 1))
missing=$(for library in $(libraries); do
	package=$(dpkg-query -S "*/pkgconfig/$library.pc" | sed 's/:.*//')
	grep -qw -- "$package" examples/quickstart.sh || echo "# $library: $package"
done)
if [ -z "$missing" ] && [ "$(libraries | wc -l)" -ge 3 ]; then
	echo "ok $number - the quickstart installs each required library"
else
	echo "$missing"
	echo "not ok $number - the quickstart installs each required library"
fi
echo "1..$number"
