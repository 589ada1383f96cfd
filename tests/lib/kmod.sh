# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Builds of the kernel modules for tests; to be sourced.

# kmod_copy DIRECTORY: copies the sources over the files there.
kmod_copy() {
	mkdir -p "$1"
	git ls-files -co --exclude-standard kmod include |
		while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
		tar -cT - | tar -xC "$1"
}

# kmod_make KERNEL ARGUMENT...: runs make for the kernel of a guest. KERNEL is a
# directory as for tests/vm/guest.sh.
kmod_make() {
	kernel=$1
	shift
	if [ -e "$kernel/arch" ]; then
		set -- ARCH="$(cat "$kernel/arch")" \
			CROSS_COMPILE="$(cat "$kernel/cross")" VMC_PHYP=m "$@"
	fi
	make "$@"
}

# kmod_clean OUTPUT COMMAND...: succeeds if the command does, without a warning. Its
# output is in the file OUTPUT.
kmod_clean() {
	output=$1
	shift
	"$@" >"$output" 2>&1 || return 1
	! grep -iE 'warning|error' "$output" |
		grep -qv '^warning: the compiler differs'
}
