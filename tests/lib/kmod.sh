# SPDX-License-Identifier: GPL-2.0-or-later
#
# Module builds: copies the sources of the kernel modules and runs make; to be sourced.
# It does not load or install modules.
# shellcheck shell=sh

# kmod_copy DIRECTORY: replaces the sources there by those of the tree, with their
# times, so that make compiles changed files only.
kmod_copy() {
	mkdir -p "$1"
	find "$1" -name '*.[ch]' ! -name '*.mod.c' -delete
	git ls-files -co --exclude-standard kmod include |
		while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
		tar -cT - | tar -xC "$1"
}

# kmod_make KERNEL ARGUMENT...: runs make for the kernel of a guest. KERNEL is a
# directory for tests/vm/guest.sh.
kmod_make() {
	kernel=$1
	shift
	if [ -e "$kernel/arch" ]; then
		set -- ARCH="$(cat "$kernel/arch")" \
			CROSS_COMPILE="$(cat "$kernel/cross")" VMC_PHYP=m "$@"
	fi
	make "$@"
}

# kmod_clean OUTPUT COMMAND...: writes the output of the command to the file OUTPUT;
# fails if the command fails or prints a warning.
kmod_clean() {
	output=$1
	shift
	"$@" >"$output" 2>&1 || return 1
	! grep -iE 'warning|error' "$output" |
		grep -qv '^warning: the compiler differs'
}
