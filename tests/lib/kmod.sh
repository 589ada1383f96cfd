# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# How tests look at a build of the kernel modules; to be sourced.

# kmod_copy DIRECTORY: the sources, fresh.
kmod_copy() {
	rm -rf "$1"
	mkdir "$1"
	git ls-files -co --exclude-standard kmod include |
		while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
		tar -cT - | tar -xC "$1"
}

# kmod_clean OUTPUT COMMAND...: does it succeed, and warn of nothing? What it said
# is in OUTPUT.
kmod_clean() {
	output=$1
	shift
	"$@" >"$output" 2>&1 || return 1
	! grep -iE 'warning|error' "$output" |
		grep -qv '^warning: the compiler differs'
}
