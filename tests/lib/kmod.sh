# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# How tests build the kernel modules, and look at it; to be sourced.

# kmod_copy DIRECTORY: the sources, over what is there.
kmod_copy() {
	mkdir -p "$1"
	git ls-files -co --exclude-standard kmod include |
		while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
		tar -cT - | tar -xC "$1"
}

# kmod_make KERNEL ARGUMENT...: make, with what a guest's kernel needs to be built
# for: KERNEL is a directory as tests/vm/guest.sh wants it.
kmod_make() {
	kernel=$1
	shift
	if [ -e "$kernel/arch" ]; then
		set -- ARCH="$(cat "$kernel/arch")" \
			CROSS_COMPILE="$(cat "$kernel/cross")" VMC_PHYP=m "$@"
	fi
	make "$@"
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
